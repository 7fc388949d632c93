"""What was given, and claims, written inside a given transaction."""
