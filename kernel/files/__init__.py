"""Attachments, kept once by their digest."""
