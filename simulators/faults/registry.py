"""Everything that can be made to go wrong: one list for the bench, the fleet and the scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Part = Literal["line", "broker", "hub", "database", "mail", "portal", "terminals", "strangers"]
"""What a fault strikes."""

LONGEST_S: Final = 120.0
"""No fault lasts longer: what never ends proves nothing but that it was there."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to go wrong; `weight` says how often of all blows, `lasts_s` how long at most.

    A fault with `lasts_s` of 0 is over at once, as a reset connection is.
    """

    name: str
    part: Part
    purpose: str
    weight: int
    lasts_s: float = 0.0


_KINDS: Final = (
    FaultKind("line_slow", "line", "each piece of the line waits 300 ms", 6, 8),
    FaultKind("line_narrow", "line", "the line carries 20 kB a second", 4, 8),
    FaultKind("line_silent", "line", "nothing passes, and nobody is told", 4, 12),
    FaultKind("line_refused", "line", "the cable is pulled: all is cut, nobody gets in", 6, 10),
    FaultKind("line_reset", "line", "every connection is reset once", 6),
    FaultKind("line_torn", "line", "connections end in the middle of a message", 5, 3),
    FaultKind("line_doubled", "line", "every message to the hub comes twice", 5, 8),
    FaultKind("line_shuffled", "line", "messages to the hub change places", 5, 8),
    FaultKind("broker_killed", "broker", "the broker is killed and started again", 6, 4),
    FaultKind("broker_frozen", "broker", "the broker does nothing for a while", 3, 5),
    FaultKind("hub_killed", "hub", "the hub, or one of its workers, is killed", 8, 4),
    FaultKind("hub_killed_at_work", "hub", "a program is killed in the middle of an order", 6, 4),
    FaultKind("hub_frozen", "hub", "the hub, or one of its workers, does nothing", 4, 5),
    FaultKind("hub_disk_full", "hub", "the hub can write nothing to its disk", 4, 5),
    FaultKind("disk_slow", "hub", "each fsync of the hub waits 400 ms", 3, 10),
    FaultKind("hub_restored", "hub", "the hub's books are put back from a backup", 2),
    FaultKind("database_killed", "database", "PostgreSQL is killed and started again", 5, 3),
    FaultKind("mail_down", "mail", "the mail server hangs up on whoever comes", 3, 10),
    FaultKind("portal_down", "portal", "the portal of e-invoices hangs up on whoever comes", 3, 10),
    FaultKind(
        "portal_late", "portal", "the portal takes a document and hangs up before its answer", 3, 10
    ),
    FaultKind("street_dark", "terminals", "a street of terminals loses its power", 5, 4),
    FaultKind("terminal_disk_full", "terminals", "a street of terminals cannot write", 3, 4),
    FaultKind("clock_wrong", "terminals", "terminals believe in a day years away", 3, 10),
    FaultKind("paper_out", "terminals", "a third of the printers has no paper", 4, 8),
    FaultKind("cover_open", "terminals", "a third of the printers stands open", 3, 6),
    FaultKind("card_swapped", "terminals", "a terminal starts from a new card", 2),
    FaultKind("stranger_floods", "strangers", "strangers send rubbish to the broker", 3, 4),
    FaultKind("stranger_stalls", "strangers", "strangers hold the pages' connections", 3, 6),
)

KINDS: Final[Mapping[str, FaultKind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every fault by its name."""
