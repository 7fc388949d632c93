"""Invoices written and read inside a given transaction."""
