"""Users and sessions as rows, and passwords as hashes."""
