"""The page of working days."""
