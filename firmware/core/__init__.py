"""Codes, order, slips and outbox decisions: pure, the same on Python and MicroPython."""
