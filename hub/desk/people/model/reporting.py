"""Who reports to whom, who stands in for whom, and who may decide how much."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

Measure = Literal["order_value", "over_credit", "discount", "credit_note"]
"""What a ceiling bounds, in minor units: an order's value, what it is above the credit limit, a
discount by hand, a credit note."""
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)


@dataclass(frozen=True, slots=True)
class Dated:
    """Another user above one, or standing in, from one day to another, both included.

    `other` None ends what was before; `until` None has no end.
    """

    user: int
    other: int | None
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether this holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may decide: `ceiling` in minor units, None for nothing at all."""

    active: bool
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, and instead of whom where that user has a stand-in."""

    user: int
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody for whom another stands in; `through` are the stand-ins between the two."""

    name: str
    roles: tuple[str, ...]
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Above:
    """Who above a user decides, and instead of whom; `why` says why nobody does."""

    name: str = ""
    instead_of: str = ""
    why: Literal["", "no_manager", "above_ceilings"] = ""


class NobodyDecidesError(Exception):
    """Nobody above a user may decide; `why` says what is missing: no_manager or above_ceilings."""

    def __init__(self, user: int, why: Literal["no_manager", "above_ceilings"]) -> None:
        super().__init__(f"nobody decides for user {user}: {why}")
        self.user = user
        self.why = why


def pairs_on(rows: Iterable[Dated], day: date) -> dict[int, int]:
    """Give who has whom on a day."""
    return {one.user: one.other for one in rows if one.other is not None and one.holds(day)}


def above(user: int, pairs: Mapping[int, int]) -> Iterator[int]:
    """Give whom a user has, whom that one has, and so on; nobody twice."""
    seen = {user}
    found = pairs.get(user)
    while found is not None and found not in seen:
        seen.add(found)
        yield found
        found = pairs.get(found)


def makes_circle(rows: Sequence[Dated], new: Dated) -> date | None:
    """Give the first day on which a user would be above, or stand in for, him- or herself.

    A reports to B from March, B to A from May: from May on, both decide for each other. None where
    there is no such day. `rows` are without those that the new one takes the place of.
    """
    every = [*rows, new]
    days = {new.since, *(one.since for one in rows if new.holds(one.since))}
    for day in sorted(days):
        pairs = pairs_on(every, day)
        if any(pairs.get(one) == new.user for one in (new.user, *above(new.user, pairs))):
            return day
    return None


def overlaps(rows: Iterable[Dated], new: Dated) -> bool:
    """Say whether a user has somebody already on one of the days."""
    return any(
        one.user == new.user
        and (new.until is None or one.since <= new.until)
        and (one.until is None or new.since <= one.until)
        for one in rows
    )


def find_decider(
    asker: int,
    amount: int,
    *,
    people: Mapping[int, Person],
    managers: Mapping[int, int],
    stand_ins: Mapping[int, int],
) -> Decider:
    """Find who decides for a user: the nearest above who is there, and whose ceiling allows it.

    Sunil asks for 50,000.00; his manager's ceiling is 20,000.00, hers 100,000.00: she decides. Who
    has a stand-in that day is stood in for, but never by who asks: that would be approving oneself.
    Raises NobodyDecidesError.
    """
    chain = list(above(asker, managers))
    if not chain:
        raise NobodyDecidesError(asker, "no_manager")
    for one in chain:
        person = people.get(one)
        if person is None or not person.active or person.ceiling is None:
            continue
        if person.ceiling >= amount:
            return _stood_in(one, asker, people=people, stand_ins=stand_ins)
    raise NobodyDecidesError(asker, "above_ceilings")


def _stood_in(
    decider: int, asker: int, *, people: Mapping[int, Person], stand_ins: Mapping[int, int]
) -> Decider:
    """Follow stand-ins of stand-ins as far as somebody is there who did not ask."""
    found = decider
    for one in above(decider, stand_ins):
        person = people.get(one)
        if one == asker or person is None or not person.active:
            break
        found = one
    return Decider(found, decider if found != decider else None)
