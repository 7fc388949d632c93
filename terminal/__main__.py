"""`python -m terminal`."""

from terminal.app.cli import main

if __name__ == "__main__":
    main()
