"""Yearly evaluation of whether medical-service prices are adjusted."""
