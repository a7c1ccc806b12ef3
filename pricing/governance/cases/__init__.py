"""Inquiry and interview cases about listed prices (函询、约谈)."""
