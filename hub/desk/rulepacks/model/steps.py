"""Which steps the life of a version allows, and the code of each refusal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from hub.desk.rulepacks.model.versions import (
    SeenPack,
    Version,
    highest_seen,
    next_number,
    numbered,
    scheduled,
    serving,
)
from rules import CompiledPack

StepCode = Literal[
    "unknown",
    "number_taken",
    "other_currency",
    "not_a_draft",
    "not_published",
    "not_scheduled",
    "not_in_shadow",
    "shadow_taken",
    "same_person",
    "alone_why",
    "start_past",
    "schedule_taken",
    "number_too_low",
    "follows_another",
    "start_too_early",
    "serves_already",
    "nothing_serves",
    "priced_twice",
    "has_errors",
]


SECOND_HANDS: Final = ("packs.add", "packs.publish")
"""Who may do one of these could be the second person behind a version."""


class PackMoney(Struct):
    """In which money a packed pack reckons."""

    currency: str
    scale: int


class PackStepError(Exception):
    """A step cannot be taken: a code, and its parameters as the sentence of that code has them."""

    def __init__(self, code: StepCode, **params: str | int | list[str]) -> None:
        super().__init__(code, params)
        self.code: Final = code
        self.params: Final = {
            name: value if isinstance(value, list) else str(value) for name, value in params.items()
        }


def find(versions: Sequence[Version], number: int) -> Version:
    """Find a version by its number; raises PackStepError."""
    found = numbered(versions, number)
    if found is None:
        if not versions:
            raise PackStepError("nothing_serves")
        known = [str(one.version) for one in versions]
        raise PackStepError("unknown", version=number, known=known)
    return found


def check_addable(
    pack: CompiledPack,
    versions: Sequence[Version],
    kept: PackMoney | None,
    *,
    seen: Sequence[SeenPack],
) -> None:
    """Refuse a number that was reached before, and a currency that `kept`, what serves, is not in.

    What customers owe would otherwise be added up over two currencies.
    """
    free = next_number(versions, seen, but=pack.hash)
    if pack.version < free:
        raise PackStepError("number_taken", version=pack.version, free=free)
    if kept is not None and (pack.currency, pack.scale) != (kept.currency, kept.scale):
        raise PackStepError(
            "other_currency",
            kept=kept.currency,
            decimals=kept.scale,
            currency=pack.currency,
            scale=pack.scale,
        )


def check_draft(version: Version) -> None:
    """Refuse what was published or given up: its content has had its decision."""
    if not version.is_draft:
        raise PackStepError("not_a_draft", version=version.version)


def check_shadow(version: Version, versions: Sequence[Version]) -> None:
    """Refuse a second version in shadow: orders are decided once more for each."""
    check_draft(version)
    other = next((one for one in versions if one.in_shadow and one.id != version.id), None)
    if other is not None:
        raise PackStepError("shadow_taken", version=other.version)


def check_publishable(
    version: Version,
    versions: Sequence[Version],
    *,
    by: str,
    now_ms: int,
    starts_at: int,
    own: bool,
    seen: Sequence[SeenPack] = (),
    alone: bool = False,
    why: str = "",
) -> None:
    """Refuse the author, a start that is past, a second schedule, and a number going down.

    A draft that is the publisher's `own` is also one that the publisher's program added. An author
    who is `alone`, so that there is no second person, publishes with a reason.
    Terminals take rising numbers only, so that nobody can give them an old pack again.
    """
    check_draft(version)
    if own and not alone:
        raise PackStepError("same_person", by=by, version=version.version)
    if own and not why.strip():
        raise PackStepError("alone_why", by=by)
    if starts_at < now_ms:
        raise PackStepError("start_past")
    waiting = scheduled(versions, now_ms)
    if waiting is not None:
        raise PackStepError("schedule_taken", version=waiting.version)
    free = next_number(versions, seen)
    current = serving(versions, now_ms)
    if current is not None and version.version <= current.version:
        raise PackStepError(
            "number_too_low", version=version.version, serving=current.version, free=free
        )
    if version.version <= highest_seen(seen, but=version.hash):
        raise PackStepError("number_taken", version=version.version, free=free)


def check_place(
    version: Version,
    pack: CompiledPack,
    versions: Sequence[Version],
    *,
    now_ms: int,
    starts_at: int,
    seen: Sequence[SeenPack] = (),
) -> None:
    """Refuse a pack that follows another than what serves, and a start before its first day.

    What it follows is part of its bytes, so that what is published is what was reviewed.
    """
    current = serving(versions, now_ms)
    if current is not None and pack.previous != current.hash:
        before = next((one for one in versions if one.hash == pack.previous), None)
        raise PackStepError(
            "follows_another",
            version=version.version,
            follows=before.version if before else "-",
            serving=current.version,
            free=next_number(versions, seen),
        )
    starts = datetime.fromtimestamp(starts_at / 1000, ZoneInfo(pack.timezone)).date()
    if pack.not_before is not None and starts < pack.not_before:
        day = pack.not_before.isoformat()
        raise PackStepError("start_too_early", version=version.version, day=day)


def check_rollback(version: Version, versions: Sequence[Version], now_ms: int) -> None:
    """Refuse to go back to what never served, and to what serves."""
    if version.published_at is None or (version.starts_at or 0) > now_ms:
        raise PackStepError("not_published", version=version.version)
    if version == serving(versions, now_ms):
        raise PackStepError("serves_already", version=version.version)
