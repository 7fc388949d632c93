"""What the hub does with its own settings."""
