"""Orders that the hub has forgotten, as it decided them: what a terminal gives back of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.desk.orders.model.asked import differences
from hub.desk.orders.model.availability import Availability, Counterparty
from hub.desk.orders.model.life import Status, WireStatus
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause, OrderRequest
from rules import CompiledPack, Facts, Order, PricedLine, Product, Result, evaluate

_ARE_TOLD: Final = frozenset({"quantity_now", "line_added", "line_taken_off", "payment_now"})
"""What of an order's content a terminal is told, so that it can be told otherwise."""


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


def told_otherwise(
    told: GivenContent, here: Order, products: Mapping[str, Product], *, payable: int
) -> tuple[Reason, ...]:
    """Say in reasons what an order is here that its terminal was told otherwise.

    A terminal that was told of 5 TEA for 550.00, of which 3 for 330.00 are here, hears "3 instead
    of 5 of Tea" and "the total is 330.00, the counter showed 550.00".
    """
    lines = [one for one in differences(told.order, here, products) if one.code in _ARE_TOLD]
    then = told.result.totals.payable if told.result else payable
    if then != payable:
        lines.append(Reason("total_changed", {"now": payable, "then": then}))
    return tuple(lines)


def cause_of(given: GivenRevision) -> Cause:
    """Say why an order had a revision, as far as its state tells.

    Who released or refused it is forgotten: that it stands so is by what its terminal was told.
    """
    if given.revision == 1:
        return "placed"
    causes: dict[WireStatus, Cause] = {"cancelled": "cancelled", "held": "held"}
    return causes.get(given.status, "restored")


def _has_all(result: Result) -> bool:
    wanted = Counter({(False, one.number): int(one.quantity) for one in result.lines})
    wanted.update({(True, one.number): int(one.quantity) for one in result.free})
    for part in result.allocations:
        wanted[part.free, part.number] -= part.quantity
    return not any(wanted.values())


def price_again(
    content: GivenContent, availability: Availability, counterparty: Counterparty, *, at_ms: int
) -> tuple[Result, CompiledPack] | None:
    """Ask the rules once more of what was told; None where they do not say the same any more.

    The pack that it was decided by has to be here. Stock is left out: a price is of what was asked
    for. Where a line was promised whole it has to come to what was told, and each unit price too.
    """
    pack, told = availability.pack_named(content.pack), content.result
    if pack is None or told is None:
        return None
    facts = Facts(
        as_of=str(at_ms),
        customer=counterparty.customer_on(content.order.business_date),
        products=availability.catalogue.products,
        credit=availability.credit_of(counterparty),
        batches=None,
    )
    try:
        again = evaluate(content.order, facts, availability.counters(str(at_ms), None), pack)
    except Exception:  # noqa: BLE001  # what cannot be priced again keeps what was told of it
        return None
    lines = {one.number: one for one in again.lines}
    if lines.keys() != {one.number for one in told.lines}:
        return None
    same = all(_is_same(one, lines[one.number]) for one in told.lines)
    return (again, pack) if same else None


def _is_same(told: PricedLine, again: PricedLine) -> bool:
    if told.unit_price != again.unit_price:
        return False
    return told.quantity != told.ordered or (told.net, told.tax) == (again.net, again.tax)
