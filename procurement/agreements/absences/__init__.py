"""Hospitals that have not brought a lot's winner in (未进院), and the reminders they were sent."""
