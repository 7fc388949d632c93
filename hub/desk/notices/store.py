"""Notices written inside a given transaction: wanted with the event, told by a job of its own."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from hub.base.jobs import Job, enqueue
from hub.base.transaction import Transaction
from hub.desk.notices.model import APPROVERS, MANAGER, REQUESTER, Event, Rule, due_of, event_of
from hub.desk.notices.tables import notice, notice_rule
from hub.desk.orders.model.events import OrderChanged, OrderHeld
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.parties.reads import scope_of
from hub.desk.parties.store import business_day
from hub.desk.parties.store.tree import business_zone
from hub.desk.people.model.accounts import Account
from hub.desk.people.store.rows import user_named
from hub.desk.people.store.standing import decider_above, stand_ins_on
from hub.desk.people.tables import user_account
from rules import ApprovalNeed

TELL: Final = "notices.tell"
"""The kind of the jobs that tell people of an event, by one rule."""
MAIL: Final = "notices.mail"
"""The kind of the jobs that send one mail."""
TOPIC: Final = "notices"
_RULES: Final = """
SELECT id, event, receiver, channel, above, after, quiet_from, quiet_until FROM notice_rule
WHERE active AND event = ? ORDER BY id
"""
_RULE: Final = """
SELECT id, event, receiver, channel, above, after, quiet_from, quiet_until FROM notice_rule
WHERE active AND id = ?
"""
_ORDER: Final = """
SELECT o.id, o.uuid, o.number, o.status, o.revision, o.requester_kind, o.requester,
       coalesce(p.name, o.customer_code), r.payable, r.scale, r.reasons, d.needs
FROM order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = ?
LEFT JOIN decision d ON d.order_id = o.id AND d.revision = r.revision
LEFT JOIN party p ON p.id = o.customer_id WHERE o.uuid = ?
"""
_KEEP: Final = """
INSERT INTO notice
    (key, event, order_uuid, number, customer, scale, reasons, user_id, channel, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key, user_id, channel) DO NOTHING RETURNING id
"""
_RECEIVER: Final = """
SELECT u.name FROM notice n JOIN user_account u ON u.id = n.user_id WHERE n.id = ?
"""
_needs: Final = msgspec.json.Decoder(tuple[ApprovalNeed, ...])


class ToldOrder(msgspec.Struct, frozen=True, array_like=True):
    """What a notice is about: an order, in one of its revisions."""

    id: int
    uuid: str
    number: str
    status: str
    revision: int
    requester_kind: str
    requester: str
    customer: str
    payable: int
    scale: int
    reasons: bytes
    needs: bytes | None


def expect_held(t: Transaction, held: OrderHeld) -> None:
    """Have people told of an order that waits for them."""
    _expect(t, "order_held", held.uuid, revision=held.revision)


def expect_change(t: Transaction, change: OrderChanged) -> None:
    """Have people told of what became of an order."""
    event = event_of(change.cause)
    if event is not None:
        _expect(t, event, change.uuid, revision=change.revision)


def _expect(t: Transaction, event: Event, uuid: str, *, revision: int) -> None:
    rules = [Rule(*row) for row in t.rows(_RULES, (event,))]
    if not rules:
        return
    now = datetime.fromtimestamp(t.at_ms / 1_000, business_zone(t))
    for rule in rules:
        due_ms = int(due_of(rule, now).timestamp() * 1_000)
        payload = {"rule": rule.id, "order": uuid, "revision": revision}
        key = f"{event}:{uuid}:{revision}:{rule.id}"
        enqueue(t, TELL, key, payload=payload, due_at_ms=max(due_ms, t.at_ms))


def tell(t: Transaction, job: Job) -> None:
    """Tell of an event by one rule: one notice for each receiver and channel, in their rows alone.

    An order that somebody has decided meanwhile waits for nobody: nothing is told of it any more.
    """
    found = t.rows(_RULE, (job.payload["rule"],))
    rows = t.rows(_ORDER, (job.payload["revision"], job.payload["order"]))
    if not found or not rows:
        return
    rule, order = Rule(*found[0]), ToldOrder(*rows[0])
    waits = (order.status, order.revision) == ("held", job.payload["revision"])
    if rule.event == "order_held" and not waits:
        return
    if rule.above is not None and order.payable < rule.above:
        return
    receivers = {one.id: one for one in _receivers(t, rule, order) if _may_see(t, one, order)}
    for account in receivers.values():
        # A reminder is an event of its own.
        key = f"{rule.event}:{order.uuid}:{job.payload['revision']}:{rule.after}"
        _keep(t, rule, order, key=key, user=account.id)
    if receivers:
        t.changed(TOPIC)


def _keep(t: Transaction, rule: Rule, order: ToldOrder, *, key: str, user: int) -> None:
    """Keep a notice, and have its mail sent; one that is there already stays as it is."""
    about = (order.uuid, order.number, order.customer, order.scale, order.reasons)
    values = (key, rule.event, *about, user, rule.channel, t.at_ms)
    made = t.rows(_KEEP, values)
    if made and rule.channel == "mail":
        number = int(made[0][0])
        enqueue(t, MAIL, str(number), payload={"notice": number}, due_at_ms=t.at_ms)


def _receivers(t: Transaction, rule: Rule, order: ToldOrder) -> Iterator[Account]:
    """Find who is told: users that are active, and on their days whoever stands in for them."""
    if rule.receiver == REQUESTER:
        yield from _named(t, [order.requester] if order.requester_kind == "user" else [])
        return
    roles = {rule.receiver}
    if rule.receiver == APPROVERS:
        needs = _needs.decode(order.needs) if order.needs else ()
        roles = {role for need in needs for role in need.steps[0]}
    if MANAGER in roles:
        above = decider_above(
            t.connection, order.requester, "order_value", amount=order.payable, day=business_day(t)
        )
        yield from _named(t, [above.name] if above.name else [])
    accounts = [one for one in _active(t) if roles & set(one.roles)]
    pairs = stand_ins_on(t.connection, business_day(t)).pairs
    stand_ins = {pairs[one.id] for one in accounts if one.id in pairs}
    yield from accounts
    yield from (one for one in _active(t) if one.id in stand_ins)


def _named(t: Transaction, names: Iterable[str]) -> Iterator[Account]:
    for name in names:
        account = user_named(t, name)
        if account is not None and account.active:
            yield account


def _active(t: Transaction) -> Iterator[Account]:
    names = t.connection.execute(select(user_account.c.name).where(user_account.c.active))
    yield from _named(t, [name for (name,) in names])


def _may_see(t: Transaction, account: Account, order: ToldOrder) -> bool:
    scope = scope_of(t, account.id, account.roles)
    query = select(order_.c.id).where(order_.c.id == order.id, orders_of(scope))
    return t.connection.execute(query).first() is not None


def receiver_of(t: Transaction, number: int) -> Account | None:
    """Find the user that a notice is to; None where the user is not active any more."""
    found = t.rows(_RECEIVER, (number,))
    return next(_named(t, [found[0][0]]), None) if found else None


def write_sent(t: Transaction, number: int, *, failed: str = "") -> None:
    """Write down that a mail was sent, or why it was not."""
    values: dict[str, Any] = {"failed": failed[:500]} if failed else {"sent_at": t.at_ms}
    t.connection.execute(notice.update().where(notice.c.id == number).values(values))
    t.changed(TOPIC)


def put_rule(t: Transaction, rule: Rule) -> None:
    """Add a rule; its id is the database's to give."""
    values = {
        "event": rule.event,
        "receiver": rule.receiver,
        "channel": rule.channel,
        "above": rule.above,
        "after": rule.after,
        "quiet_from": rule.quiet_from,
        "quiet_until": rule.quiet_until,
        "active": True,
        "made_by": t.actor,
        "made_at": t.at_ms,
    }
    t.connection.execute(notice_rule.insert().values(values))


def end_rule(t: Transaction, number: int) -> bool:
    """End a rule; False where there is none that holds."""
    own = (notice_rule.c.id == number) & notice_rule.c.active
    ended = notice_rule.update().where(own).values(active=False)
    return t.connection.execute(ended).rowcount > 0
