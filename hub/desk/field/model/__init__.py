"""Places, beats, entries of a phone and what a team's visits come to: without a database."""
