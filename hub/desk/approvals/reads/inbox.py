"""The orders that wait for a person: counted and paged by the database, by what they ask for.

Orders that ask for the same are decided by the same roles, whatever they are about. So few shapes
are looked at instead of all orders: 111,000 orders held for a limit are one. Looked at one by one
are those of which somebody said something, and those that the requester's manager decides.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    or_,
    select,
)

from hub.base.access import Scope
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.approvals.model import (
    MANAGER,
    Approver,
    AskedFor,
    minutes_of_silence,
    needs_of,
)
from hub.desk.approvals.reads.held import (
    MINE,
    HeldRow,
    Today,
    _make_today,
    held_orders,
    needs_in,
    read_held,
    row_of_need,
)
from hub.desk.approvals.reads.shapes import AmountOf, ShapeOf
from hub.desk.approvals.tables import approval_decision
from hub.desk.orders.model.verdict import STAFF_HOLD
from hub.desk.orders.reads.first_reason import FirstReason
from hub.desk.orders.tables import decision, order_, order_revision
from hub.desk.parties.tables import party

_A_MINUTE_MS: Final = 60_000
_URGENT: Final = Sorting("urgency")
_NEVER: Final = 2**60
"""Stands behind every moment: what time never changes comes last."""
_Of = ColumnElement[Any]
_revision: Final = order_revision.c
_shape: Final = ShapeOf(decision.c.needs)
_spoken: Final = (
    select(approval_decision.c.id)
    .where(
        approval_decision.c.order_id == order_.c.id,
        approval_decision.c.revision == order_.c.revision,
        approval_decision.c.content_hash == _revision.content_hash,
    )
    .correlate(order_, order_revision)
    .exists()
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Held orders that ask for the same, that one of the reader's people asked for or nobody.

    `since` and `until` bound when they were held, in Unix ms: what silence hands on at some minute
    is decided by others from then on. `due` is the minute at which it next changes something.
    """

    shape: str
    who: str
    since: int | None
    until: int | None
    count: int
    deciders: tuple[str, ...]
    mine: bool
    due: int | None

    def condition(self, who: _Of) -> ColumnElement[bool]:
        """Say that an order is of the group."""
        bounds = [_shape == self.shape, who == self.who]
        if self.since is not None:
            bounds.append(_revision.made_at > self.since)
        if self.until is not None:
            bounds.append(_revision.made_at <= self.until)
        return and_(*bounds)


@dataclass(frozen=True, slots=True)
class Inbox:
    """The orders that wait for a person, as one reader has them before that reader."""

    today: Today
    groups: tuple[_Group, ...]
    singles: tuple[HeldRow, ...]
    alone: ColumnElement[bool]

    def counts(self) -> Mapping[str, int]:
        """Count the orders that each role decides, the reader's under `me`, and all under ""."""
        counts: Counter[str] = Counter()
        for group in self.groups:
            counts.update(dict.fromkeys(group.deciders, group.count))
            counts[MINE] += group.count * group.mine
            counts[""] += group.count
        for row in self.singles:
            counts.update(row.deciders)
            counts[MINE] += row.mine
            counts[""] += 1
        return counts

    def page(self, connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[HeldRow]:
        """Give one page of them.

        `wanted` may choose `who` (`me`, or a role) and `reason`, and search for an order's number
        or a customer; it is sorted by `urgency`, `customer`, `amount` or `waiting`.
        """
        query = self._query(wanted, scope)
        sorts = {
            "urgency": self._urgency(),
            "customer": func.coalesce(party.c.name, order_.c.customer_code),
            "amount": func.coalesce(AmountOf(decision.c.needs), _revision.payable),
            "waiting": _revision.made_at,
        }
        key = order_.c.id
        page = page_of(
            connection, query, wanted, sorts=sorts, key=key, make=lambda row: int(row.id)
        )
        found = read_held(
            connection,
            self.today.reader,
            now_ms=self.today.now_ms,
            scope=scope,
            among=order_.c.id.in_(page.rows),
        )
        rows = {row.id: row for row in found}
        return Slice(tuple(rows[one] for one in page.rows), page.before, page.after)

    def most_urgent(self, connection: Connection, most: int, *, scope: Scope) -> Sequence[HeldRow]:
        """Give the orders that are the most urgent of those for the reader's word."""
        wanted = Wanted(_URGENT, chosen={"who": (MINE,)}, size=most)
        return self.page(connection, wanted, scope=scope).rows

    def keys(self, who: str, *, scope: Scope) -> Select[Any]:
        """Ask for the row ids of the orders for the reader's word (`me`), or for a role's."""
        return self._query(Wanted(_URGENT, chosen={"who": (who,)}), scope)

    def _query(self, wanted: Wanted, scope: Scope) -> Select[Any]:
        query = held_orders(scope, order_.c.id)
        who = wanted.one("who")
        if who is not None:
            query = query.where(self._is_for(who))
        if codes := wanted.chosen.get("reason"):
            code = func.coalesce(func.nullif(FirstReason(_revision.reasons), ""), STAFF_HOLD)
            query = query.where(code.in_(codes))
        if text := wanted.text.strip():
            named = (order_.c.number, party.c.name, order_.c.customer_code)
            query = query.where(or_(*(one.icontains(text, autoescape=True) for one in named)))
        return query

    def _is_for(self, who: str) -> ColumnElement[bool]:
        """Say that an order is for the reader's word, or for a role's."""
        groups = [one for one in self.groups if (one.mine if who == MINE else who in one.deciders)]
        rows = [row for row in self.singles if (row.mine if who == MINE else who in row.deciders)]
        asked_by = _asked_by(self.today.reader)
        together = or_(false(), *(one.condition(asked_by) for one in groups))
        return or_(and_(~self.alone, together), order_.c.id.in_([row.id for row in rows]))

    def _urgency(self) -> _Of:
        """Write when time ends an order's wait; without such an end, since when it waits."""
        asked_by = _asked_by(self.today.reader)
        timed: list[tuple[ColumnElement[bool], Any]] = [
            (order_.c.id == row.id, row.due_at) for row in self.singles if row.due_at is not None
        ]
        timed += [
            (
                and_(~self.alone, group.condition(asked_by)),
                _revision.made_at + group.due * _A_MINUTE_MS,
            )
            for group in self.groups
            if group.due is not None
        ]
        never = _revision.made_at + _NEVER
        return case(*timed, else_=never) if timed else never


def open_inbox(connection: Connection, reader: Approver, *, now_ms: int, scope: Scope) -> Inbox:
    """Find what waits, by what it asks for; the cost of the rest is of the page that is read."""
    today = _make_today(connection, reader, now_ms=now_ms)
    counted = _count_shapes(connection, scope, asked_by=_asked_by(today.reader))
    by_manager = sorted({shape for shape, _ in counted if _is_by_manager(shape)})
    alone = or_(_spoken, _shape.in_(by_manager)) if by_manager else _spoken
    starts = {shape: _starts(shape) for shape, _ in counted if shape not in by_manager}
    staged = {(*key, 0): count for key, count in counted.items() if starts.get(key[0]) == []}
    timed = {shape: minutes for shape, minutes in starts.items() if minutes}
    if timed:
        staged |= _count_stages(connection, timed, today=today, scope=scope)
    groups = [
        _group(today, key, starts=starts[key[0]], count=count) for key, count in staged.items()
    ]
    singles = read_held(connection, reader, now_ms=now_ms, scope=scope, among=alone)
    return Inbox(today, tuple(groups), tuple(singles), alone)


def _count_shapes(
    connection: Connection, scope: Scope, *, asked_by: _Of
) -> Mapping[tuple[str, str], int]:
    """Count orders of which nobody said anything by shape, and by whom they are asked for."""
    columns = (_shape.label("shape"), asked_by.label("who"), func.count().label("orders"))
    query = held_orders(scope, *columns).where(~_spoken).group_by("shape", "who")
    return {(row.shape, row.who): int(row.orders) for row in connection.execute(query)}


def _count_stages(
    connection: Connection, timed: Mapping[str, Sequence[int]], *, today: Today, scope: Scope
) -> Mapping[tuple[str, str, int], int]:
    """Count orders whose silence has an effect by how far it has come, besides."""
    passed = [
        (and_(_shape == shape, _revision.made_at <= today.now_ms - start * _A_MINUTE_MS), number)
        for shape, starts in timed.items()
        for number, start in reversed(list(enumerate(starts, 1)))
    ]
    columns = (
        _shape.label("shape"),
        _asked_by(today.reader).label("who"),
        case(*passed, else_=0).label("stage"),
        func.count().label("orders"),
    )
    query = (
        held_orders(scope, *columns)
        .where(~_spoken, _shape.in_(sorted(timed)))
        .group_by("shape", "who", "stage")
    )
    return {
        (row.shape, row.who, int(row.stage)): int(row.orders) for row in connection.execute(query)
    }


def _group(today: Today, key: tuple[str, str, int], *, starts: Sequence[int], count: int) -> _Group:
    """Tell who decides orders of a shape at a stage of their silence."""
    shape, who, stage = key
    waited = starts[stage - 1] if stage else 0
    needs = needs_of(needs_in(shape.encode()), code=STAFF_HOLD, payable=0)
    asked = AskedFor("", needs, who, today.now_ms - waited * _A_MINUTE_MS)
    rows = [row_of_need(asked, need, (), today=today) for need in needs]
    waiting = [row for row in rows if row.state.state != "granted"]
    ends = [row.state.next_min for row in waiting if row.state.next_min is not None]
    return _Group(
        shape,
        who,
        since=today.now_ms - starts[stage] * _A_MINUTE_MS if stage < len(starts) else None,
        until=today.now_ms - waited * _A_MINUTE_MS if stage else None,
        count=count,
        deciders=tuple(dict.fromkeys(role for row in waiting for role in row.state.roles)),
        mine=any(row.may_decide for row in rows),
        due=min(ends) if ends else None,
    )


def _starts(shape: str) -> list[int]:
    """Give the minutes of silence from which on somebody else decides orders of a shape."""
    needs = needs_in(shape.encode())
    return sorted({minute + 1 for minute in minutes_of_silence(needs)})


def _is_by_manager(shape: str) -> bool:
    """Say whether the manager of who asked may decide: that is another person for each order."""
    return f'"{MANAGER}"' in shape


def _asked_by(reader: Approver) -> _Of:
    """Name who asked for an order where that says who may decide: the reader, or an absent one."""
    absent = (name for one in reader.instead for name in (one.name, *one.through))
    names = sorted({name.lower() for name in (reader.name, *absent)})
    requester = func.lower(order_.c.requester)
    return case((requester.in_(names), requester), else_="")
