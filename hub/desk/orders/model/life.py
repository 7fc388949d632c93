"""An order's states: which may follow which, what each holds, and the words others have for it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

Status = Literal[
    "draft",
    "held",
    "confirmed",
    "allocated",
    "dispatched",
    "delivered",
    "invoiced",
    "cancelled",
    "rejected",
]
"""The states. A confirmed order waits for some quantity, an allocated one has all it needs."""

WireStatus = Literal["confirmed", "confirmed_changed", "held", "rejected", "cancelled"]
"""The five words that terminals know."""

PublicStatus = Literal["pending", "processing", "delivered", "cancelled"]
"""The four words that people ask by; each order has just one."""

STATUSES: Final = get_args(Status)
PUBLIC: Final[tuple[PublicStatus, ...]] = get_args(PublicStatus)


class State(NamedTuple):
    """One state: what it may become, what people call it, and what an order in it holds.

    `reserves` batches, `owes` money that is not billed yet, `counts` towards limits of schemes.
    """

    may_become: frozenset[Status]
    public: PublicStatus
    wire: WireStatus | None
    reserves: bool = False
    owes: bool = False
    counts: bool = False


def _state(
    *may_become: Status, public: PublicStatus, wire: WireStatus | None, holds: str = ""
) -> State:
    return State(
        frozenset(may_become),
        public,
        wire,
        reserves="reserves" in holds,
        owes="owes" in holds,
        counts="counts" in holds,
    )


LIFE: Final[Mapping[Status, State]] = MappingProxyType(
    {
        "draft": _state(
            "held", "confirmed", "allocated", "rejected", "cancelled", public="pending", wire=None
        ),
        "held": _state(
            "confirmed", "allocated", "rejected", "cancelled", public="pending", wire="held"
        ),
        "confirmed": _state(
            "held",
            "allocated",
            "dispatched",
            "cancelled",
            public="processing",
            wire="confirmed",
            holds="reserves owes counts",
        ),
        "allocated": _state(
            "held",
            "confirmed",
            "dispatched",
            "cancelled",
            public="processing",
            wire="confirmed",
            holds="reserves owes counts",
        ),
        "dispatched": _state(
            "confirmed",
            "allocated",
            "delivered",
            "cancelled",
            public="processing",
            wire="confirmed",
            holds="owes counts",
        ),
        "delivered": _state("invoiced", public="delivered", wire="confirmed", holds="owes counts"),
        "invoiced": _state(public="delivered", wire="confirmed", holds="counts"),
        "cancelled": _state(public="cancelled", wire="cancelled"),
        "rejected": _state(public="cancelled", wire="rejected"),
    }
)


def _where(holds: str) -> frozenset[Status]:
    return frozenset(status for status, state in LIFE.items() if getattr(state, holds))


RESERVING: Final = _where("reserves")
"""States in which an order holds batches."""
OWING: Final = _where("owes")
"""States in which an order on credit adds to its customer's exposure."""
COUNTING: Final = _where("counts")
"""States in which an order counts towards limits and budgets of schemes."""
CANCELLABLE: Final[frozenset[Status]] = frozenset({"draft", "held", "confirmed", "allocated"})
"""States in which an order can be cancelled: what is on the road comes back first."""
AMENDABLE: Final = CANCELLABLE
"""States in which an order's content can be changed: what has left cannot be."""
REDIRECTABLE: Final = CANCELLABLE
"""States in which an order's goods can be sent to another address: none of them has left."""

OPEN_OR_DONE: Final[frozenset[Status]] = frozenset(LIFE) - {"draft", "cancelled", "rejected"}
"""States of orders that were meant, and that nobody gave up."""


class TransitionError(Exception):
    """The order cannot go from the status it has to the one asked for."""

    def __init__(self, current: Status, asked: Status) -> None:
        super().__init__(f"the order is {current}: it cannot become {asked}")
        self.current = current
        self.asked = asked


def check_transition(current: Status, asked: Status) -> None:
    """Raise TransitionError unless `asked` may follow `current`, or is where the order stands."""
    if asked != current and asked not in LIFE[current].may_become:
        raise TransitionError(current, asked)


def wire_status(status: Status, *, changed: bool) -> WireStatus:
    """Give the wire's word: a confirmed order that is not as asked is `confirmed_changed`.

    Raises ValueError for a draft, which no terminal hears of.
    """
    word = LIFE[status].wire
    if word is None:
        raise ValueError(f"a {status} order is never sent")
    return "confirmed_changed" if word == "confirmed" and changed else word


def public_of(status: Status) -> PublicStatus:
    """Give the public status of an order in this state: pending, processing, delivered, cancelled.

    Lists, records, filters, files, programs and reports all have it from here.
    """
    return LIFE[status].public


def statuses_of(public: PublicStatus) -> frozenset[Status]:
    """Give the states that people call by one of the four words."""
    return frozenset(status for status, state in LIFE.items() if state.public == public)
