"""Changes of a record by its fields: merged beside those of others, kept or refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

LONGEST_REASON: Final = 500
"""Letters of why something is done, as many as people and programs may give: all of it is kept."""


class Reason(NamedTuple):
    """Why something was not done: a code with its raw parameters, and the field it is about."""

    code: str
    params: dict[str, Any] = {}  # noqa: RUF012  # never changed, as of every reason
    field: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field as a person saw it, and as the person wants it; both as texts."""

    seen: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What of a person's changes applies, and which fields somebody else changed meanwhile."""

    wanted: Mapping[str, str]
    crossed: tuple[str, ...]


def merge(now: Mapping[str, str], changes: Mapping[str, Change]) -> Merged:
    """Put a person's changes beside those that another one made since the person looked.

    The phone was seen as 1, is 2 by now, and is wanted as 3: crossed. Wanted as 1, it is not the
    person's change, and stays 2.
    """
    wanted, crossed = {}, []
    for name, change in changes.items():
        current = now.get(name, "")
        if change.wanted in {change.seen, current}:
            continue
        if current == change.seen:
            wanted[name] = change.wanted
        else:
            crossed.append(name)
    return Merged(wanted, tuple(crossed))


class Duplicate(NamedTuple):
    """A record that may be the same: `by` is what both have, such as gstin, phone or name."""

    code: str
    name: str
    city: str
    by: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of an act: fields that were changed, and those that wait for a second person.

    `asked_before` says that an open request asked for the very same.
    """

    code: str
    changed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    request: int | None = None
    asked_before: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that was not done, with every reason; `duplicates` are what it may be already."""

    reasons: tuple[Reason, ...]
    duplicates: tuple[Duplicate, ...] = ()

    @property
    def crossed(self) -> tuple[str, ...]:
        """Give the fields that somebody else changed meanwhile."""
        return tuple(one.field for one in self.reasons if one.code == "field_crossed")


def refused(code: str, /, *, field: str = "", **params: object) -> Refused:
    """Refuse an act for one reason."""
    return Refused((Reason(code, params, field),))
