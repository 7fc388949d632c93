"""Invoices read for pages and files, in the reader's scope."""
