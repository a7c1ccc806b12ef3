"""Monthly claims of companies against the fund, and their review by hospitals."""
