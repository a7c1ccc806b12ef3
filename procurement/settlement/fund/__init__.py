"""What stands between the fund and each hospital: dues, direct payments, prepayments and their set-off."""
