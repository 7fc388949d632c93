"""Targets: what a measure is to come to, of whom or of what, over which days."""
