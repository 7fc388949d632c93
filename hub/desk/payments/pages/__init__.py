"""Pages of payments: the list, taking one, one with what it pays, and its paper."""
