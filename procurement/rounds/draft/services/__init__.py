"""Verbs of the draft: sessions, turns, preference lists."""
