"""Schemes as the engine holds them: their slabs, their bounds and the periods they count in."""
