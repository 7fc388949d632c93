"""Terminals as machines: what they tell of themselves."""
