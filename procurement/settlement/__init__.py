"""Settlement: invoices, their payment by hospitals or from the fund, claims, statements."""
