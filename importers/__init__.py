"""Workbooks in: read under guard, checked, previewed, applied."""
