"""Two packs over a file of orders: read once, decided by all cores, no more than needed."""
