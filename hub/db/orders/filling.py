"""Fills up what terminals hold of limits: one terminal after another, all counters locked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy.engine.interfaces import DBAPICursor

from hub.base.engine.database import Database, holders, padded
from hub.db import tables
from hub.db.orders.leases import Standing, change_held, drop_leases, lock_counters
from hub.domain.leases import NOTHING, Key, LeaseTerms, Slice, is_low, one_use, renewed
from rules import CompiledPack, Shared
from rules.tools.benefits import Benefit

_HELD: Final = """
SELECT terminal, rule, scope, until_ms, uses, amount, pieces FROM lease WHERE terminal IN """
_LEASE: Final = (
    "rule",
    "scope",
    "terminal",
    "uses",
    "amount",
    "pieces",
    "of_uses",
    "of_amount",
    "of_pieces",
    "pack_hash",
    "until_ms",
)


class Held(NamedTuple):
    """What a terminal holds, or is to hold, of one limit."""

    part: Slice
    until_ms: int


_NONE: Final = Held(NOTHING, 0)


@dataclass(slots=True)
class Renewal:
    """One transaction's renewals, one terminal after another, under the lock of all counters.

    `terminals` is how many there are in the whole network.
    """

    database: Database
    cursor: DBAPICursor
    pack: CompiledPack
    benefits: Mapping[str, Benefit]
    terms: LeaseTerms
    terminals: int
    now_ms: int

    def fill_up(
        self, asked: Mapping[str, Mapping[Key, Shared]]
    ) -> Mapping[str, Mapping[Key, Held]]:
        """Bring the rows of terminals to what each should hold of what it asks for; gives them."""
        known = {key for held in self._read(asked).values() for key in held}
        locked = lock_counters(self.database, self.cursor, known.union(*asked.values()))
        standings = dict(locked)
        after: dict[str, Mapping[Key, Held]] = {}
        for terminal, held in self._read(asked).items():
            # What came between the two readings under another counter is left to run out.
            had = {key: one for key, one in held.items() if key in standings}
            wanted = self._wanted(asked[terminal], had, standings)
            for key in had.keys() | wanted.keys():
                change = wanted.get(key, _NONE).part.change_from(had.get(key, _NONE).part)
                used, together = standings[key]
                standings[key] = Standing(
                    used, Slice(*map(sum, zip(together, change, strict=True)))
                )
            self._write(terminal, had, wanted, bounds=asked[terminal])
            after[terminal] = wanted
        changes = [(key, one.held.change_from(locked[key].held)) for key, one in standings.items()]
        change_held(self.database, self.cursor, changes)
        return after

    def _wanted(
        self,
        bounds: Mapping[Key, Shared],
        had: Mapping[Key, Held],
        standings: Mapping[Key, Standing],
    ) -> Mapping[Key, Held]:
        """Say what a terminal should hold from now on."""
        lasting_ms, rate = self.terms.lasting_ms, self.terms.rate(self.terminals)
        wanted: dict[Key, Held] = {}
        for key, bound in bounds.items():
            row = had.get(key, _NONE)
            own = row.part if row.until_ms > self.now_ms else NOTHING
            used, held = standings[key]
            least = one_use(self.benefits.get(bound.rule, Benefit()), used)
            gone = used.plus(held.less(row.part))
            fair = renewed(bound, gone, own, rate=rate, least=least)
            lasts = own != NOTHING and 2 * (row.until_ms - self.now_ms) > lasting_ms
            if lasts and not is_low(own, fair, least):
                wanted[key] = row
            elif fair != NOTHING:
                wanted[key] = Held(fair, self.now_ms + lasting_ms)
        return wanted

    def _write(
        self,
        terminal: str,
        had: Mapping[Key, Held],
        wanted: Mapping[Key, Held],
        *,
        bounds: Mapping[Key, Shared],
    ) -> None:
        """Write what differs of one terminal's rows."""
        gone = [(*key, terminal) for key, row in had.items() if wanted.get(key) != row]
        drop_leases(self.database, self.cursor, gone)
        fresh = [
            (
                *key,
                terminal,
                *one.part,
                bounds[key].uses,
                bounds[key].amount,
                bounds[key].pieces,
                self.pack.hash,
                one.until_ms,
            )
            for key, one in sorted(wanted.items())
            if had.get(key) != one
        ]
        if fresh:
            self.cursor.executemany(self.database.insert(tables.lease, *_LEASE), fresh)

    def _read(self, terminals: Collection[str]) -> dict[str, dict[Key, Held]]:
        """Read the rows of these terminals, also those that have run out."""
        found: dict[str, dict[Key, Held]] = {terminal: {} for terminal in terminals}
        if not found:
            return found
        statement = f"{_HELD}({holders(len(found))})"
        self.cursor.execute(self.database.sql(statement), padded(list(found)))
        for terminal, rule, scope, until_ms, *parts in self.cursor.fetchall():
            found[terminal][rule, scope] = Held(Slice(*parts), until_ms)
        return found
