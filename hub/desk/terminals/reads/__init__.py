"""What pages and commands show of terminals."""
