"""Do accounts, entries, agreements and orders say the same?"""
