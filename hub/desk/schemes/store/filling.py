"""Fills up what terminals hold of limits: one terminal after another, all counters locked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.schemes import tables
from hub.desk.schemes.model import NOTHING, LeaseTerms, LimitPart, is_low, one_use, renewed
from hub.desk.schemes.store.leases import Standing, change_held, drop_leases, lock_counters
from rules import CompiledPack, CounterKey, Shared
from rules.engine.schemes.benefits import Benefit

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

    part: LimitPart
    until_ms: int


_NONE: Final = Held(NOTHING, 0)


@dataclass(slots=True)
class Renewal:
    """One transaction's renewals, one terminal after another, under the lock of all counters.

    `terminals` is how many there are in the whole network.
    """

    t: Transaction
    pack: CompiledPack
    benefits: Mapping[str, Benefit]
    terms: LeaseTerms
    terminals: int
    now_ms: int

    def fill_up(
        self, asked: Mapping[str, Mapping[CounterKey, Shared]]
    ) -> Mapping[str, Mapping[CounterKey, Held]]:
        """Bring the rows of terminals to what each should hold of what it asks for; gives them."""
        known = {key for held in self._read(asked).values() for key in held}
        locked = lock_counters(self.t, known.union(*asked.values()))
        standings = dict(locked)
        after: dict[str, Mapping[CounterKey, Held]] = {}
        for terminal, held in self._read(asked).items():
            # What came between the two readings under another counter is left to run out.
            had = {key: one for key, one in held.items() if key in standings}
            wanted = self._wanted(asked[terminal], had, standings)
            for key in had.keys() | wanted.keys():
                change = wanted.get(key, _NONE).part.change_from(had.get(key, _NONE).part)
                used, together = standings[key]
                standings[key] = Standing(
                    used, LimitPart(*map(sum, zip(together, change, strict=True)))
                )
            self._write(terminal, had, wanted, bounds=asked[terminal])
            after[terminal] = wanted
        changes = [(key, one.held.change_from(locked[key].held)) for key, one in standings.items()]
        change_held(self.t, changes)
        return after

    def _wanted(
        self,
        bounds: Mapping[CounterKey, Shared],
        had: Mapping[CounterKey, Held],
        standings: Mapping[CounterKey, Standing],
    ) -> Mapping[CounterKey, Held]:
        """Say what a terminal should hold from now on."""
        lasting_ms, rate = self.terms.lasting_ms, self.terms.rate(self.terminals)
        wanted: dict[CounterKey, Held] = {}
        for key, bound in bounds.items():
            row = had.get(key, _NONE)
            own = row.part if row.until_ms > self.now_ms else NOTHING
            used, held = standings[key]
            least = one_use(self.benefits.get(bound.rule, Benefit()), used)
            gone = used.plus(held.less(row.part))
            fair = renewed(bound, gone, own, rate=rate, least=least)
            # One that lasts longer than any may was given while the hub's clock was fast.
            left_ms = row.until_ms - self.now_ms
            lasts = own != NOTHING and lasting_ms < 2 * left_ms <= 2 * lasting_ms
            if lasts and not is_low(own, fair, least):
                wanted[key] = row
            elif fair != NOTHING:
                wanted[key] = Held(fair, self.now_ms + lasting_ms)
        return wanted

    def _write(
        self,
        terminal: str,
        had: Mapping[CounterKey, Held],
        wanted: Mapping[CounterKey, Held],
        *,
        bounds: Mapping[CounterKey, Shared],
    ) -> None:
        """Write what differs of one terminal's rows."""
        gone = [(*key, terminal) for key, row in had.items() if wanted.get(key) != row]
        drop_leases(self.t, gone)
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
        self.t.insert(tables.lease, _LEASE, fresh)

    def _read(self, terminals: Collection[str]) -> dict[str, dict[CounterKey, Held]]:
        """Read the rows of these terminals, also those that have run out."""
        found: dict[str, dict[CounterKey, Held]] = {terminal: {} for terminal in terminals}
        for terminal, rule, scope, until_ms, *parts in self.t.rows_in(_HELD, list(found)):
            found[terminal][rule, scope] = Held(LimitPart(*parts), until_ms)
        return found
