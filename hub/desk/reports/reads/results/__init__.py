"""What came of the work of shops, terminals and distributors over a time."""
