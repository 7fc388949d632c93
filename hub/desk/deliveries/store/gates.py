"""Credit at delivery: asked of the rules once more before goods leave, as the pack says."""

from collections.abc import Mapping, Sequence
from typing import Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts.model import with_exposure
from hub.desk.accounts.store import posted_for
from hub.desk.deliveries.store.notes import OrderOnNote
from hub.desk.orders.deciding import Desk, lock_customers
from hub.desk.orders.model.availability import Counterparty
from rules import CompiledPack, Facts, GateCheck, Totals, check_gate

_TOTALS: Final = """
SELECT gross, discount, net, tax, round_off, payable FROM order_revision
WHERE order_id = ? AND revision = ?
"""
_SAID: Final = """
SELECT code, rule FROM approval_decision
WHERE order_id = ? AND answer <> 'no' AND (content_hash = ? OR offer_hash = ?)
"""


def check_credit(
    t: Transaction, desk: Desk, leaving: Sequence[OrderOnNote]
) -> Mapping[int, GateCheck]:
    """Ask for each note whether credit lets its goods leave, by the note's id; accounts are locked.

    The pack that serves says at which gates credit counts. What was approved of this very content
    of an order is approved here too. A note that somebody let pass is only stopped by what nobody
    may let pass. Notes that may leave are not among what is given back.
    """
    codes = {one.order.request.order.customer for one in leaving}
    found = lock_customers(t, desk, codes)
    t.lock(LockRank.ACCOUNT, {one.id for one in found.values()})
    pack = desk.packs.current(t)
    stopped = {}
    for one in leaving:
        customer = found.get(one.order.request.order.customer)
        if pack is None or customer is None:
            continue
        check = _check(t, desk, one, customer=customer, pack=pack)
        if not _may_leave(t, one, check):
            stopped[one.note.id] = check
    return stopped


def _check(
    t: Transaction,
    desk: Desk,
    one: OrderOnNote,
    *,
    customer: Counterparty,
    pack: CompiledPack,
) -> GateCheck:
    order = one.order.request.order
    without = customer.credit.exposure - posted_for(t, one.order.id)
    facts = Facts(
        as_of=str(t.at_ms),
        customer=customer.customer_on(order.business_date),
        products=desk.catalogues.current(t).products,
        credit=with_exposure(customer.credit, without),
    )
    row = t.rows(_TOTALS, (one.order.id, one.note.content))[0]
    return check_gate("delivery", order, Totals(*row), facts=facts, pack=pack)


def _may_leave(t: Transaction, one: OrderOnNote, check: GateCheck) -> bool:
    if check.outcome != "hold":
        return check.outcome == "accept"
    if one.note.passed_by is not None:
        return True
    digest = one.order.content_hash
    said = {tuple(row) for row in t.rows(_SAID, (one.order.id, digest, digest))}
    needs = {(need.code, need.rule) for need in check.approvals}
    return bool(needs) and needs <= said
