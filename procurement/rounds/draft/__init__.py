"""The live draft of supply regions, turn by turn."""
