"""The index of names, kept in memory for each scope and made anew when masters have changed."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.base.history import history
from hub.desk.assistant.model.names import NameIndex
from hub.desk.assistant.reads.masters import read_entries
from hub.desk.parties.tables import party, party_mapping
from hub.desk.people.tables import user_account
from hub.desk.products.tables import product
from hub.desk.stock.tables import warehouse

_MASTERS: Final = (party, party_mapping, product, user_account, warehouse)
_MOST_KEPT: Final = 16
"""So many scopes keep an index; the one that was asked for longest ago goes first."""
_LASTS_MS: Final = 10 * 60_000
"""What leaves no trace in counts and history, as a new scheme, is known after so long."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An index with the counts of the masters and the newest change as it was made."""

    index: NameIndex
    counts: tuple[int, ...]
    newest: int
    made_ms: int


class NameIndexes:
    """Keeps one index a scope; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Scope, _Kept] = OrderedDict()

    def find(self, connection: Connection, *, scope: Scope, now_ms: int) -> NameIndex:
        """Give the names that a scope sees, as they stand; a person's own rows play no part."""
        key = replace(scope, user=None)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not _is_fresh(connection, kept, now_ms):
                kept = _make(connection, key, now_ms)
                self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return kept.index


def _make(connection: Connection, scope: Scope, now_ms: int) -> _Kept:
    newest = connection.execute(select(func.coalesce(func.max(history.c.id), 0))).scalar_one()
    counts = _counts(connection)
    return _Kept(NameIndex(read_entries(connection, scope=scope)), counts, newest, now_ms)


def _is_fresh(connection: Connection, kept: _Kept, now_ms: int) -> bool:
    """Say whether masters are as many as they were, and none was changed since."""
    if not 0 <= now_ms - kept.made_ms < _LASTS_MS or _counts(connection) != kept.counts:
        return False
    changed = select(history.c.id).where(
        history.c.id > kept.newest, history.c.noun.in_([one.name for one in _MASTERS])
    )
    return connection.execute(changed.limit(1)).first() is None


def _counts(connection: Connection) -> tuple[int, ...]:
    counted = (select(func.count()).select_from(one).scalar_subquery() for one in _MASTERS)
    return tuple(connection.execute(select(*counted)).one())
