"""What a bench page is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from simulators.devices import SimulatedPrinter
from simulators.faults.registry import FaultKind


class Scans(Protocol):
    """A scanner that can be made to read a code."""

    def scan(self, code: str) -> None:
        """Read one code; raises OSError where nobody listens."""
        ...


class Switch(Protocol):
    """Something of the world around that can be broken and put right, as the network."""

    @property
    def is_cut(self) -> bool:
        """Tell whether it is broken now."""
        ...

    def cut(self) -> None:
        """Break it."""
        ...

    def restore(self) -> None:
        """Put it right."""
        ...


class Faults(Protocol):
    """What of the registry can be broken around a bench, from any thread."""

    def kinds(self) -> Sequence[FaultKind]:
        """Give the faults that can be brought about here."""
        ...

    def going(self) -> frozenset[str]:
        """Name the faults that strike now."""
        ...

    def begin(self, kind: str) -> None:
        """Bring a fault about; nothing happens where it strikes already."""
        ...

    def end(self, kind: str) -> None:
        """End a fault; nothing happens where it does not strike."""
        ...


@dataclass(frozen=True, slots=True)
class ShelfProduct:
    """One tile on the shelf."""

    code: str
    """What the scanner reads from the pack: a GTIN, or a SKU."""
    name: str
    group: str = ""
    """Products of one group stand together."""
    note: str = ""
    """A few words more: pack size, price."""


@dataclass(frozen=True, slots=True)
class OtherBench:
    """The bench of another counter: what it is called, and where its page is."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSettings:
    """The one counter terminal that the page stands around."""

    products: Sequence[ShelfProduct]
    scanner: Scans
    printer: SimulatedPrinter
    screen: Callable[[], object] | None = None
    """Looks at the terminal's screen, and gives None where it is off; see `screen_of_page`."""
    hub_url: str | None = None
    """The hub's page of orders."""
    sign_in_hint: str = ""
    """How to sign in there, in words: `staff / secret`."""
    network: Switch | None = None
    faults: Faults | None = None
    """Everything else that can be broken, and put right."""
    terminal: str = "counter-1"
    """The terminal's name, by which its messages are known on the line."""
    line: Callable[[Callable[[bytes], None]], Callable[[], None]] | None = None
    """Lets somebody see each MQTT packet on the terminal's line; gives what ends that."""
    title: str = "Counter"
    others: Sequence[OtherBench] = ()
    """The benches of other counters, to choose between."""
