"""The cases that a pack carries: what they ask, how they come out, and where that differs."""
