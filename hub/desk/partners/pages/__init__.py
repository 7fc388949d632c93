"""What partners see of their own, and how staff let them in."""
