"""Packs over files of orders: what a change of rules moves, and how fast a pack decides."""
