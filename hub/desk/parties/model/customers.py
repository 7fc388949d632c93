"""What happens to customers: changes of two people, requests, mappings; and what is refused."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Role = Literal["rep", "collector", "warehouse", "seller"]
ROLES: Final[tuple[Role, ...]] = ("rep", "collector", "warehouse", "seller")
SECOND_HANDS: Final = ("customers.add", "customers.change", "customers.approve")
"""Who may do one of these could be the second person behind what waits of a customer."""
RequestKind = Literal["new", "change"]
RequestState = Literal["open", "granted", "refused", "void"]

_LONGEST_KEY: Final = 200


def key_of_name(name: str) -> str:
    """Give a name without case, blanks and signs: `Asha Stores` and `ASHA-STORES` are one."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in folded if unicodedata.category(one)[0] in "LMN")[:_LONGEST_KEY]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: by field, the text that was there and the one that is asked for."""

    fields: Mapping[str, tuple[str, str]]

    def write(self) -> str:
        """Write it as JSON."""
        return json.dumps(
            {name: list(pair) for name, pair in self.fields.items()}, ensure_ascii=False
        )


def read_asked(written: str) -> Asked:
    """Read a request back."""
    return Asked({name: (old, new) for name, (old, new) in json.loads(written).items()})


@dataclass(frozen=True, slots=True)
class Span:
    """Who serves a customer in a role, from a day to the last day; None: until further notice."""

    who: str
    from_day: date
    until_day: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether it is in force on a day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


def in_force(spans: Iterable[Span], day: date) -> Span | None:
    """Find the one that is in force on a day: where several cover it, the latest to begin."""
    found = [one for one in spans if one.covers(day)]
    return max(found, key=lambda one: one.from_day) if found else None


@dataclass(frozen=True, slots=True)
class CustomerJoined:
    """A new customer is another one; both by row id, and the other one's code and name."""

    party: int
    into: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CustomerAdded:
    """A customer is new in the tree; `party` is its row's id."""

    party: int
    code: str


@dataclass(frozen=True, slots=True)
class CustomerClassed:
    """A customer is of another class of outlets now, None of none; `party` is its row's id."""

    party: int
    outlet_class: str | None
