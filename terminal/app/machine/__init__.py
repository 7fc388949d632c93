"""Codes of the sheet that are about the machine itself: its sounds, network and software."""
