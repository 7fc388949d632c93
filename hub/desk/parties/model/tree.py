"""Parties as they are loaded, the tree that they make, and the day it is where they are."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from rules import CustomerStatus, LimitState

PartyKind = Literal["company", "super_stockist", "distributor", "retailer"]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided: Unix milliseconds, and the day in the distributor's zone."""

    now_ms: int
    day: date


def moment_of(now_ms: int, zone: tzinfo) -> Moment:
    """Give a moment with its business date: the day it is where the distributor is."""
    return Moment(now_ms, datetime.fromtimestamp(now_ms // 1000, zone).date())


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer; amounts in minor units, `since` is the day it became one.

    `seller` is the code of the seller that it buys from, empty for the company itself.
    """

    code: str
    name: str
    type: str | None
    geo: tuple[str, ...]
    status: CustomerStatus
    credit_state: LimitState
    credit_limit: int
    opening_outstanding: int
    since: date | None = None
    seller: str = ""


@dataclass(frozen=True, slots=True)
class SellerRecord:
    """A party that sells; `parent` is the code of the party above it, empty for the company."""

    code: str
    name: str
    kind: PartyKind
    parent: str = ""


class PartyCircleError(ValueError):
    """A party would stand above itself; `party` is its row's id or its code."""

    def __init__(self, party: int | str) -> None:
        super().__init__(f"party {party} would stand above itself")
        self.party = party


def ancestors(parents: Mapping[int, int | None]) -> Iterator[tuple[int, int, int]]:
    """Give every pair of a party and one below it with their distance, itself at 0.

    A retailer below a distributor below the company gives (company, retailer, 2), among others.
    Raises PartyCircleError.
    """
    for party in parents:
        above: int | None = party
        depth = 0
        while above is not None:
            yield above, party, depth
            above, depth = parents.get(above), depth + 1
            if depth > len(parents):
                raise PartyCircleError(party)


def in_order(records: Sequence[SellerRecord], known: Container[str]) -> list[SellerRecord]:
    """Put parties behind the ones that they stand below; `known` codes are there already.

    Raises PartyCircleError where a party would stand above itself, or below nobody that is there.
    """
    waiting = {one.code: one for one in records}
    placed: list[SellerRecord] = []
    while waiting:
        ready = [
            one
            for one in waiting.values()
            if one.parent not in waiting and (one.parent in known or _is_placed(one, placed))
        ]
        if not ready:
            raise PartyCircleError(next(iter(waiting)))
        placed += ready
        for one in ready:
            del waiting[one.code]
    return placed


def _is_placed(record: SellerRecord, placed: Sequence[SellerRecord]) -> bool:
    return any(record.parent == one.code for one in placed)


@dataclass(frozen=True, slots=True)
class Incarnation:
    """One life of the books. Where it began with a backup: when, and of when that was; Unix ms."""

    id: str
    restored_at: int | None = None
    backup_at: int | None = None
