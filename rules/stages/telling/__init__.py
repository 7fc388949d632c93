"""What is told of a finished run where somebody reads it: its lines, and what more would give."""
