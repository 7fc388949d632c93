"""The index of names, kept in memory for each scope and made anew beside the questions.

Products, brands, categories and schemes are everybody's: one index of them serves all scopes.
Where masters have changed, the index of before answers until the new one is ready.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, Table, func, select

from hub.base.access import NOTHING, Scope
from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.base.history import history
from hub.desk.assistant.model.names import NameIndex
from hub.desk.assistant.reads.masters import read_goods, read_named
from hub.desk.parties.tables import HOUSE, party, party_mapping
from hub.desk.people.tables import user_account
from hub.desk.products.tables import product
from hub.desk.stock.tables import warehouse

_log = logging.getLogger(__name__)

_GOODS: Final = (product,)
_MASTERS: Final = (party, party_mapping, user_account, warehouse)
_MOST_KEPT: Final = 16
"""So many scopes keep an index; the one that was asked for longest ago goes first."""
_LASTS_MS: Final = 10 * 60_000
"""What leaves no trace in counts and history, as a new scheme, is known after so long."""
_EVERYBODY: Final = NOTHING
"""What the index of goods is kept under: it is made for no scope."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An index with the counts of its masters and the newest change as it was made."""

    index: NameIndex
    counts: tuple[int, ...]
    newest: int
    made_ms: int


class NameIndexes:
    """Keeps one index a scope; any thread may ask."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: OrderedDict[Scope, _Kept] = OrderedDict()
        self._guard = threading.Lock()
        self._making: dict[Scope, threading.Lock] = {}

    def begin(self, *, scope: Scope) -> None:
        """Make the index of goods and of a scope in a thread: the first question finds it.

        For everything, that is the scope of the house's own staff.
        """
        threading.Thread(target=self._make_first, args=(scope,), name="names", daemon=True).start()

    def find(self, connection: Connection, *, scope: Scope, wait: bool = False) -> NameIndex:
        """Give the names that a scope sees; a person's own rows play no part.

        They are those of the last look where masters have changed since, and are read anew in a
        thread; with `wait` they are read first.
        """
        key = replace(scope, user=None)
        goods = self._find(connection, _EVERYBODY, wait=wait)
        if key == NOTHING:
            return NameIndex(())
        return self._find(connection, key, wait=wait, goods=goods)

    def _find(
        self, connection: Connection, key: Scope, *, wait: bool, goods: NameIndex | None = None
    ) -> NameIndex:
        kept = self._kept.get(key)
        if kept is None:
            return self._make(connection, key, goods).index
        stale = not _is_fresh(connection, kept, _tables(key), now_ms=self._clock.now_ms())
        if stale or (goods is not None and kept.index.shared is not goods):
            if wait:
                return self._make(connection, key, goods, old=kept).index
            threading.Thread(
                target=self._renew, args=(key, goods, kept), name="names", daemon=True
            ).start()
        return kept.index

    def _make(
        self,
        connection: Connection,
        key: Scope,
        goods: NameIndex | None,
        *,
        old: _Kept | None = None,
    ) -> _Kept:
        """Make an index, one thread for each scope; who waited takes what another one made."""
        with self._guard:
            lock = self._making.setdefault(key, threading.Lock())
        with lock:
            kept = self._kept.get(key)
            if kept is not None and kept is not old:
                return kept
            kept = _read(connection, key, goods, now_ms=self._clock.now_ms())
            with self._guard:
                self._kept[key] = kept
                self._kept.move_to_end(key)
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            return kept

    def _renew(self, key: Scope, goods: NameIndex | None, old: _Kept) -> None:
        self._beside(lambda connection: self._make(connection, key, goods, old=old))

    def _make_first(self, scope: Scope) -> None:
        def make(connection: Connection) -> None:
            house = select(party.c.id).where(party.c.code == HOUSE)
            own = Scope(frozenset(connection.execute(house).scalars()))
            self.find(connection, scope=own if scope.everything else scope)

        self._beside(make)

    def _beside(self, work: Callable[[Connection], object]) -> None:
        """Work in a thread of its own; what fails there is done by the next question."""
        try:
            with self._database.read() as connection:
                work(connection)
        except Exception:  # noqa: BLE001  # the hub may be closing
            _log.info("names were not read anew", exc_info=True)


def _tables(key: Scope) -> tuple[Table, ...]:
    return _GOODS if key == _EVERYBODY else _MASTERS


def _read(connection: Connection, key: Scope, goods: NameIndex | None, *, now_ms: int) -> _Kept:
    newest = connection.execute(select(func.coalesce(func.max(history.c.id), 0))).scalar_one()
    counts = _counts(connection, _tables(key))
    read = read_goods if key == _EVERYBODY else read_named
    return _Kept(NameIndex(read(connection, scope=key), goods), counts, newest, now_ms)


def _is_fresh(
    connection: Connection, kept: _Kept, tables: tuple[Table, ...], *, now_ms: int
) -> bool:
    """Say whether masters are as many as they were, and none was changed since."""
    is_recent = 0 <= now_ms - kept.made_ms < _LASTS_MS
    if not is_recent or _counts(connection, tables) != kept.counts:
        return False
    nouns = [one.name for one in tables]
    changed = select(history.c.id).where(history.c.id > kept.newest, history.c.noun.in_(nouns))
    return connection.execute(changed.limit(1)).first() is None


def _counts(connection: Connection, tables: tuple[Table, ...]) -> tuple[int, ...]:
    counted = (select(func.count()).select_from(one).scalar_subquery() for one in tables)
    return tuple(connection.execute(select(*counted)).one())
