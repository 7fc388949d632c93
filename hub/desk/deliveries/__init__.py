"""Deliveries: confirmed orders picked, sent and brought, each on a delivery note."""
