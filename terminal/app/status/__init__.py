"""What a terminal says of itself to the hub."""

from terminal.app.status.writing import software, write_status

__all__ = ["software", "write_status"]
