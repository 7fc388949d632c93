"""Leases of terminals: read on the order path, renewed beside it, both under the counters' lock."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy.engine.interfaces import DBAPICursor

from broker.contract import Lease, SchemeCounter
from hub.db import tables
from hub.db.engine import Database, holders, padded
from hub.db.orders.parties import PARTIES, read_party
from hub.db.orders.shelf import Shelf
from hub.domain.decide import moment_of
from hub.domain.leases import (
    NOTHING,
    Key,
    Leased,
    LeaseTerms,
    Slice,
    is_low,
    renewed,
)
from hub.services.hear_terminals import NOTHING_TO_SPEND, Spendable
from rules import CompiledPack, Shared, scopes_of, shared_for

_LEASED: Final = """
SELECT '', rule, scope, sum(uses), sum(amount), sum(pieces) FROM lease
WHERE until_ms > ? GROUP BY rule, scope
UNION ALL
SELECT terminal, rule, scope, uses, amount, pieces FROM lease
WHERE until_ms > ? AND terminal IN """
_COUNTERS: Final = """
SELECT rule, scope, used, spent, bought, pieces FROM scheme_counter WHERE scope IN """
_START: Final = """
INSERT INTO scheme_counter (rule, scope, used, spent) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING
"""
_HELD: Final = """
SELECT rule, scope, uses, amount, pieces, until_ms FROM lease WHERE terminal = ?
ORDER BY rule, scope
"""
_DROP: Final = "DELETE FROM lease WHERE terminal = ? AND rule = ? AND scope = ?"
_NUMBERS: Final = "SELECT seq FROM inbox WHERE terminal = ? ORDER BY seq DESC LIMIT 64"
"""A terminal has at most 16 orders under way; older gaps are orders that were never taken."""
_LEASE: Final = (
    "terminal",
    "rule",
    "scope",
    "uses",
    "amount",
    "pieces",
    "of_uses",
    "of_amount",
    "of_pieces",
    "pack_hash",
    "until_ms",
)


def read_leased(
    database: Database, cursor: DBAPICursor, terminals: Sequence[str], *, now_ms: int
) -> Leased:
    """Read the open leases of all terminals together, and of each of these."""
    leased = Leased({}, {})
    if not terminals:
        return leased
    statement = database.sql(f"{_LEASED}({holders(len(terminals))})")
    cursor.execute(statement, (now_ms, now_ms, *padded(terminals)))
    for terminal, rule, scope, *counts in cursor.fetchall():
        # PostgreSQL adds whole numbers up to decimals.
        part = Slice(*map(int, counts))
        if terminal:
            leased.own[terminal, rule, scope] = part
        else:
            leased.together[rule, scope] = part
    return leased


class StoredLeases:
    """Renews leases; each call is a transaction of its own."""

    def __init__(self, database: Database, shelf: Shelf, terms: LeaseTerms) -> None:
        self._database = database
        self._shelf = shelf
        self._terms = terms

    def renew(self, terminal: str, now_ms: int) -> Spendable:
        """Fill up what a terminal holds, take back what it may not, and give what it may spend."""
        with self._database.write() as connection:
            cursor = self._database.cursor(connection)
            pack, _, zone = self._shelf.current(cursor, now_ms)
            cursor.execute(self._database.sql(f"{PARTIES}(?)"), (terminal,))
            found = cursor.fetchall()
            party = read_party(found[0]) if found else None
            if pack is None or party is None or party.revoked or not pack.periods:
                connection.commit()
                return NOTHING_TO_SPEND
            day = moment_of(now_ms, zone).day
            # Read before the leases: an order that comes between is then taken off twice, and
            # never not at all.
            counted_to = self._counted_to(cursor, terminal)
            asked = {one.key(day): one for one in shared_for(pack, party.customer_on(day), day)}
            leases = self._renew(cursor, terminal, pack, asked=asked, now_ms=now_ms)
            counters = self._counters(cursor, party.customer.id, pack, day=day)
            connection.commit()
        return Spendable(leases, counters, counted_at=now_ms, counted_to=counted_to)

    def _renew(
        self,
        cursor: DBAPICursor,
        terminal: str,
        pack: CompiledPack,
        *,
        asked: Mapping[Key, Shared],
        now_ms: int,
    ) -> list[Lease]:
        """Bring the rows of one terminal to what it should hold; gives them."""
        counted = self._locked(cursor, asked)
        cursor.execute(self._database.sql(_HELD), (terminal,))
        rows = {(row[0], row[1]): row for row in cursor.fetchall()}
        leased = read_leased(self._database, cursor, [terminal], now_ms=now_ms)
        others = leased.of_others(terminal)
        wanted: dict[Key, tuple[Slice, int]] = {}
        for key, bound in asked.items():
            own = leased.own.get((terminal, *key), NOTHING)
            gone = counted[key].plus(others.get(key, NOTHING))
            fair = renewed(bound, gone, own, percent=self._terms.percent)
            ends = int(rows[key][-1]) if own != NOTHING else 0
            lasts = 2 * (ends - now_ms) > self._terms.lasting_ms
            if lasts and not is_low(own, fair):
                wanted[key] = own, ends
            elif fair != NOTHING:
                wanted[key] = fair, now_ms + self._terms.lasting_ms
        self._write(cursor, terminal, pack, rows=rows, wanted=wanted, asked=asked)
        return [
            Lease(rule=rule, scope=scope, **part._asdict(), until=until)
            for (rule, scope), (part, until) in wanted.items()
        ]

    def _write(
        self,
        cursor: DBAPICursor,
        terminal: str,
        pack: CompiledPack,
        *,
        rows: Mapping[Key, tuple[Any, ...]],
        wanted: Mapping[Key, tuple[Slice, int]],
        asked: Mapping[Key, Shared],
    ) -> None:
        """Write what differs."""
        same = {key for key, row in rows.items() if wanted.get(key) == (Slice(*row[2:5]), row[5])}
        gone = sorted(rows.keys() - same)
        if gone:
            cursor.executemany(self._database.sql(_DROP), [(terminal, *key) for key in gone])
        fresh = [
            (
                terminal,
                *key,
                *part,
                asked[key].uses,
                asked[key].amount,
                asked[key].pieces,
                pack.hash,
                until,
            )
            for key, (part, until) in sorted(wanted.items())
            if key not in same
        ]
        if fresh:
            cursor.executemany(self._database.insert(tables.lease, *_LEASE), fresh)

    def _locked(self, cursor: DBAPICursor, keys: Collection[Key]) -> dict[Key, Slice]:
        """Lock the counters of these limits, which are made where there are none yet."""
        if not keys:
            return {}
        found = self._totals(cursor, keys)
        missing = sorted(set(keys) - found.keys())
        if missing:
            cursor.executemany(self._database.sql(_START), missing)
            found = self._totals(cursor, keys)
        return found

    def _totals(self, cursor: DBAPICursor, keys: Collection[Key]) -> dict[Key, Slice]:
        scopes = sorted({scope for _, scope in keys})
        statement = f"{_COUNTERS}({holders(len(scopes))}) ORDER BY rule, scope{self._database.lock}"
        cursor.execute(self._database.sql(statement), padded(scopes))
        return {
            (rule, scope): Slice(used, spent, pieces)
            for rule, scope, used, spent, _, pieces in cursor.fetchall()
        }

    def _counters(
        self, cursor: DBAPICursor, customer: str, pack: CompiledPack, *, day: date
    ) -> list[SchemeCounter]:
        """Read what a customer had of schemes, in the periods that count on a day."""
        everybody = set(scopes_of([], pack.periods, day))
        scopes = [one for one in scopes_of([customer], pack.periods, day) if one not in everybody]
        statement = f"{_COUNTERS}({holders(len(scopes))}) ORDER BY rule, scope"
        cursor.execute(self._database.sql(statement), padded(scopes))
        return [
            SchemeCounter(rule=r, scope=s, used=used, spent=spent, bought=bought, pieces=pieces)
            for r, s, used, spent, bought, pieces in cursor.fetchall()
        ]

    def _counted_to(self, cursor: DBAPICursor, terminal: str) -> int:
        """Give the number up to which all newer orders of a terminal have come."""
        cursor.execute(self._database.sql(_NUMBERS), (terminal,))
        numbers = [row[0] for row in cursor.fetchall()]
        reached = min(numbers, default=0)
        for number in reversed(numbers):
            if number > reached + 1:
                break
            reached = number
        return reached
