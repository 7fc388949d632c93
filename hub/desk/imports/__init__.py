"""Masters from files: read, checked, shown, and taken over row by row."""
