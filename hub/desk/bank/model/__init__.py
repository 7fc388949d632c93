"""Bank statements without a database: reading the files of banks, and finding whose money it is."""
