"""What keeps a hub of several processes running, and tells of it."""
