"""Leases renewed for many terminals at once, beside the order path and under its locks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy.engine.interfaces import DBAPICursor

from broker.contract import Lease, SchemeCounter
from hub.base.engine.database import Database, holders, padded
from hub.db.orders.filling import Renewal
from hub.db.orders.leases import ENDED, take_back
from hub.db.orders.parties import PARTIES, read_party
from hub.db.orders.shelf import Shelf
from hub.domain.decide import moment_of
from hub.domain.leases import LeaseTerms
from hub.domain.ledger import Party
from hub.services.hear_terminals import Spendable
from rules import CompiledPack, scopes_of, shared_for
from rules.tools.benefits import Benefit, benefits_of

_AT_ONCE: Final = 64
"""Terminals in one transaction: a flush of the disk serves all, and no order waits long for it."""
_COUNTERS: Final = """
SELECT rule, scope, used, spent, bought, pieces FROM scheme_counter WHERE scope IN """
_ANY_ENDED: Final = f"SELECT 1 FROM lease WHERE {ENDED} LIMIT 1"  # noqa: S608  # ours
_TERMINALS: Final = "SELECT count(*) FROM terminal WHERE revoked_at IS NULL"
_NUMBERS: Final = "SELECT seq FROM inbox WHERE terminal = ? ORDER BY seq DESC LIMIT 64"
"""A terminal has at most 16 orders under way; older gaps are orders that were never taken."""


class StoredLeases:
    """Renews leases and takes them back; each call makes its own transactions."""

    def __init__(self, database: Database, shelf: Shelf, terms: LeaseTerms) -> None:
        self._database = database
        self._shelf = shelf
        self._terms = terms
        self._benefits: tuple[str, Mapping[str, Benefit]] = ("", {})

    def renew(self, terminals: Sequence[str], now_ms: int) -> Mapping[str, Spendable]:
        """Fill up what terminals hold, take back what they may not, and give what they may spend.

        Left out are those that may hold nothing.
        """
        self.take_back(now_ms)
        found: dict[str, Spendable] = {}
        for start in range(0, len(terminals), _AT_ONCE):
            found |= self._renew(terminals[start : start + _AT_ONCE], now_ms)
        return found

    def take_back(self, now_ms: int) -> None:
        """Take back leases that have run out, the oldest first, some at each call."""
        with self._database.read() as connection:
            cursor = self._database.cursor(connection)
            cursor.execute(self._database.sql(_ANY_ENDED), (now_ms,))
            if not cursor.fetchall():
                return
        with self._database.write() as connection:
            take_back(self._database, self._database.cursor(connection), ENDED, value=now_ms)
            connection.commit()

    def _renew(self, terminals: Sequence[str], now_ms: int) -> dict[str, Spendable]:
        """Renew the leases of some terminals in one transaction."""
        with self._database.write() as connection:
            cursor = self._database.cursor(connection)
            pack, _, zone = self._shelf.current(cursor, now_ms)
            if pack is None or not pack.periods:
                connection.commit()
                return {}
            day = moment_of(now_ms, zone).day
            parties = self._parties(cursor, terminals)
            # Read before the leases: an order that comes between is then taken off twice, and
            # never not at all.
            counted_to = {name: self._counted_to(cursor, name) for name in parties}
            asked = {
                name: {one.key(day): one for one in shared_for(pack, party.customer_on(day), day)}
                for name, party in parties.items()
            }
            cursor.execute(_TERMINALS)
            ((count,),) = cursor.fetchall()
            renewal = Renewal(
                self._database,
                cursor,
                pack,
                benefits=self._benefits_of(pack),
                terms=self._terms,
                terminals=count,
                now_ms=now_ms,
            )
            leases = renewal.fill_up(asked)
            customers = {party.customer.id for party in parties.values()}
            counters = self._counters(cursor, customers, pack, day=day)
            connection.commit()
        return {
            name: Spendable(
                [
                    Lease(rule=rule, scope=scope, **one.part._asdict(), until=one.until_ms)
                    for (rule, scope), one in leases[name].items()
                ],
                counters[party.customer.id],
                counted_at=now_ms,
                counted_to=counted_to[name],
            )
            for name, party in parties.items()
        }

    def _parties(self, cursor: DBAPICursor, terminals: Sequence[str]) -> dict[str, Party]:
        """Read those terminals that are there and not revoked."""
        statement = f"{PARTIES}({holders(len(terminals))}) ORDER BY t.id"
        cursor.execute(self._database.sql(statement), padded(terminals))
        parties = [read_party(row) for row in cursor.fetchall()]
        return {party.terminal: party for party in parties if not party.revoked}

    def _benefits_of(self, pack: CompiledPack) -> Mapping[str, Benefit]:
        """Give what one order gets of schemes, read once for each pack."""
        if self._benefits[0] != pack.hash:
            self._benefits = pack.hash, benefits_of(pack)
        return self._benefits[1]

    def _counters(
        self, cursor: DBAPICursor, customers: Collection[str], pack: CompiledPack, *, day: date
    ) -> Mapping[str, Sequence[SchemeCounter]]:
        """Read what each customer had of schemes, in the periods that count on a day."""
        everybody = set(scopes_of([], pack.periods, day))
        whose = {
            scope: customer
            for customer in customers
            for scope in scopes_of([customer], pack.periods, day)
            if scope not in everybody
        }
        found: dict[str, list[SchemeCounter]] = {customer: [] for customer in customers}
        if not whose:
            return found
        statement = f"{_COUNTERS}({holders(len(whose))}) ORDER BY rule, scope"
        cursor.execute(self._database.sql(statement), padded(list(whose)))
        for rule, scope, used, spent, bought, pieces in cursor.fetchall():
            found[whose[scope]].append(
                SchemeCounter(
                    rule=rule, scope=scope, used=used, spent=spent, bought=bought, pieces=pieces
                )
            )
        return found

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
