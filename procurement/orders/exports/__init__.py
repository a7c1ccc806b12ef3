"""Rows of online purchasing for workbooks."""
