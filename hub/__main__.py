"""`python -m hub`: the hub's command line."""

import sys

from hub.run.command_line import main, parser

__all__ = ["main", "parser"]

if __name__ == "__main__":
    sys.exit(main())
