"""What the use cases of rule packs need: a version's content, and one transaction on versions."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from hub.domain.packs.versions import Version
from rules import CompiledPack
from rules.language import following

EventKind = Literal[
    "added",
    "shadow_began",
    "shadow_ended",
    "published",
    "scheduled",
    "called_off",
    "dropped",
    "rolled_back",
]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the linter doubts about one rule; `severity` is `error` or `warning`."""

    severity: str
    code: str
    rule: str
    text: str
    place: str = ""
    """The file with line and column, as `schemes.yaml:3:5`."""


@dataclass(frozen=True, slots=True)
class PackedPack:
    """A checked rule pack: its bytes, compiled, its files as written, and what is doubted."""

    body: bytes
    compiled: CompiledPack
    files: Mapping[str, bytes] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()

    def after(self, previous: str) -> "PackedPack":
        """Give the same rules as the ones that follow the pack of this hash."""
        body = following(self.body, previous)
        digest = hashlib.sha256(body).hexdigest()
        return replace(
            self, body=body, compiled=replace(self.compiled, hash=digest, previous=previous)
        )

    def is_same_as(self, body: bytes) -> bool:
        """Tell whether packed bytes are these rules too, whatever they follow."""
        return following(self.body, None) == following(body, None)


@dataclass(frozen=True, slots=True)
class PackEvent:
    """One line of a version's history: who did what, when and why."""

    at: int
    kind: EventKind
    actor: str
    text: str


class PackRows(Protocol):
    """The versions, locked until the transaction ends."""

    def versions(self) -> Sequence[Version]:
        """Lock and give every version, oldest first."""

    def body(self, digest: str) -> bytes:
        """Give the packed bytes of a version."""

    def last_order(self) -> int:
        """Give the row id of the newest order, 0 where there is none."""

    def add(self, version: Version, pack: PackedPack, event: PackEvent) -> Version:
        """Keep a new version with its content and history; gives it with its row's id."""

    def put(self, version: Version, event: PackEvent) -> None:
        """Write what changed of a version, and note it in its history."""


class PackUnit(Protocol):
    """One transaction on rule packs; leaving it without `commit` keeps nothing."""

    packs: PackRows

    def commit(self) -> None:
        """Keep everything."""


class OpenPacks(Protocol):
    """Opens transactions on rule packs."""

    def __call__(self) -> AbstractContextManager[PackUnit]:
        """Open one."""
