"""A version's content: packed, compiled, with its files and what is doubted of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hub.desk.rulepacks.model.versions import Origin, Version
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


Told = tuple[str, Mapping[str, str]]
"""A phrase of the catalogues with its parameters, as `("told.back_to", {"version": "1"})`."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the linter doubts about one rule; `severity` is `error` or `warning`."""

    severity: str
    code: str
    rule: str
    text: str
    place: str = ""
    """The file with line and column, as `schemes.yaml:3:5`."""

    def __str__(self) -> str:
        about = f"{self.rule}: " if self.rule else ""
        return f"{self.place}: {self.severity}: {about}{self.text} [{self.code}]"


@dataclass(frozen=True, slots=True)
class PackedPack:
    """A checked rule pack: its bytes, compiled, its files as written, and what is doubted."""

    body: bytes
    compiled: CompiledPack
    files: Mapping[str, bytes] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()

    @property
    def errors(self) -> tuple[Doubt, ...]:
        """Give the doubts that keep the rules from being used."""
        return tuple(one for one in self.doubts if one.severity == "error")

    def after(self, previous: str) -> "PackedPack":
        """Give the same rules as the ones that follow the pack of this hash."""
        if self.compiled.previous == previous:
            return self
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
    """One line of a version's history: who did what, when and why.

    `text` is in the words of who did it, `told` what the hub adds, for whoever reads it later.
    """

    at: int
    kind: EventKind
    actor: str
    text: str
    told: tuple[Told, ...] = ()


def draft(pack: PackedPack, *, by: str, now_ms: int, origin: Origin = "added") -> Version:
    """Write a draft of a pack's content."""
    compiled = pack.compiled
    return Version(0, compiled.name, compiled.version, compiled.hash, origin, now_ms, by)
