"""What an order's page says of its terminal: which messages it was sent, and how far they came."""

from hub.base.access import Session
from hub.base.engine import Connection
from hub.desk.terminals.reads.told import read_told


def read_panel(connection: Connection, key: str, session: Session, *, now_ms: int) -> object:
    """Read what a terminal was told of an order; None where none was."""
    del now_ms
    return read_told(connection, key, scope=session.scope) or None
