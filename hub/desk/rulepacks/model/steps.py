"""Which steps the life of a version allows: each refusal says what to do instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from hub.desk.rulepacks.model.versions import Version, next_number, numbered, scheduled, serving
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
    "start_past",
    "schedule_taken",
    "number_too_low",
    "follows_another",
    "start_too_early",
    "serves_already",
    "nothing_serves",
]


class PackStepError(Exception):
    """A step cannot be taken; `code` is for programs, the text says what to do instead."""

    def __init__(self, code: StepCode, text: str) -> None:
        super().__init__(text)
        self.code: Final = code


def find(versions: Sequence[Version], number: int) -> Version:
    """Find a version by its number; raises PackStepError."""
    found = numbered(versions, number)
    if found is None:
        known = ", ".join(str(one.version) for one in versions) or "none"
        raise PackStepError("unknown", f"there is no version {number}; there are {known}")
    return found


def check_addable(
    pack: CompiledPack, versions: Sequence[Version], kept: CompiledPack | None
) -> None:
    """Refuse a number that was reached before, and a currency that `kept`, what serves, is not in.

    What customers owe would otherwise be added up over two currencies.
    """
    free = next_number(versions)
    if pack.version < free:
        raise PackStepError(
            "number_taken",
            f"version {pack.version} is not higher than all before it: number it {free} or more",
        )
    if kept is not None and (pack.currency, pack.scale) != (kept.currency, kept.scale):
        raise PackStepError(
            "other_currency",
            f"the books are in {kept.currency} with {kept.scale} decimals, "
            f"not in {pack.currency} with {pack.scale}",
        )


def check_draft(version: Version) -> None:
    """Refuse what was published or given up: its content has had its decision."""
    if not version.is_draft:
        did = "published" if version.published_at is not None else "given up"
        raise PackStepError(
            "not_a_draft",
            f"version {version.version} was {did}: add its content again under a higher number",
        )


def check_shadow(version: Version, versions: Sequence[Version]) -> None:
    """Refuse a second version in shadow: orders are decided once more for each."""
    check_draft(version)
    other = next((one for one in versions if one.in_shadow and one.id != version.id), None)
    if other is not None:
        text = f"version {other.version} is in shadow: end that first"
        raise PackStepError("shadow_taken", text)


def check_publishable(
    version: Version, versions: Sequence[Version], *, by: str, now_ms: int, starts_at: int
) -> None:
    """Refuse the author, a start that is past, a second schedule, and a number going down.

    Terminals take rising numbers only, so that nobody can give them an old pack again.
    """
    check_draft(version)
    if by == version.added_by:
        text = f"{by} added version {version.version}: somebody else has to publish it"
        raise PackStepError("same_person", text)
    if starts_at < now_ms:
        raise PackStepError("start_past", "the start is past: name a later one, or none for now")
    waiting = scheduled(versions, now_ms)
    if waiting is not None:
        text = f"version {waiting.version} is scheduled: call it off first"
        raise PackStepError("schedule_taken", text)
    current = serving(versions, now_ms)
    if current is not None and version.version <= current.version:
        raise PackStepError(
            "number_too_low",
            f"version {version.version} is below {current.version}, which serves: "
            f"add it again as {next_number(versions)}",
        )


def check_place(
    version: Version,
    pack: CompiledPack,
    versions: Sequence[Version],
    *,
    now_ms: int,
    starts_at: int,
) -> None:
    """Refuse a pack that follows another than what serves, and a start before its first day.

    What it follows is part of its bytes, so that what is published is what was reviewed.
    """
    current = serving(versions, now_ms)
    if current is not None and pack.previous != current.hash:
        before = next((one for one in versions if one.hash == pack.previous), None)
        follows = f"version {before.version}" if before else "no version"
        raise PackStepError(
            "follows_another",
            f"version {version.version} was made to follow {follows}, but {current.version} serves "
            f"now: look at what changed, and add it again as {next_number(versions)}",
        )
    starts = datetime.fromtimestamp(starts_at / 1000, ZoneInfo(pack.timezone)).date()
    if pack.not_before is not None and starts < pack.not_before:
        text = f"version {version.version} is for {pack.not_before} on: name that day as its start"
        raise PackStepError("start_too_early", text)


def check_rollback(version: Version, versions: Sequence[Version], now_ms: int) -> None:
    """Refuse to go back to what never served, and to what serves."""
    if version.published_at is None or (version.starts_at or 0) > now_ms:
        text = f"version {version.version} never served: publish it instead"
        raise PackStepError("not_published", text)
    if version == serving(versions, now_ms):
        raise PackStepError("serves_already", f"version {version.version} serves already")
