"""What a held order asks its approvers for, as pages show it; nothing is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from hub.base.access import Scope
from hub.desk.approvals.model import (
    Approver,
    AskedFor,
    Said,
    needs_of,
    role_for,
    standing_of,
    without_price,
)
from hub.desk.approvals.tables import approval_decision
from hub.desk.orders.model.verdict import STAFF_HOLD
from hub.desk.orders.reads.order import OrderDetail, Revision, read_order
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from rules import ApprovalNeed, ApprovalState


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One approval that a held order waits for: where it stands, and whether the reader decides."""

    need: ApprovalNeed
    state: ApprovalState
    may_decide: bool


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
    asked = AskedFor(newest.content_hash, needs, detail.head.requester, newest.made_at)
    said = _that_count(spoken, newest)
    rows = [_row(asked, need, said, reader=reader, now_ms=now_ms) for need in needs]
    return Waiting(
        uuid=uuid,
        number=detail.head.number,
        is_held=is_held,
        content=newest.content_hash,
        rows=tuple(rows) if is_held else (),
        words=tuple(map(_word, spoken)),
        has_price=without_price(needs) is None,
        own=detail.head.requester.casefold() == reader.name.casefold(),
        detail=detail,
    )


def _row(
    asked: AskedFor,
    need: ApprovalNeed,
    said: Sequence[Said],
    *,
    reader: Approver,
    now_ms: int,
) -> NeedRow:
    state = standing_of(asked, need, said, now_ms=now_ms)
    role = role_for(state, reader)
    yes = Said(need.code, need.rule, reader.name, role or "", "yes", asked.content, now_ms)
    after = standing_of(asked, need, [*said, yes], now_ms=now_ms)
    counts = role is not None and len(after.void) == len(state.void)
    return NeedRow(need, state, counts)


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
        Said(
            row.code,
            row.rule,
            row.decided_by,
            row.role,
            row.answer,
            row.content_hash,
            row.at,
            row.offer_hash or "",
        )
        for row in rows
        if (row.revision, row.content_hash) == (newest.number, newest.content_hash)
    ]


def _word(row: Row[Any]) -> Word:
    return Word(row.decided_by, row.role, row.answer, row.code, row.why, row.at, row.revision)
