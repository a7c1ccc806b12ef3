"""Shortages that hospitals report, what suppliers answer, substitutes, take-overs, breaches."""
