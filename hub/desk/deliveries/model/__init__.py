"""Delivery notes without a database: their states, picking, outcomes, and on which day they go."""
