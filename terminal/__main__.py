"""`python -m terminal`."""

from terminal.app.cli import main, parser

__all__ = ["main", "parser"]

if __name__ == "__main__":
    main()
