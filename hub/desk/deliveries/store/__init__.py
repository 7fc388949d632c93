"""Delivery notes written, locked and moved on, inside a given transaction."""
