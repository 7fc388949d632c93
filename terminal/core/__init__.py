"""What the terminal decides: no I/O, no clock, no randomness; all of them come as arguments."""
