"""The terminal put together: devices, store, rules, page and the link to the hub."""

import terminal.app.machine.imports  # noqa: F401 -- before anything else imports the same
from terminal.app.settings import Settings
from terminal.app.terminal import Terminal

__all__ = ["Settings", "Terminal"]
