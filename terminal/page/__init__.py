"""The small page: the optional screen of a terminal, and what a test bench reads."""

from terminal.page.server import Page

__all__ = ["Page"]
