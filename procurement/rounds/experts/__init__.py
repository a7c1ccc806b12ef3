"""Panels of experts: who scores, what they declared, their score sheets."""
