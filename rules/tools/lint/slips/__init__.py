"""Slips of the pen: what is written and surely meant otherwise, and files that nobody reads."""
