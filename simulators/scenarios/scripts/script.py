"""A scenario as it is read: frozen steps, and what is expected of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

State = Literal["online", "offline", "queued", "answered", "printed"]
"""What a step may wait for at a counter."""
STATES: Final[tuple[State, ...]] = ("online", "offline", "queued", "answered", "printed")
SUMS: Final = ("submitted", "confirmed", "changed", "held", "rejected", "refused", "misread")
"""The sums that a scenario may expect; lost and doubled orders are never expected."""


@dataclass(frozen=True, slots=True)
class OrderStep:
    """Somebody orders so many products at a counter; `misread` says that it may fail."""

    at: str
    lines: int = 1
    quantity: int = 1
    misread: bool = False


@dataclass(frozen=True, slots=True)
class ScanStep:
    """Somebody scans codes at a counter."""

    at: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultStep:
    """A fault strikes and lasts while the steps that follow are played, until its `end`."""

    kind: str
    where: float = 0.0


@dataclass(frozen=True, slots=True)
class EndStep:
    """A fault that was begun ends."""

    kind: str


@dataclass(frozen=True, slots=True)
class WaitStep:
    """The play waits until a counter shows something, or for some seconds."""

    at: str = ""
    until: State | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class StaffStep:
    """The staff does some things, as the seed says."""

    times: int


Step = OrderStep | ScanStep | FaultStep | EndStep | WaitStep | StaffStep


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario, its repeats and other files played out; `expect` are sums at the end."""

    name: str
    purpose: str
    steps: Sequence[Step]
    expect: Mapping[str, int] = field(default_factory=dict)
    seed: int = 1

    @property
    def faults(self) -> frozenset[str]:
        """Name the kinds of faults in it."""
        return frozenset(step.kind for step in self.steps if isinstance(step, FaultStep))
