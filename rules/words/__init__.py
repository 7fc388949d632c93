"""Reasons as sentences: catalogues, one a language, and how the values in them are written."""
