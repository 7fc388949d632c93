"""The frames of pages: list, record and form, each made once and used by every noun."""
