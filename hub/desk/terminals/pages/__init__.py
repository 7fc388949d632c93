"""Pages about terminals, and the addresses that terminals fetch from."""
