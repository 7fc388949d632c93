"""Terminals as machines: what they tell of themselves, and groups of counters set alike."""
