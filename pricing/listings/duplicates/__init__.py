"""The same thing listed twice: which listing is kept, and the window in which companies object."""
