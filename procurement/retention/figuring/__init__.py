"""The figures of many lines at once."""
