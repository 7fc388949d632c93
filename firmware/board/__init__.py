"""What differs from board to board: pins, serial lines, network, clock, watchdog."""
