"""Payments written inside a given transaction."""
