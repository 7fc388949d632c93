"""Customers read for pages, commands and programs, in the reader's scope."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, or_, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.parties.model.cells import digits_of
from hub.desk.parties.model.customers import Asked, Span, in_force, key_of_name, read_asked
from hub.desk.parties.model.fields import EMPTY, PROFILE_COLUMNS, write_fields
from hub.desk.parties.tables import (
    HOUSE,
    customer_profile,
    party,
    party_joined,
    party_mapping,
    party_request,
)

BY_NAME: Final = Sorting("name")
_PROFILE: Final = customer_profile.c
_ABOVE: Final = party.alias("above")
_LEAST_DIGITS: Final = 4
_PENDING: Final = exists().where(
    party_request.c.party_id == party.c.id,
    party_request.c.kind == "new",
    party_request.c.state == "open",
)
_WAITING: Final = exists().where(
    party_request.c.party_id == party.c.id, party_request.c.state == "open"
)
_STATE: Final = case((and_(party.c.status == "active", _PENDING), "pending"), else_=party.c.status)
_ROW: Final = (
    *(party.c.code, party.c.name, party.c.type, party.c.geo, party.c.status),
    *(party.c.credit_state, party.c.credit_limit),
    func.coalesce(_PROFILE.city, "").label("city"),
    func.coalesce(_PROFILE.phone, "").label("phone"),
    func.coalesce(_PROFILE.gstin, "").label("gstin"),
    func.coalesce(_PROFILE.outlet_class, "").label("outlet_class"),
    _PENDING.label("pending"),
    _WAITING.label("waiting"),
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in a list; `waiting` says that somebody is to decide about it."""

    code: str
    name: str
    type: str | None
    geo: str
    status: str
    credit_state: str
    credit_limit: int
    city: str
    phone: str
    gstin: str
    outlet_class: str
    pending: bool
    waiting: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as it is told: what is asked for, by whom, and what was decided."""

    id: int
    kind: str
    asked: Asked
    asked_by: str
    asked_at: int
    why: str
    state: str
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class WaitingCustomer:
    """A customer with the requests that a second person is to decide, the oldest first."""

    code: str
    name: str
    requests: tuple[RequestRow, ...]


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """A customer with all its fields as texts, who serves it today, and what waits.

    `chain` are the codes and names of the parties above, the nearest first; `joined` those of the
    customers that turned out to be one with it.
    """

    row: CustomerRow
    fields: Mapping[str, str]
    chain: tuple[tuple[str, str], ...]
    served_by: Mapping[str, Span]
    planned: tuple[tuple[str, Span], ...]
    requests: tuple[RequestRow, ...]
    history: tuple[history.Entry, ...]
    joined: tuple[tuple[str, str], ...] = ()

    @property
    def open_requests(self) -> tuple[RequestRow, ...]:
        """Give what somebody is to decide."""
        return tuple(one for one in self.requests if one.state == "open")


def list_customers(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[CustomerRow]:
    """Read one page of the customers that somebody sees."""
    return page_of(
        connection,
        _filtered(select(*_ROW), wanted, scope=scope),
        wanted,
        sorts={
            "name": party.c.name,
            "code": party.c.code,
            "city": func.coalesce(_PROFILE.city, ""),
            "type": func.coalesce(party.c.type, ""),
            "outlet_class": func.coalesce(_PROFILE.outlet_class, ""),
            "status": _STATE,
            "limit": party.c.credit_limit,
        },
        key=party.c.id,
        make=_row_of,
    )


def count_customers(connection: Connection, wanted: Wanted, *, scope: Scope) -> Mapping[str, int]:
    """Count the customers by state, pending among them; "" has all, `waiting` is beside these."""
    plain = Wanted(
        wanted.sort, wanted.text, {k: v for k, v in wanted.chosen.items() if k != "status"}
    )
    query = _filtered(select(_STATE.label("state"), func.count()), plain, scope=scope)
    counts = {row[0]: row[1] for row in connection.execute(query.group_by(_STATE))}
    waits = Wanted(wanted.sort, wanted.text, {**wanted.chosen, "status": ("waiting",)})
    waiting = count_shown(connection, waits, scope=scope)
    return {**counts, "waiting": waiting, "": sum(counts.values())}


def count_shown(connection: Connection, wanted: Wanted, *, scope: Scope) -> int:
    """Count the customers that a filter shows, whatever their state."""
    query = _filtered(select(func.count()), wanted, scope=scope)
    return int(connection.execute(query).scalar_one())


def find_customers(
    connection: Connection, text: str, *, most: int, scope: Scope
) -> Sequence[CustomerRow]:
    """Find customers by code, name, phone or GSTIN; a code that is quite the text comes first."""
    query = _filtered(select(*_ROW), Wanted(BY_NAME, text), scope=scope)
    first = case((func.lower(party.c.code) == text.strip().lower(), 0), else_=1)
    rows = connection.execute(query.order_by(first, party.c.name, party.c.id).limit(most))
    return [_row_of(row) for row in rows]


def find_meant(
    connection: Connection, text: str, *, most: int, scope: Scope
) -> tuple[CustomerRow | None, Sequence[CustomerRow]]:
    """Find whom a text means: the customer of the code, or at most so many who may be meant."""
    if not text.strip().isprintable() or not text.strip():
        return None, ()
    found = find_customers(connection, text, most=most, scope=scope)
    code = text.strip()
    alike = [one for one in found if one.code.casefold() == code.casefold()]
    meant = next((one for one in alike if len(alike) == 1 or one.code == code), None)
    return meant, () if meant else found


def read_customer(
    connection: Connection, code: str, *, scope: Scope, day: date
) -> CustomerDetail | None:
    """Read one customer as of a day; None where nobody sees one of this code."""
    query = _described(scope).where(party.c.code == code)
    found = connection.execute(query).mappings().first()
    if found is None:
        return None
    spans = _spans(connection, found["p_id"])
    roles = {role for role, _ in spans}
    today = {r: in_force((one for role, one in spans if role == r), day) for r in sorted(roles)}
    return CustomerDetail(
        row=_row_of(found),
        fields=write_fields(_columns(found)),
        chain=_chain(connection, found["p_parent_id"], scope=scope),
        served_by={role: span for role, span in today.items() if span},
        planned=tuple((role, one) for role, one in spans if one.from_day > day),
        requests=_requests(connection, found["p_id"]),
        history=tuple(history.read(connection, "party", code)),
        joined=_joined(connection, found["p_id"], scope=scope),
    )


def _joined(connection: Connection, party_id: int, *, scope: Scope) -> tuple[tuple[str, str], ...]:
    """Name the customers that are one with another: the one it is, or those that it is."""
    pair = party_joined.c
    others = (
        select(pair.into_id)
        .where(pair.party_id == party_id)
        .union_all(select(pair.party_id).where(pair.into_id == party_id))
    )
    seen = visible(scope, seller=party.c.parent_id, party=party.c.id)
    query = select(party.c.code, party.c.name).where(party.c.id.in_(others), seen)
    return tuple((row.code, row.name) for row in connection.execute(query.order_by(party.c.code)))


def read_waiting(
    connection: Connection, codes: Sequence[str], *, scope: Scope
) -> Sequence[WaitingCustomer]:
    """Read customers with what waits for a second person, those of the codes that somebody sees."""
    query = _filtered(select(party.c.id, party.c.code, party.c.name), Wanted(BY_NAME), scope=scope)
    query = query.where(party.c.code.in_(codes)).order_by(party.c.name, party.c.id)
    customers = connection.execute(query).all()
    table = party_request.c
    waiting: dict[int, list[RequestRow]] = {row.id: [] for row in customers}
    requests = (
        select(party_request)
        .where(table.party_id.in_(waiting), table.state == "open")
        .order_by(table.id)
    )
    for row in connection.execute(requests):
        waiting[row.party_id].append(_request_of(row))
    return [WaitingCustomer(row.code, row.name, tuple(waiting[row.id])) for row in customers]


def read_all_customers(
    connection: Connection, *, scope: Scope
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Read every customer that somebody sees with all its fields as texts, by code."""
    for found in connection.execute(_described(scope).order_by(party.c.code)).mappings():
        yield found["code"], write_fields(_columns(found))


def _described(scope: Scope) -> Select[Any]:
    """Ask for customers with all that is known of them."""
    columns = [one for one in party.c if one.name not in {"code", "name", "type", "geo", "status"}]
    return (
        _filtered(select(*_ROW), Wanted(BY_NAME), scope=scope)
        .add_columns(*(one.label(f"p_{one.name}") for one in columns))
        .add_columns(*(_PROFILE[name].label(f"k_{name}") for name in PROFILE_COLUMNS))
        .add_columns(_PROFILE.party_id.label("profiled"), _ABOVE.c.code.label("parent"))
        .outerjoin(_ABOVE, _ABOVE.c.id == party.c.parent_id)
    )


def _columns(found: Mapping[Any, Any]) -> dict[str, Any]:
    """Give a customer's columns by their own names."""
    columns = {name[2:]: value for name, value in found.items() if name.startswith("p_")}
    columns |= {name: found[name] for name in ("code", "name", "type", "geo", "status")}
    columns |= {name: found[f"k_{name}"] for name in PROFILE_COLUMNS}
    if found["profiled"] is None:
        columns |= EMPTY
    columns["parent"] = "" if found["parent"] in {None, HOUSE} else found["parent"]
    return columns


def _row_of(row: Any) -> CustomerRow:  # noqa: ANN401 -- a row of any query
    values = row if isinstance(row, Mapping) else row._mapping  # noqa: SLF001
    names = CustomerRow.__dataclass_fields__
    return CustomerRow(**{name: values[name] for name in names})


def _filtered(query: Select[Any], wanted: Wanted, *, scope: Scope) -> Select[Any]:
    query = (
        query.select_from(party)
        .outerjoin(customer_profile, _PROFILE.party_id == party.c.id)
        .where(party.c.code != HOUSE)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
    )
    if wanted.text.strip():
        query = query.where(_matches(wanted.text.strip()))
    status = wanted.one("status")
    if status == "waiting":
        # Few wait: they are looked up, and not all customers.
        open_ones = select(party_request.c.party_id).where(party_request.c.state == "open")
        query = query.where(party.c.id.in_(open_ones))
    elif status:
        query = query.where(_STATE.in_([status]))
    if classes := wanted.chosen.get("outlet_class"):
        query = query.where(_PROFILE.outlet_class.in_(classes))
    if who := wanted.one("served_by"):
        query = query.where(_served_by(who))
    for name, column in (("type", party.c.type), ("city", _PROFILE.city), ("geo", party.c.geo)):
        if value := wanted.one(name):
            query = query.where(column.ilike(f"{_escaped(value)}%", escape="\\"))
    return query


def _served_by(who: str) -> ColumnElement[bool]:
    """Write the condition that somebody serves a customer in any role, or will."""
    table = party_mapping.c
    return exists().where(
        table.party_id == party.c.id,
        table.who == who,
        or_(table.until_day.is_(None), table.until_day >= func.current_date()),
    )


def customers_with(text: str) -> Select[tuple[int]]:
    """Select the ids of customers whose code, name, GSTIN, town or phone number has the text."""
    return (
        select(party.c.id)
        .outerjoin(customer_profile, _PROFILE.party_id == party.c.id)
        .where(_matches(text))
    )


def _matches(text: str) -> ColumnElement[bool]:
    """Write the condition that a code, name, GSTIN or phone number has the text in it."""
    like = f"%{_escaped(text)}%"
    found: list[ColumnElement[bool]] = [
        party.c.code.ilike(like, escape="\\"),
        party.c.name.ilike(like, escape="\\"),
        _PROFILE.gstin.ilike(like, escape="\\"),
        _PROFILE.city.ilike(like, escape="\\"),
    ]
    if key := key_of_name(text):
        found.append(_PROFILE.name_key.like(f"%{_escaped(key)}%", escape="\\"))
    digits = "".join(one for one in digits_of(text) if one.isdigit())
    if len(digits) >= _LEAST_DIGITS:
        numbers = (_PROFILE.phone, _PROFILE.contacts)
        found += [one.like(f"%{digits.lstrip('0')}%") for one in numbers]
    return or_(*found)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _spans(connection: Connection, party_id: int) -> Sequence[tuple[str, Span]]:
    table = party_mapping.c
    query = (
        select(table.role, table.who, table.from_day, table.until_day)
        .where(table.party_id == party_id)
        .order_by(table.role, table.from_day)
    )
    return [(row[0], Span(*row[1:])) for row in connection.execute(query)]


def _requests(connection: Connection, party_id: int) -> tuple[RequestRow, ...]:
    query = (
        select(party_request)
        .where(party_request.c.party_id == party_id)
        .order_by(party_request.c.id.desc())
        .limit(20)
    )
    return tuple(_request_of(row) for row in connection.execute(query))


def _request_of(row: Row[Any]) -> RequestRow:
    return RequestRow(
        row.id,
        row.kind,
        read_asked(row.asked),
        row.asked_by,
        row.asked_at,
        row.why,
        row.state,
        row.decided_by,
    )


def _chain(
    connection: Connection, parent: int | None, *, scope: Scope
) -> tuple[tuple[str, str], ...]:
    """Give the parties above, the nearest first, up to where the reader sees no further."""
    chain: list[tuple[str, str]] = []
    while parent is not None:
        query = select(party.c.code, party.c.name, party.c.parent_id).where(
            party.c.id == parent, visible(scope, seller=party.c.id)
        )
        row = connection.execute(query).first()
        if row is None:
            break
        chain.append((row.code, row.name))
        parent = row.parent_id
    return tuple(chain)
