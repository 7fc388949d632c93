"""Invoices without a database: lines, taxes, faults, words of an amount, and the files of GST."""
