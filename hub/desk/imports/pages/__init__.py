"""Pages of imports: a file is handed over, looked at, and taken."""
