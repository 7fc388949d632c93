"""What follows once prices stand: tax, credit, approvals and allocation."""
