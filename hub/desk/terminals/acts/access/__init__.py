"""Which machine may speak as which terminal, and what its counter is set to."""
