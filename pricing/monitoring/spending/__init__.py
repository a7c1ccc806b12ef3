"""Spending, with how much of it stands in a class."""
