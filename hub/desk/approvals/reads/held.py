"""What a held order asks its approvers for, as pages show it; nothing is locked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from hub.base.access import Scope
from hub.desk.accounts.tables import customer_account
from hub.desk.approvals.model import (
    MANAGER,
    NOBODY_ABOVE,
    Approver,
    AskedFor,
    Said,
    Turn,
    measure_of,
    needs_of,
    standing_of,
    turn_of,
    without_price,
)
from hub.desk.approvals.tables import approval_decision
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.model.verdict import STAFF_HOLD
from hub.desk.orders.reads.order import OrderDetail, Revision, read_order
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import decision, order_, order_revision
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.tables import party
from hub.desk.people.model.hands import Hands
from hub.desk.people.model.reporting import Above
from hub.desk.people.store.hands import read_hands
from hub.desk.people.store.standing import decider_above, stand_ins_on
from rules import ApprovalNeed, ApprovalState

_needs: Final = msgspec.json.Decoder(tuple[ApprovalNeed, ...])
_A_MINUTE_MS: Final = 60_000
MINE: Final = "me"
"""The word for the orders that the reader decides, among the roles that decide the others."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One order that waits for a person; any of the roles `deciders` may say the next yes.

    `content` is what a yes would be of. `mine` says that the reader's word counts now, and
    `instead_of` for whom. `due_at` is when silence hands it on or ends it, None for never. `why` is
    the first reason of the hold; `exposure` and `limit` are the customer's, None where there is
    none.
    """

    id: int
    uuid: str
    number: str
    customer: str
    customer_code: str
    code: str
    requester: str
    amount: int
    payable: int | None
    currency: str
    scale: int
    held_at: int
    content: str
    deciders: tuple[str, ...]
    has_price: bool
    mine: bool
    instead_of: str
    due_at: int | None
    why: Reason
    exposure: int | None
    limit: int | None
    can_offer: bool

    @property
    def urgency(self) -> tuple[bool, int, int, int]:
        """Put what time ends soonest first, and then what has waited longest."""
        return self.due_at is None, self.due_at or 0, self.held_at, self.id


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One approval that a held order waits for: where it stands, and how the reader decides on it.

    `above` is who decides where it is for the manager of who asked.
    """

    need: ApprovalNeed
    state: ApprovalState
    turn: Turn | None
    above: Above

    @property
    def may_decide(self) -> bool:
        """Say whether the reader's word counts now."""
        return self.turn is not None


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of the order, for ever."""

    by: str
    role: str
    answer: str
    code: str
    why: str
    at: int
    revision: int
    instead_of: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an order asks its approvers for, and what they have said; `content` is what is shown.

    `own` says that the reader asked for the order, and so never decides on it.
    """

    uuid: str
    number: str
    is_held: bool
    content: str
    rows: tuple[NeedRow, ...]
    words: tuple[Word, ...]
    has_price: bool
    own: bool
    detail: OrderDetail

    @property
    def may_decide(self) -> bool:
        """Say whether the reader's word counts now."""
        return any(row.may_decide for row in self.rows)

    @property
    def offer(self) -> ApprovalNeed | None:
        """Give the need under which something may be offered."""
        return next((row.need for row in self.rows if row.need.offer), None)


def read_waiting(
    connection: Connection, uuid: str, reader: Approver, *, now_ms: int, scope: Scope
) -> Waiting | None:
    """Read what an order asks for; None where it never asked anybody for anything."""
    detail = read_order(connection, uuid, scope=scope)
    if detail is None:
        return None
    spoken = _read_said(connection, uuid, scope)
    is_held = detail.head.status == "held"
    if not is_held and not spoken:
        return None
    newest = detail.newest
    code = newest.reasons[0].code if newest.reasons else STAFF_HOLD
    needs = needs_of(newest.needs, code=code, payable=newest.payable)
    said = _that_count(spoken, newest)
    today = _make_today(connection, reader, now_ms=now_ms)
    requester = detail.head.requester
    asked = AskedFor(newest.content_hash, needs, requester, newest.made_at, today.hands)
    rows = [row_of_need(asked, need, said, today=today) for need in needs]
    return Waiting(
        uuid=uuid,
        number=detail.head.number,
        is_held=is_held,
        content=newest.content_hash,
        rows=tuple(rows) if is_held else (),
        words=tuple(map(_word, spoken)),
        has_price=without_price(needs) is None,
        own=today.hands.is_one(requester, reader.name),
        detail=detail,
    )


@dataclass(frozen=True, slots=True)
class Today:
    """The reader with those for whom the reader stands in, the day, and whose hand a program is."""

    connection: Connection
    reader: Approver
    day: date
    now_ms: int
    hands: Hands


def _make_today(connection: Connection, reader: Approver, *, now_ms: int) -> Today:
    """Find for whom the reader stands in today."""
    zone = read_distributor(connection).zone
    day = datetime.fromtimestamp(now_ms / 1_000, zone).date()
    instead = stand_ins_on(connection, day).stood_in_by(reader.name)
    by = replace(reader, instead=instead)
    return Today(connection, by, day, now_ms, read_hands(connection))


def row_of_need(
    asked: AskedFor, need: ApprovalNeed, said: Sequence[Said], *, today: Today
) -> NeedRow:
    """Tell where a need stands, and whether the reader's word counts now."""
    state = standing_of(asked, need, said, now_ms=today.now_ms)
    above = NOBODY_ABOVE
    if MANAGER in state.roles:
        above = decider_above(
            today.connection,
            asked.requester,
            measure_of(need),
            amount=need.amount,
            day=today.day,
        )
    reader = today.reader
    turn = turn_of(state, reader, asked=asked, need=need, above=above)
    if turn is None:
        return NeedRow(need, state, None, above)
    yes = Said(
        need.code,
        need.rule,
        reader.name,
        turn.role,
        "yes",
        asked.content,
        today.now_ms,
        instead_of=turn.instead_of,
    )
    after = standing_of(asked, need, [*said, yes], now_ms=today.now_ms)
    counts = len(after.void) == len(state.void)
    return NeedRow(need, state, turn if counts else None, above)


def _read_said(connection: Connection, uuid: str, scope: Scope) -> list[Row[Any]]:
    """Read all that was ever said of an order, oldest first."""
    query = (
        select(approval_decision)
        .join(order_, order_.c.id == approval_decision.c.order_id)
        .where(order_.c.uuid == uuid, orders_of(scope))
        .order_by(approval_decision.c.id)
    )
    return list(connection.execute(query))


def _that_count(rows: Sequence[Row[Any]], newest: Revision) -> list[Said]:
    """Give what was said of the newest revision: a word to an earlier one counts no more."""
    return [
        _said_in(row)
        for row in rows
        if (row.revision, row.content_hash) == (newest.number, newest.content_hash)
    ]


def _word(row: Row[Any]) -> Word:
    return Word(
        row.decided_by,
        row.role,
        row.answer,
        row.code,
        row.why,
        row.at,
        row.revision,
        row.instead_of or "",
    )


def _said_in(row: Row[Any]) -> Said:
    return Said(
        row.code,
        row.rule,
        row.decided_by,
        row.role,
        row.answer,
        row.content_hash,
        row.at,
        row.offer_hash or "",
        row.instead_of or "",
    )


def read_held(
    connection: Connection,
    reader: Approver,
    *,
    now_ms: int,
    scope: Scope,
    among: ColumnElement[bool] | None = None,
) -> list[HeldRow]:
    """Read orders that wait for a person, the most urgent first: all, or those of a condition."""
    table = order_revision.c
    query = held_orders(
        scope,
        *order_.c,
        *(table[name] for name in _OF_REVISION),
        decision.c.needs,
        party.c.name.label("customer"),
        party.c.credit_state,
        party.c.credit_limit,
        customer_account.c.exposure,
    ).outerjoin(customer_account, customer_account.c.customer_id == order_.c.customer_id)
    found = connection.execute(query if among is None else query.where(among)).all()
    said = _said_of_held(connection, scope)
    today = _make_today(connection, reader, now_ms=now_ms)
    rows = [
        _held(row, said.get((row.id, row.revision, row.content_hash), []), today=today)
        for row in found
    ]
    return sorted(rows, key=lambda row: row.urgency)


_OF_REVISION: Final = (
    *("reasons", "payable", "price_hash", "currency", "scale", "content_hash", "made_at"),
)


def held_orders(scope: Scope, *columns: ColumnElement[Any]) -> Select[Any]:
    """Ask for columns of the held orders that a scope shows, with what they ask for."""
    table = order_revision.c
    newest = (table.order_id == order_.c.id) & (table.revision == order_.c.revision)
    kept = (decision.c.order_id == table.order_id) & (decision.c.revision == table.revision)
    return (
        select(*columns)
        .select_from(order_)
        .join(order_revision, newest)
        .outerjoin(decision, kept)
        .outerjoin(party, party.c.id == order_.c.customer_id)
        .where(order_.c.status == "held", orders_of(scope))
    )


def among_keys(uuids: Sequence[str]) -> ColumnElement[bool]:
    """Say that an order is one of these, by their ids."""
    return order_.c.uuid.in_(uuids)


def needs_in(kept: bytes | None) -> tuple[ApprovalNeed, ...]:
    """Read the needs that a decision kept."""
    return _needs.decode(kept) if kept else ()


def _held(row: Row[tuple[object, ...]], said: Sequence[Said], *, today: Today) -> HeldRow:
    reasons = read_reasons(row.reasons)
    why = reasons[0] if reasons else Reason(STAFF_HOLD, {"why": "-"})
    code = why.code
    kept = needs_in(row.needs)
    needs = needs_of(kept, code=code, payable=row.payable)
    asked = AskedFor(row.content_hash, needs, row.requester, row.made_at, today.hands)
    rows = [row_of_need(asked, need, said, today=today) for need in needs]
    waiting = [one for one in rows if one.state.state != "granted"]
    return HeldRow(
        id=row.id,
        uuid=row.uuid,
        number=row.number,
        customer=row.customer or row.customer_code,
        customer_code=row.customer_code,
        code=code,
        requester=row.requester,
        amount=max(one.need.amount for one in rows),
        payable=row.payable if row.price_hash is not None else None,
        currency=row.currency,
        scale=row.scale,
        held_at=row.made_at,
        content=row.content_hash,
        deciders=tuple(dict.fromkeys(role for one in waiting for role in one.state.roles)),
        has_price=without_price(needs) is None,
        mine=any(one.may_decide for one in rows),
        instead_of=next((one.turn.instead_of for one in rows if one.turn), ""),
        due_at=_due(row.made_at, waiting),
        why=why,
        exposure=None if row.exposure is None else int(row.exposure),
        limit=row.credit_limit if row.credit_state == "amount" else None,
        can_offer=any(one.need.offer for one in rows),
    )


def _due(asked_at: int, waiting: Sequence[NeedRow]) -> int | None:
    """Give the moment at which silence first changes something."""
    minutes = [one.state.next_min for one in waiting if one.state.next_min is not None]
    return asked_at + min(minutes) * _A_MINUTE_MS if minutes else None


def _said_of_held(connection: Connection, scope: Scope) -> dict[tuple[int, int, str], list[Said]]:
    """Read what was said of held orders, by order, revision and content."""
    table = approval_decision.c
    query = (
        select(approval_decision)
        .join(order_, order_.c.id == table.order_id)
        .where(order_.c.status == "held", orders_of(scope))
        .order_by(table.id)
    )
    said: dict[tuple[int, int, str], list[Said]] = {}
    for row in connection.execute(query):
        said.setdefault((row.order_id, row.revision, row.content_hash), []).append(_said_in(row))
    return said


@dataclass(frozen=True, slots=True)
class Decided:
    """One word that was said lately: by whom, of which order, and what it was."""

    uuid: str
    number: str
    customer: str
    by: str
    instead_of: str
    role: str
    answer: str
    why: str
    at: int


def list_decided(connection: Connection, *, most: int, scope: Scope) -> Sequence[Decided]:
    """Read the newest words that were said of orders, each order's newest once."""
    table = approval_decision.c
    newest = select(func.max(table.id)).group_by(table.order_id)
    query = (
        select(
            order_.c.uuid,
            order_.c.number,
            func.coalesce(party.c.name, order_.c.customer_code),
            table.decided_by,
            func.coalesce(table.instead_of, ""),
            table.role,
            table.answer,
            table.why,
            table.at,
        )
        .join(order_, order_.c.id == table.order_id)
        .outerjoin(party, party.c.id == order_.c.customer_id)
        .where(table.id.in_(newest), orders_of(scope))
        .order_by(table.id.desc())
        .limit(most)
    )
    return [Decided(*row) for row in connection.execute(query)]
