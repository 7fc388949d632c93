"""Work of stock that waits, as the first page tells of it: late, low, expiring, to be decided."""

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.stock.reads.work import count_work
from hub.web import formats
from hub.web.noun import WorkItem

_LISTS = {
    "late": "/stock/documents?state=dispatched&late=yes",
    "waiting": "/stock/documents?state=waiting&state=counted",
    "held": "/stock/batches?state=blocked&left=reserved",
    "low": "/stock?state=low",
    "near": "/stock/batches?state=near",
    "expired": "/stock/batches?state=expired",
}


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page what of stock waits for a person, each with the list it is done in."""
    day = formats.local(now_ms, read_distributor(connection).zone).date()
    counts = count_work(connection, today=day, scope=session.scope)
    said = {
        "late": words.counted("home.stock_late", counts["late"]),
        "waiting": words.counted("home.stock_waiting", counts["waiting"]),
        "held": words.counted("home.stock_held", counts["held"]),
        "low": words.counted("home.stock_low", counts["low"]),
        "near": words.counted("home.stock_near", counts["near"]),
        "expired": words.counted("home.stock_expired", counts["expired"]),
    }
    parts = tuple(
        WorkItem(counts[name], said[name], _LISTS[name]) for name in _LISTS if counts[name]
    )
    if not parts:
        return None
    total = sum(one.count for one in parts)
    return WorkItem(total, words.counted("home.stock", total), parts[0].address, parts)
