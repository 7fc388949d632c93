"""Work of stock that waits, as the first page tells of it: late, near its expiry, to be decided."""

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.stock.reads.work import count_work
from hub.web import formats
from hub.web.noun import WorkItem

_WORDS = {
    "late": "home.stock_late",
    "waiting": "home.stock_waiting",
    "near": "home.stock_near",
    "expired": "home.stock_expired",
}
_LISTS = {
    "late": "/stock/documents?state=dispatched&late=yes",
    "waiting": "/stock/documents?state=waiting&state=counted",
    "near": "/stock/batches?state=near",
    "expired": "/stock/batches?state=expired",
}


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page what of stock waits for a person, each with the list it is done in."""
    day = formats.local(now_ms, read_distributor(connection).zone).date()
    counts = count_work(connection, today=day, scope=session.scope)
    parts = tuple(
        WorkItem(counts[name], words.counted(_WORDS[name], counts[name]), _LISTS[name])
        for name in _WORDS
        if counts[name]
    )
    if not parts:
        return None
    total = sum(one.count for one in parts)
    return WorkItem(total, words.counted("home.stock", total), parts[0].address, parts)
