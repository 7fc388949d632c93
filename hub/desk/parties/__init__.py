"""Parties: one tree of whoever sells and buys."""
