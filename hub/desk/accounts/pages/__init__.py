"""What accounts show: where a customer stands, ageing, statements, and what is overdue."""

from dataclasses import dataclass
from datetime import date

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.accounts.reads import Standing, list_open, read_standing, sum_open
from hub.desk.accounts.reads.documents import OpenRow
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor
from hub.web.noun import WorkItem

_MOST = 8


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """Where a customer stands, what is open of it, the oldest first, and how much is overdue."""

    code: str
    standing: Standing
    open: tuple[OpenRow, ...]
    more: int
    overdue: int
    unallocated: int
    today: date


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfCustomer | None:
    """Read where a customer stands for whoever may see customers."""
    standing = read_standing(connection, key, scope=session.scope)
    if standing is None:
        return None
    today = moment_of(now_ms, read_distributor(connection).zone).day
    rows = list_open(connection, key, scope=session.scope)
    owed = [one for one in rows if one.open > 0]
    late = sum(one.open for one in owed if one.due and one.due < today)
    rest = -sum(one.open for one in rows if one.open < 0)
    return OfCustomer(
        key, standing, tuple(owed[:_MOST]), max(len(owed) - _MOST, 0), late, rest, today
    )


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many documents are overdue."""
    today = moment_of(now_ms, read_distributor(connection).zone).day
    count, _ = sum_open(connection, today=today, scope=session.scope)
    if not count:
        return None
    return WorkItem(count, words.counted("home.overdue", count), "/invoices?state=overdue")
