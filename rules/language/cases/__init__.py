"""Cases beside the rules: an order with its facts, and what must come out."""
