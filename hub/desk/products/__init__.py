"""Products: what is sold, and the catalogue that terminals fetch."""
