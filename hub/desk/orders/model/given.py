"""Orders that the hub has forgotten, as it decided them: what a terminal gives back of them."""

from collections import Counter
from dataclasses import dataclass

from hub.desk.orders.model.life import Status, WireStatus
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause, OrderRequest
from rules import Order, Result


@dataclass(frozen=True, slots=True)
class GivenContent:
    """What a revision of an order came to; the result is None where nothing was priced."""

    order: Order
    result: Result | None
    currency: str
    scale: int
    pack: str | None
    pack_version: int
    credit_left: int | None


@dataclass(frozen=True, slots=True)
class GivenRevision:
    """One revision as it was told; without `own` content it has that of the one before."""

    revision: int
    status: WireStatus
    at_ms: int
    reasons: tuple[Reason, ...]
    content: GivenContent
    own: bool = True


@dataclass(frozen=True, slots=True)
class GivenOrder:
    """An order with all its revisions, by number from 1."""

    request: OrderRequest
    revisions: tuple[GivenRevision, ...]


def status_of(given: GivenRevision) -> Status:
    """Give the state that a revision was in.

    Terminals hear `confirmed` of an order that waits for some of its goods, and of one that has
    them all: which of the two it was is what its batches add up to.
    """
    if given.status not in {"confirmed", "confirmed_changed"}:
        return given.status  # type: ignore[return-value]  # the other words are the same
    result = given.content.result
    return "allocated" if result and _has_all(result) else "confirmed"


def cause_of(given: GivenRevision) -> Cause:
    """Say why an order had a revision, as far as its state tells."""
    if given.revision == 1:
        return "placed"
    causes: dict[WireStatus, Cause] = {
        "cancelled": "cancelled",
        "held": "held",
        "rejected": "refused",
    }
    return causes.get(given.status, "released")


def _has_all(result: Result) -> bool:
    wanted = Counter({(False, one.number): int(one.quantity) for one in result.lines})
    wanted.update({(True, one.number): int(one.quantity) for one in result.free})
    for part in result.allocations:
        wanted[part.free, part.number] -= part.quantity
    return not any(wanted.values())
