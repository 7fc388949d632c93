"""Schemes over several lines of an order together."""
