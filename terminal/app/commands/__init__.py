"""What the terminal's commands do that is more than a few lines."""
