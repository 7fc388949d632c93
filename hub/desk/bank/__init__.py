"""Bank statements: what came in at the bank, whose it is, and the payments that come of it."""
