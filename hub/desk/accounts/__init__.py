"""Accounts: the book of what customers owe."""
