"""The volume ledger: what was reported, agreed, ordered, delivered and paid, moved from stage to stage."""
