"""Notices to people: who hears of what, on a page or by mail, by rules that are data."""
