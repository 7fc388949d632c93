"""What a scanner read: products by every usual code, commands, or nothing usable."""
