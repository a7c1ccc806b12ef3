"""Reminders of volumes that hospitals still have to divide."""
