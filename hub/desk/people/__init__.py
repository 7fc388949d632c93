"""People: who signs in, in which roles."""
