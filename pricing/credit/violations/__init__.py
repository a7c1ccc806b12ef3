"""The violation list of rounds (集采违规名单), apart from ratings: who may not bid for a stated time."""
