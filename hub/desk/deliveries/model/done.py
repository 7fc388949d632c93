"""What acts of deliveries give back."""

from dataclasses import dataclass

from hub.desk.deliveries.model.life import State


@dataclass(frozen=True, slots=True)
class Waved:
    """A pick list by its row id, with the ids of its notes; `again`: it was there before."""

    wave: int
    notes: tuple[int, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How many base units were counted as picked, and of which product's last line."""

    sku: str
    batch: str
    quantity: int
    left: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a note stands now; `again` says that it stood there before and nothing was done."""

    delivery: int
    state: State
    again: bool = False


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo by its number within its note; `again`: it was there before."""

    delivery: int
    number: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A trip by its row id; `again`: these very notes are on it already."""

    trip: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class OrderedAgain:
    """The order that was made of what was not delivered; `again`: it was made before."""

    order: str
    number: str
    again: bool = False
