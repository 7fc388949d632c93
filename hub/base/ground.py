"""The ground of one hub: what every noun is built on, and where the acts of each are found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hub.base.changes import Broadcaster
from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.base.ids import Ids

Part = TypeVar("Part")


@dataclass(slots=True)
class Ground:
    """What the nouns of one hub are built on.

    `boot` counts the starts of the hub, `folder` holds its files, `health` says what keeps the hub
    from taking orders: whoever serves sets it. `acts` has one object of each type.
    """

    database: Database
    clock: Clock
    ids: Ids
    changes: Broadcaster
    boot: int
    folder: Path
    health: Callable[[], list[str]] = list
    acts: dict[type, object] = field(default_factory=dict)

    def put(self, *parts: object) -> None:
        """Offer parts, each under its type; raises ValueError for a second one of a type."""
        for part in parts:
            if type(part) in self.acts:
                raise ValueError(f"{type(part).__name__} is there already")
            self.acts[type(part)] = part

    def part(self, kind: type[Part]) -> Part:
        """Find the part of a type: `ground.part(OrderActs)`; raises KeyError where none was put."""
        found = self.acts[kind]
        assert isinstance(found, kind)  # noqa: S101  # `put` keeps each under its own type
        return found

    def close(self) -> None:
        """Give everything back."""
        self.database.close()
