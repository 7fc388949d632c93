"""The page of print runs."""
