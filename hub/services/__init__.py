"""Use cases: one verb, one module, one transaction."""
