"""Pages of rule packs."""
