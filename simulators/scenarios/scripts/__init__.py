"""Scenarios as small files: steps, faults and what is expected, read, checked and played."""
