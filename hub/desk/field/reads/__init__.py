"""Visits, beats and what a team's days come to, read in a person's scope."""
