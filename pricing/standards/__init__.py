"""Payment standards against the winning price (医保支付标准)."""
