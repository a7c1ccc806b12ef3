"""Figures of online purchasing: how suppliers answer and deliver, how hospitals pay, what is bought online."""
