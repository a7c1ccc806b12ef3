"""Verbs of panels: drawing up, scoring, handing over."""
