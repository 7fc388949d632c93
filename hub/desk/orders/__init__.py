"""Orders: the hub's own, from whatever source, with every revision kept."""
