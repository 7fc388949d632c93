"""Notices written inside a given transaction: wanted with the event, told by a job of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from hub.base.access import Scope, is_of_house
from hub.base.jobs import Job, enqueue
from hub.base.transaction import Transaction
from hub.desk.notices.model import (
    APPROVERS,
    CUSTOMER,
    MANAGER,
    REQUESTER,
    USUAL_DAYS,
    Event,
    Rule,
    due_of,
    event_of,
    slot_of,
)
from hub.desk.notices.store.devices import push
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
from hub.desk.workdays.model import Workdays
from rules import ApprovalNeed

TELL: Final = "notices.tell"
"""The kind of the jobs that tell people of an event, by one rule."""
MAIL: Final = "notices.mail"
"""The kind of the jobs that send one mail."""
GATHER: Final = "notices.gather"
"""The kind of the jobs that send what has gathered for somebody as one mail."""
TOPIC: Final = "notices"
_RULES: Final = """
SELECT id, event, receiver, channel, above, after, quiet_from, quiet_until,
       gather, gather_at FROM notice_rule
WHERE active AND event = ? ORDER BY id
"""
_RULE: Final = """
SELECT id, event, receiver, channel, above, after, quiet_from, quiet_until,
       gather, gather_at FROM notice_rule
WHERE active AND id = ?
"""
_SELLER: Final = "SELECT seller_id FROM order_ WHERE uuid = ?"
_ORDER: Final = """
SELECT o.id, o.uuid, o.number, o.status, o.revision, o.requester_kind, o.requester,
       coalesce(p.name, o.customer_code), r.payable, r.scale, r.reasons, d.needs, o.customer_id
FROM order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = ?
LEFT JOIN decision d ON d.order_id = o.id AND d.revision = r.revision
LEFT JOIN party p ON p.id = o.customer_id WHERE o.uuid = ?
"""
_KEEP: Final = """
INSERT INTO notice
    (key, event, order_uuid, number, customer, scale, reasons, user_id, customer_id, channel, at,
     gather_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""
_RECEIVER: Final = """
SELECT n.user_id, n.customer_id FROM notice n WHERE n.id = ?
"""
_USER: Final = "SELECT name FROM user_account WHERE id = ?"
_CUSTOMER: Final = """
SELECT p.name, k.email, k.language FROM party p LEFT JOIN customer_profile k ON k.party_id = p.id
WHERE p.id = ?
"""
_MAIL_OF: Final = "SELECT mail FROM notice_address WHERE user_id = ?"
_STANDS: Final = "SELECT status, revision FROM order_ WHERE uuid = ?"
_needs: Final = msgspec.json.Decoder(tuple[ApprovalNeed, ...])


DaysOf = Callable[[Connection, int], Workdays]
"""Gives the working days of a seller, by the row id."""


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
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class To:
    """Whom a notice is to: a user, or the customer whose order it is, by row id."""

    user: int | None = None
    customer: int | None = None

    def __str__(self) -> str:
        return f"user {self.user}" if self.user is not None else f"customer {self.customer}"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is sent mails, where, in which language, and the rows that the receiver sees now.

    `staff` says whether it is one of the house's own people, `customer` that it is no user at all.
    """

    to: To
    name: str
    mail: str
    language: str
    staff: bool
    scope: Scope


def expect_held(t: Transaction, held: OrderHeld, *, days_of: DaysOf) -> None:
    """Have people told of an order that waits for them."""
    _expect(t, "order_held", held.uuid, revision=held.revision, days_of=days_of)


def expect_change(t: Transaction, change: OrderChanged, *, days_of: DaysOf) -> None:
    """Have people told of what became of an order."""
    event = event_of(change.cause)
    if event is not None:
        _expect(t, event, change.uuid, revision=change.revision, days_of=days_of)


def _expect(t: Transaction, event: Event, uuid: str, *, revision: int, days_of: DaysOf) -> None:
    rules = [Rule(*row) for row in t.rows(_RULES, (event,))]
    if not rules:
        return
    now = datetime.fromtimestamp(t.at_ms / 1_000, business_zone(t))
    days = read_days(t, rules, uuid, days_of=days_of)
    for rule in rules:
        due_ms = int(due_of(rule, now, days).timestamp() * 1_000)
        payload = {"rule": rule.id, "order": uuid, "revision": revision}
        key = f"{event}:{uuid}:{revision}:{rule.id}"
        enqueue(
            t,
            TELL,
            key,
            payload=payload,
            due_at_ms=max(due_ms, t.at_ms),
            by_calendar=rule.quiet_from is not None,
        )


def read_days(t: Transaction, rules: Iterable[Rule], uuid: str, *, days_of: DaysOf) -> Workdays:
    """Read the working days of an order's seller, where a rule keeps quiet on the others."""
    if all(one.quiet_from is None for one in rules):
        return USUAL_DAYS
    found = t.rows(_SELLER, (uuid,))
    return days_of(t.connection, found[0][0]) if found else USUAL_DAYS


def read_rule(t: Transaction, rule_id: int) -> Rule | None:
    """Read a rule that is in force; None where it was ended."""
    found = t.rows(_RULE, (rule_id,))
    return Rule(*found[0]) if found else None


def tell(t: Transaction, job: Job, *, days_of: DaysOf) -> None:
    """Tell of an event by one rule: one notice for each receiver and channel, in their rows alone.

    An order that somebody has decided meanwhile waits for nobody: nothing is told of it any more.
    """
    rule = read_rule(t, job.payload["rule"])
    rows = t.rows(_ORDER, (job.payload["revision"], job.payload["order"]))
    if rule is None or not rows:
        return
    order = ToldOrder(*rows[0])
    waits = (order.status, order.revision) == ("held", job.payload["revision"])
    if rule.event == "order_held" and not waits:
        return
    if rule.above is not None and order.payable < rule.above:
        return
    found_to = [To(customer=order.customer_id)] if order.customer_id is not None else []
    if rule.receiver != CUSTOMER:
        seen = {one.id: one for one in _receivers(t, rule, order) if _may_see(t, one, order)}
        found_to = [To(user=one) for one in seen]
    # A reminder is an event of its own.
    key = f"{rule.event}:{order.uuid}:{job.payload['revision']}:{rule.after}"
    days = read_days(t, [rule], order.uuid, days_of=days_of)
    for to in found_to:
        _keep(t, rule, order, key=key, to=to, days=days)
    if found_to:
        t.changed(TOPIC)


def _keep(
    t: Transaction, rule: Rule, order: ToldOrder, *, key: str, to: To, days: Workdays
) -> None:
    """Keep a notice, and have its mail sent; one that is there already stays as it is."""
    slot = slot_of(rule, datetime.fromtimestamp(t.at_ms / 1_000, business_zone(t)), days)
    slot_ms = None if slot is None else int(slot.timestamp() * 1_000)
    about = (order.uuid, order.number, order.customer, order.scale, order.reasons)
    values = (key, rule.event, *about, to.user, to.customer, rule.channel, t.at_ms, slot_ms)
    made = t.rows(_KEEP, values)
    if made and rule.channel == "page" and to.user is not None:
        push(t, int(made[0][0]), user=to.user)
    if not made or rule.channel != "mail":
        return
    if slot_ms is None:
        number = int(made[0][0])
        enqueue(t, MAIL, str(number), payload={"notice": number}, due_at_ms=t.at_ms)
        return
    gather(t, to, slot_ms=slot_ms, key=f"{to}:{slot_ms}")


def gather(t: Transaction, to: To, *, slot_ms: int, key: str) -> None:
    """Have what gathers for somebody until a moment sent as one mail then, once for each key."""
    payload = {"user": to.user, "customer": to.customer, "at": slot_ms}
    enqueue(t, GATHER, key, payload=payload, due_at_ms=slot_ms, by_calendar=True)


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


def named_in(t: Transaction, number: int) -> To | None:
    """Give whom a notice is to; None where there is no such notice."""
    found = t.rows(_RECEIVER, (number,))
    return To(*found[0]) if found else None


def find_receiver(t: Transaction, to: To) -> Receiver | None:
    """Find who is sent mails; None where the user is not active any more.

    A customer sees the orders of that customer alone, whatever a mail is about.
    """
    if to.customer is not None:
        ((name, mail, language),) = t.rows(_CUSTOMER, (to.customer,))
        scope = Scope(parties=frozenset({to.customer}))
        return Receiver(to, name, mail or "", language or "en", staff=False, scope=scope)
    account = next(_named(t, [name for (name,) in t.rows(_USER, (to.user,))]), None)
    if account is None:
        return None
    scope = scope_of(t, account.id, account.roles)
    mail = next((mail for (mail,) in t.rows(_MAIL_OF, (account.id,))), "")
    staff = is_of_house(account.roles)
    return Receiver(to, account.name, mail, account.language or "en", staff=staff, scope=scope)


def still_waits(t: Transaction, uuid: str, revision: int) -> bool:
    """Say whether an order waits for a person still, as it did in one of its revisions."""
    return t.rows(_STANDS, (uuid,)) == [("held", revision)]


def write_sent(t: Transaction, numbers: Sequence[int], *, failed: str = "", to: str = "") -> None:
    """Write down that a mail of these notices was sent and where, or why it was not."""
    values: dict[str, Any] = {"failed": failed[:500]}
    if not failed:
        values = {"sent_at": t.at_ms, "address": to}
    t.connection.execute(notice.update().where(notice.c.id.in_(numbers)).values(values))
    t.changed(TOPIC)


def put_rule(t: Transaction, rule: Rule) -> int:
    """Add a rule; its id is the database's to give."""
    values = {
        "event": rule.event,
        "receiver": rule.receiver,
        "channel": rule.channel,
        "above": rule.above,
        "after": rule.after,
        "quiet_from": rule.quiet_from,
        "quiet_until": rule.quiet_until,
        "gather": rule.gather,
        "gather_at": rule.gather_at,
        "active": True,
        "made_by": t.actor,
        "made_at": t.at_ms,
    }
    made = t.connection.execute(notice_rule.insert().values(values).returning(notice_rule.c.id))
    return int(made.scalar_one())


def end_rule(t: Transaction, number: int) -> bool:
    """End a rule; False where there is none that holds."""
    own = (notice_rule.c.id == number) & notice_rule.c.active
    ended = notice_rule.update().where(own).values(active=False)
    return t.connection.execute(ended).rowcount > 0
