"""An order in the frame of records: its life as a row of steps, what can be done, what happened."""

from collections.abc import Mapping

from hub.base.access import Session
from hub.base.history import Entry
from hub.base.words import PageWords
from hub.desk.orders.model.life import AMENDABLE, CANCELLABLE, REDIRECTABLE, RESERVING
from hub.desk.orders.reads.order import OrderDetail, Revision
from hub.desk.orders.words import look_of, tell_reason
from hub.web.frames.records import Action, Actions, Happened, Record, Step
from hub.web.papers import paper_actions


def record_of(
    order: OrderDetail, session: Session, words: PageWords, *, elsewhere: bool = False
) -> Record:
    """Say what the frame shows of an order; `elsewhere`: its goods could go to another address."""
    head = order.head
    return Record(
        noun="order",
        key=head.uuid,
        number=head.number,
        name=head.customer or head.customer_code,
        address=f"/orders/{head.uuid}",
        back="/orders",
        topics=("orders",),
        ribbon=ribbon_of(order, words),
        actions=_actions(order, session, words, elsewhere=elsewhere),
        timeline=(
            *(_redirected(one, words, staff=session.is_staff) for one in reversed(order.moved)),
            *(
                _happened(one, words, order.names, staff=session.is_staff)
                for one in reversed(order.revisions)
            ),
        ),
        for_shop=True,
        files="orders.amend" if session.is_staff else "",
    )


def _actions(order: OrderDetail, session: Session, words: PageWords, *, elsewhere: bool) -> Actions:
    """Offer what staff may do beside deciding: change the order, copy it, hold it, cancel it.

    `elsewhere` says that there is another address that its goods could go to.
    """
    head, beside, others = order.head, [], []
    free = not head.delivery  # whoever picks it gives it back first
    if session.may("orders.amend") and head.status in AMENDABLE and free:
        address = f"/orders/{head.uuid}/amend"
        beside.append(Action(words.text("entry.amend"), "pencil", address=address, key="e"))
    if session.may("orders.place"):
        address = f"/orders/new?copy={head.uuid}&fresh=1"
        if session.is_staff:
            others.append(Action(words.text("entry.copy"), "plus", address=address, key="c"))
        else:
            again = words.text("entry.again_whole")
            beside.append(Action(again, "refresh", address=address, key="c"))
    others += paper_actions(f"/orders/{head.uuid}", words)
    if session.may("orders.amend") and head.status == "confirmed" and free:
        sent = (("seen", str(head.revision)),)
        for step, text, icon in (
            ("fill", "order.fill", "package"),
            ("split", "order.split", "plus"),
        ):
            address = f"/orders/{head.uuid}/{step}"
            others.append(Action(words.text(text), icon, address=address, fields=sent))
    if session.may("orders.amend") and head.status in REDIRECTABLE and elsewhere:
        others.append(Action(words.text("order.redirect"), "truck", opens="redirect"))
    if session.may("orders.hold") and head.status in RESERVING and free:
        hold = words.text("order.hold_this")
        others.append(Action(hold, "player-pause", opens="hold"))
    if session.may("orders.cancel") and head.status in CANCELLABLE and free:
        cancel = words.text("order.cancel_this")
        others.append(Action(cancel, "ban", opens="cancel", danger=True))
    return Actions(beside=tuple(beside), others=tuple(others))


def _happened(
    one: Revision, words: PageWords, names: Mapping[str, str], *, staff: bool
) -> Happened:
    """Tell of one revision: why it was made, and what it came to.

    A shop is told no person's name, no stock and no rule.
    """
    said = [
        tell_reason(reason, one.scale, words, staff=staff, names=names, currency=one.currency)
        for reason in one.reasons
        if reason.line is None
    ]
    cause = words.named("cause", one.cause)
    what = words.text("order.event", cause=cause, revision=one.number)
    return Happened(one.made_at, one.made_by if staff else "", what, why="; ".join(said))


def _redirected(one: Entry, words: PageWords, *, staff: bool) -> Happened:
    """Tell that an order's goods go to another address: from where to where, and why."""
    own = words.text("order.own_address")
    old, new = (str(place) if place else own for place in (one.old, one.new))
    who = one.who if staff else ""
    return Happened(one.at_ms, who, words.text("order.redirected"), old, new, one.why)


def ribbon_of(order: OrderDetail, words: PageWords) -> tuple[Step, ...]:
    """Lay out captured, each revision, and the batches that are held by now."""
    steps = [Step(words.text("ribbon.captured"), "ow-good", "receipt-2", at=order.head.captured_at)]
    for revision in order.revisions:
        look = look_of(revision.status, changed=revision.changed)
        is_newest = revision is order.newest
        cause, state = words.named("cause", revision.cause), words.text(look.words)
        # A credit note leaves an order invoiced: "Invoiced" twice in a row would say nothing.
        name = state if is_newest and state != steps[-1].words else cause
        steps.append(Step(name, look.tone, look.icon, at=revision.made_at, current=is_newest))
    newest = order.newest
    picked = [pick for line in (*newest.lines, *newest.free) for pick in line.picks]
    held = {pick.batch for pick in picked if not pick.released}
    if held:
        note = words.counted("ribbon.batches", len(held))
        steps.append(Step(words.text("ribbon.allocated"), "ow-good", "package", note=note))
    return tuple(steps)
