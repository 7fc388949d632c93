"""Schemes: the book of what schemes have given, and what terminals may give offline."""
