"""The versions of the rule pack: what is known of each, its state, and which one serves.

A state is never stored. It follows from what was done and from the clock, so that a scheduled
version serves from its instant on without anybody writing anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rules import CompiledPack

State = Literal["draft", "shadow", "scheduled", "published", "retired"]
Origin = Literal["set_up", "added", "rolled_back"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version: who added it, who published it, from when on. Instants are Unix milliseconds.

    `shadow_after` is the row of the last order before its shadow began, `copy_of` the row of the
    version whose content a roll-back brought again, `fault` why the hub could not load it when its
    time had come. `alone` says that who added it published it, for nobody else of the house could.
    """

    id: int
    name: str
    version: int
    hash: str
    origin: Origin
    added_at: int
    added_by: str
    in_shadow: bool = False
    shadow_after: int = 0
    published_at: int | None = None
    published_by: str = ""
    starts_at: int | None = None
    dropped_at: int | None = None
    copy_of: int | None = None
    fault: str = ""
    alone: bool = False

    @property
    def is_draft(self) -> bool:
        """Say whether it was neither published nor given up."""
        return self.published_at is None and self.dropped_at is None


def serving(versions: Iterable[Version], now_ms: int) -> Version | None:
    """Give the version that decides orders now: of those that load, the latest whose start came."""
    started = [
        (one.starts_at, one.id, one)
        for one in versions
        if one.starts_at is not None and one.starts_at <= now_ms and not one.fault
    ]
    return max(started)[2] if started else None


def state_of(version: Version, versions: Iterable[Version], now_ms: int) -> State:
    """Say where a version stands among all of them."""
    if version.dropped_at is not None:
        return "retired"
    if version.starts_at is None:
        return "shadow" if version.in_shadow else "draft"
    if version.starts_at > now_ms:
        return "scheduled"
    return "published" if version == serving(versions, now_ms) else "retired"


def scheduled(versions: Iterable[Version], now_ms: int) -> Version | None:
    """Give the version whose start is still to come."""
    ahead = [one for one in versions if one.starts_at is not None and one.starts_at > now_ms]
    return ahead[0] if ahead else None


def numbered(versions: Iterable[Version], number: int) -> Version | None:
    """Find a version by its number; of two old ones that share it, the newer."""
    found = [one for one in versions if one.version == number]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class SeenPack:
    """A pack that a terminal has and the hub has not: it served before the books were put back."""

    hash: str
    version: int


def highest_seen(seen: Iterable[SeenPack], *, but: str = "") -> int:
    """Give the highest number that terminals have another content under, 0 where there is none.

    `but` is the hash of the content that it is asked for: under its own number it stays itself.
    """
    return max((one.version for one in seen if one.hash != but), default=0)


def next_number(versions: Sequence[Version], seen: Iterable[SeenPack], *, but: str = "") -> int:
    """Give the number that no version has reached yet, here or at a terminal but of this hash."""
    here = max((one.version for one in versions), default=0)
    return max(here, highest_seen(seen, but=but)) + 1


class ReplacedPack(NamedTuple):
    """A pack of which quotes may still hold, and when another one began to serve in its place."""

    pack: CompiledPack
    replaced_ms: int
