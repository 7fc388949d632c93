"""What stock shows on a product's page: what there is of it, by warehouse and batch."""

from collections.abc import Sequence

from hub.base.access import Session
from hub.base.engine import Connection
from hub.desk.stock.reads.products import BatchRow, read_batches


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> Sequence[BatchRow] | None:
    """Read the batches of the product; None where there are none, and for who is not staff."""
    del now_ms
    if not session.is_staff:
        return None
    return read_batches(connection, key, scope=session.scope) or None
