"""Lots and rounds that end without an award, by two persons."""
