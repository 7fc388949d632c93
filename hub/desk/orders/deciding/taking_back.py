"""Take an order back that the hub has forgotten: as it was decided, without deciding it again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.accounts.model import exposure_of
from hub.desk.accounts.store import billed_by
from hub.desk.orders import tables
from hub.desk.orders.deciding.changing import (
    Changed,
    StateOnly,
    hold,
    holdings_of,
    keep_state,
    say_changed,
    take_differences,
    write_state,
)
from hub.desk.orders.deciding.locking import LockedOrder, lock_order
from hub.desk.orders.deciding.placing import write_lines
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.deciding.rows import OrderRow, RevisionRow, Written, order_row, revision_row
from hub.desk.orders.deciding.summing import count_in_stored, move_to
from hub.desk.orders.model.availability import Availability, Holdings
from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.events import OrderHeld
from hub.desk.orders.model.given import (
    GivenContent,
    GivenOrder,
    GivenRevision,
    cause_of,
    price_again,
    status_of,
    told_otherwise,
)
from hub.desk.orders.model.life import CANCELLABLE, LIFE, OPEN_OR_DONE, OWING, Status
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.model.request import content_hash
from hub.desk.orders.model.verdict import Verdict, judge
from hub.desk.rulepacks.model.versions import ReplacedPack
from rules import UNCOUNTED, ApprovalNeed, CompiledPack, OrderLine, Quantity, Result

_COUNTERS: Final = "SELECT rule, scope FROM scheme_counter WHERE scope IN "
_REASONS: Final = "SELECT reasons FROM order_revision WHERE order_id = ? AND revision = ?"
_LEFT: Final = OPEN_OR_DONE - CANCELLABLE
"""States of orders whose goods are on the road, or were brought."""
_SERVED: Final = "SELECT 1 FROM rule_pack WHERE hash = ? AND starts_at <= ?"


class Restored(NamedTuple):
    """An order that was taken back: its row, and the revisions written of those that were told.

    `stands` is the state that it has by now where that is not as it was told; `has_gone_on` says
    that it stayed as it is here, as its goods are picked, have left, or are billed.
    """

    order: int
    revisions: tuple[int, ...] = ()
    stands: Status | None = None
    has_gone_on: bool = False


def take_back(t: Transaction, desk: Desk, given: GivenOrder, *, are_told: bool = True) -> Restored:
    """Write the revisions of an order that are not here, and have the books follow the newest.

    What stock cannot cover any more, or whose customer is gone, is held for people, as one revision
    more. An order that is picked, has left or is billed here stays so, and is told again: goods on
    the road are not taken back by what a shop was told before. Unless the revisions `are_told`, its
    terminal hears of the newest. Raises StoringError.
    """
    known = lock_order(t, given.request.uuid)
    have = known.revision if known else 0
    missing = [one for one in given.revisions if one.revision > have]
    if not missing:
        return Restored(known.id if known else 0)
    holdings = holdings_of(t, known.id) if known else Holdings()
    availability = _read(t, desk, given, holdings=holdings)
    order = known.id if known else t.next_ids(tables.order_, 1)[0]
    written = [
        Written(order, one.revision, cause_of(one), _decided(given, one, availability), t.actor,
                one.at_ms)
        for one in missing
    ]  # fmt: skip
    _write(t, given, missing, written=written, known=known)
    newest = written[-1]
    revisions = tuple(one.revision for one in missing)
    if known and _has_gone_on(t, known):
        differs = _differs(missing[-1].content, known, availability)
        _tell_again(t, known, revision=newest.revision + 1, differs=differs)
        return Restored(order, revisions, known.status, has_gone_on=True)
    if known and not are_told:
        decided = newest.decided
        changed = Changed(known, newest.revision, decided.status, decided.reasons)
        say_changed(t, known, changed, cause=newest.cause)
    why = _uncovered(newest.decided, availability)
    if why:
        hold(t, _locked(newest), why)
    else:
        _take(t, newest, holdings=holdings, availability=availability)
    if newest.decided.status == "held":
        t.say(OrderHeld(given.request.uuid, newest.revision, ()))
    for topic in ("orders", "stock"):
        t.changed(topic)
    return Restored(order, revisions, "held" if why else None)


def settle_otherwise(
    t: Transaction, desk: Desk, given: GivenOrder, *, told: str
) -> Restored | None:
    """Settle an order of whose newest revision its terminal was told otherwise than it is here.

    A terminal takes each number once, so the order gets one revision more. What waits here for a
    decision stands as on paper. What was decided is held for a person, with what was `told`; and
    what has left, is billed or was given up stays as it is, and is told again. Either notice says
    which quantities and amounts differ. None where a higher revision tells the terminal anyway.
    Raises StoringError.
    """
    order, newest = lock_order(t, given.request.uuid), given.revisions[-1]
    if order is None or order.revision > newest.revision:
        return None
    if order.status == "held" and order.hold is None:
        next_one = replace(newest, revision=order.revision + 1)
        again = replace(given, revisions=(*given.revisions, next_one))
        return take_back(t, desk, again, are_told=False)
    availability = _read(t, desk, given, holdings=holdings_of(t, order.id))
    differs = _differs(newest.content, order, availability)
    may_be_held = order.status == "held" or "held" in LIFE[order.status].may_become
    if may_be_held and not _has_gone_on(t, order):
        hold(t, order, f"given back by its terminal; {told}", more=differs)
        return Restored(order.id, stands="held")
    _tell_again(t, order, revision=order.revision + 1, differs=differs)
    return Restored(order.id, stands=order.status)


def _has_gone_on(t: Transaction, order: LockedOrder) -> bool:
    """Tell whether an order's goods are being picked or have left, or invoices bill it."""
    return bool(order.note or order.status in _LEFT or billed_by(t, order.id))


def _differs(
    told: GivenContent, order: LockedOrder, availability: Availability
) -> tuple[Reason, ...]:
    """Say what an order is here that its terminal was told otherwise."""
    products = availability.catalogue.products
    return told_otherwise(told, order.request.order, products, payable=order.payable)


def _tell_again(
    t: Transaction, order: LockedOrder, *, revision: int, differs: tuple[Reason, ...]
) -> None:
    """Tell a terminal how an order stood when it was locked, why, and what it has otherwise."""
    reasons = read_reasons(bytes(t.rows(_REASONS, (order.id, order.revision))[0][0])) + differs
    state = StateOnly(
        *(order.id, revision, "restored", order.status, reasons, t.actor, t.at_ms),
        like=order.revision,
    )
    keep_state(t, order, state)


def _read(t: Transaction, desk: Desk, given: GivenOrder, *, holdings: Holdings) -> Availability:
    """Lock and read what the newest revision holds of the books, its free goods too."""
    content = given.revisions[-1].content
    result, order = content.result, content.order
    free = [one.sku for one in result.free] if result else []
    lines = [OrderLine(0, sku, Quantity(1)) for sku in free]
    asked = replace(order, lines=(*order.lines, *lines))
    request = given.request.with_order(asked)
    availability = read_availability(t, desk, [request], holdings=holdings)
    named = {one.content.pack for one in given.revisions}
    packs = {digest: desk.packs.earlier(t, digest) for digest in named if digest}
    earlier = {
        digest: ReplacedPack(pack, t.at_ms) for digest, pack in packs.items() if pack is not None
    }
    availability.honoured = {**availability.honoured, **earlier}
    scopes = sorted({one.scope for one in (result.changes if result else ())})
    found = t.rows_in(_COUNTERS, scopes, locked_by="rule, scope")
    availability.counted |= {(rule, scope) for rule, scope in found}
    return availability


def _decided(given: GivenOrder, one: GivenRevision, availability: Availability) -> Decided:
    """Write a revision as the decision that it was; its rule pack is known by name only."""
    content, status = one.content, status_of(one)
    payable = content.result.totals.payable if content.result else 0
    counterparty = availability.customers.get(content.order.customer)
    again = (
        price_again(content, availability, counterparty, at_ms=one.at_ms) if counterparty else None
    )
    result = content.result
    needs: tuple[ApprovalNeed, ...] = ()
    if result is not None and again is not None:
        result = replace(result, price_hash=again[0].price_hash)
        needs = _needs(one, again, given)
    changed = one.status == "confirmed_changed"
    return Decided(
        request=replace(given.request, order=content.order),
        verdict=Verdict(status, one.reasons, changed=changed, needs=needs),
        pack=None,
        catalogue=availability.catalogue,
        exposure=exposure_of(owes=status in OWING, payment=content.order.payment, payable=payable),
        credit_left=content.credit_left,
        counterparty=counterparty,
        result=result,
    )


def _needs(
    one: GivenRevision, again: tuple[Result, CompiledPack], given: GivenOrder
) -> tuple[ApprovalNeed, ...]:
    """Say who may release what was held: as the rule pack says for the holds that were told."""
    if one.status != "held":
        return ()
    told = {reason.code for reason in one.reasons}
    verdict = judge(again[0], given.request.quote, again[1])
    return tuple(need for need in verdict.needs if need.code in told)


def _write(
    t: Transaction,
    given: GivenOrder,
    missing: Sequence[GivenRevision],
    *,
    written: Sequence[Written],
    known: LockedOrder | None,
) -> None:
    """Write the order where it is not here, and its revisions with the amounts as told."""
    newest = written[-1]
    if known is None:
        first = newest._replace(made_at=written[0].made_at)
        t.insert(tables.order_, OrderRow._fields, [order_row(first)])
    for one, row in zip(missing, written, strict=True):
        _write_revision(t, given, one, row=row)
    if known is None:
        count_in_stored(t, newest.order)
    else:
        move_to(t, newest.order, newest.decided.status, revision=newest.revision)


def _write_revision(t: Transaction, given: GivenOrder, one: GivenRevision, *, row: Written) -> None:
    status = row.decided.status
    if not one.own and status not in OWING:
        state = StateOnly(
            row.order, row.revision, row.cause, status, one.reasons, row.made_by, row.made_at
        )
        write_state(t, state)
        return
    told = _as_told(t, given, one, row=revision_row(row))
    t.insert(tables.order_revision, RevisionRow._fields, [told])
    write_lines(t, [row])


def _as_told(
    t: Transaction, given: GivenOrder, one: GivenRevision, *, row: RevisionRow
) -> RevisionRow:
    """Put what the revision's rule pack said in its place: the pack itself may be forgotten too."""
    content: GivenContent = one.content
    pack = content.pack if content.pack and t.rows(_SERVED, (content.pack, one.at_ms)) else None
    payable = content.result.totals.payable if content.result else 0
    digest = content_hash(given.request.seller, content.order, pack=pack, payable=payable)
    quote = given.request.quote
    # The price's own hash was not told. Where the rules do not say it again it is the quote's, of
    # an order that was confirmed as quoted.
    as_quoted = quote is not None and one.status == "confirmed" and quote.payable == payable
    priced = row.price_hash or (quote.price_hash if quote is not None and as_quoted else digest)
    return row._replace(
        currency=content.currency,
        scale=content.scale,
        pack_hash=pack,
        pack_version=content.pack_version,
        price_hash=priced if content.result else None,
        content_hash=digest,
    )


def _locked(written: Written) -> LockedOrder:
    """Give an order as it was just written: its rows are this transaction's own."""
    decided = written.decided
    return LockedOrder(
        id=written.order,
        status=decided.status,
        revision=written.revision,
        content_hash=decided.content_hash,
        payable=decided.payable,
        pack_hash=None,
        customer_id=decided.counterparty.id if decided.counterparty else None,
        hold=None,
        changed=decided.verdict.changed,
        request=decided.request,
    )


def _uncovered(decided: Decided, availability: Availability) -> str:
    """Say why the books cannot follow a revision any more; empty where they can."""
    if not decided.takes or decided.result is None:
        return ""
    if decided.counterparty is None:
        return f"given back by its terminal; customer {decided.request.order.customer} is not known"
    day = decided.request.order.business_date
    overspent = _overspent(decided.result, availability, day)
    if overspent:
        return f"given back by its terminal; {overspent}"
    wanted: Counter[tuple[str, str]] = Counter()
    for part in decided.result.allocations:
        wanted[part.sku, part.batch] += part.quantity
    warehouse = decided.request.warehouse.id
    for (sku, batch), quantity in sorted(wanted.items()):
        lots = availability.batches.get((warehouse, sku), ())
        left = sum(lot.available for lot in lots if lot.id == batch)
        if left < quantity:
            return (
                f"given back by its terminal; it was promised {quantity} of {sku} "
                f"from batch {batch}, which has {left}"
            )
    return ""


def _overspent(result: Result, availability: Availability, day: date) -> str:
    """Say of which scheme an order was given more than is left in all; empty where there is none.

    What the terminals hold of leases is left out: it evens out as they are heard.
    """
    changes = {one.key: one for one in result.changes}
    for bound in availability.pack.shared if availability.pack else ():
        key = bound.key(day)
        change = changes.get(key)
        if change is None:
            continue
        had = availability.counts.get(key, UNCOUNTED)
        for most, used, more in (
            (bound.uses, had.uses, change.used),
            (bound.amount, had.money, change.spent),
            (bound.pieces, had.pieces, change.pieces),
        ):
            if most is not None and more and used + more > most:
                left = max(0, most - used)
                return f"it was given {more} of scheme {bound.rule}, of which {left} are left"
    return ""


def _take(
    t: Transaction, written: Written, *, holdings: Holdings, availability: Availability
) -> None:
    """Have the books follow the newest revision."""
    decided = written.decided
    customer = decided.counterparty.id if decided.counterparty else None
    if decided.takes and decided.result is not None and customer is not None:
        availability.take(
            decided.request.warehouse.id,
            decided.result.allocations,
            decided.result.changes,
            customer=customer,
            exposure=decided.exposure,
            lessee=decided.request.lessee,
        )
    take_differences(t, written, customer=customer, holdings=holdings, availability=availability)
