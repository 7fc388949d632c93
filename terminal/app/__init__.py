"""The terminal put together: devices, store, rules, page and the link to the hub."""

from terminal.app.settings import Settings
from terminal.app.terminal import Terminal

__all__ = ["Settings", "Terminal"]
