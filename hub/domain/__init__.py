"""What the hub decides, as pure functions of frozen inputs: no I/O, no clock, no randomness."""
