"""What accounts show on a customer's page: how much credit it has, and how much is left of it."""

from hub.base.access import Session
from hub.base.engine import Connection
from hub.desk.accounts.reads import Standing, read_standing


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> Standing | None:
    """Read where a customer stands for whoever may see customers."""
    del now_ms
    return read_standing(connection, key, scope=session.scope)
