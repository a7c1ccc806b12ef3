"""Savings, each with what it is measured against."""
