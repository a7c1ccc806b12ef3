"""A round from its draft to the award: rule sets, evaluation, decisions, draws, draft and final award."""
