"""A beat as somebody types it, and what is wrong with that."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hub.base.fields import Refused, refused
from hub.desk.field.model.beats import PLANNED_CLASSES

MOST_OUTLETS: Final = 500
"""Outlets of a beat at most: more are no way for one day."""
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_LONGEST: Final = 100
_LONGEST_CODE: Final = 64


def code_at(code: str, seller: str) -> str:
    """Give the code of a beat or survey that a seller chose: `B-1` of D2 is `B-1@D2`.

    So two sellers choose the same one; the company's own, whose `seller` is empty, stays `B-1`.
    """
    return f"{code}@{seller}" if seller else code


def choose_code(typed: str, found: Collection[str]) -> str | None:
    """Give the code, of those found, that a typed one means; None where it means none, or several.

    Who sees `B-1@D2` alone may write `B-1`.
    """
    if typed in found:
        return typed
    alike = [one for one in found if one.rpartition("@")[0] == typed]
    return alike[0] if len(alike) == 1 else None


@dataclass(frozen=True, slots=True)
class BeatFields:
    """A beat: its code, its name, and its outlets' codes in the order of the way.

    `seller` is the code of whose beat a new one is: empty, the company's, or that of the one seller
    whose people plan it. `seen` are the outlets that a person saw before changing them; where
    others are there by now, nothing is changed.
    """

    code: str
    name: str
    outlets: tuple[str, ...] = ()
    active: bool = True
    seen: tuple[str, ...] | None = None
    seller: str = ""


def read_outlets(typed: str) -> tuple[str, ...]:
    """Read outlets' codes, one on each line or with commas between, in the order they stand."""
    found = (one.strip() for one in re.split(r"[\n,;]+", typed))
    return tuple(one for one in found if one)


def read_classes(typed: str) -> tuple[str, ...]:
    """Read classes of outlets, `a,b`, as a plan names them; each once, in their own order.

    What is no class stays, so that whoever plans can refuse it.
    """
    found = {one.strip().casefold() for one in typed.split(",") if one.strip()}
    return (
        *(one for one in PLANNED_CLASSES if one in found),
        *sorted(found - set(PLANNED_CLASSES)),
    )


def fault_of(fields: BeatFields) -> Refused | None:
    """Say what is wrong with a beat; None where nothing is."""
    code, _, seller = fields.code.partition("@")
    if not _CODE.fullmatch(code) or len(fields.code) > _LONGEST_CODE or seller.startswith("@"):
        return refused("beat_code", field="code", code=fields.code[:_LONGEST])
    if not fields.name.strip() or len(fields.name) > _LONGEST:
        return refused("beat_name", field="name", most=_LONGEST)
    if len(fields.outlets) > MOST_OUTLETS:
        return refused("beat_long", field="outlets", most=MOST_OUTLETS)
    twice = [one for one in fields.outlets if fields.outlets.count(one) > 1]
    return refused("beat_twice", field="outlets", outlet=twice[0]) if twice else None
