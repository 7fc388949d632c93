"""How much work of stock waits, in the reader's scope."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.base.listing import Wanted
from hub.desk.stock.reads.documents import NEWEST_FIRST, count_documents
from hub.desk.stock.reads.overview import (
    BY_NAME,
    count_blocked,
    count_expiring,
    count_stock,
)


def count_work(connection: Connection, *, today: date, scope: Scope) -> Mapping[str, int]:
    """Count what is late, to be decided, held though not for sale, low, near expiry and past it.

    Each is the number of rows of the list that it leads to.
    """
    batches = count_expiring(connection, today=today, scope=scope)
    documents = count_documents(connection, Wanted(NEWEST_FIRST), today=today, scope=scope)
    late = count_documents(
        connection, Wanted(NEWEST_FIRST, chosen={"late": ("yes",)}), today=today, scope=scope
    )
    low = count_stock(
        connection, Wanted(BY_NAME, chosen={"state": ("low",)}), today=today, scope=scope
    )
    return {
        "held": count_blocked(connection, today=today, scope=scope),
        "low": low,
        "late": late.get("dispatched", 0),
        "waiting": documents.get("waiting", 0) + documents.get("counted", 0),
        "near": batches.get("near", 0),
        "expired": batches.get("expired", 0),
    }
