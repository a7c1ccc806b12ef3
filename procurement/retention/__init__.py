"""Retained balance of hospitals (医保资金结余留用)."""
