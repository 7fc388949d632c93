"""What is known of every terminal: is it there, what waits in it, is it up to date."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select

from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.listing import Slice, Wanted, page_of
from hub.desk.orders.tables import order_
from hub.desk.parties.tables import party, setting
from hub.desk.rulepacks.tables import serving_pack
from hub.desk.stock.tables import warehouse
from hub.desk.terminals.model import TerminalLine
from hub.desk.terminals.tables import (
    Terminal,
    has_other_pack,
    is_ahead,
    is_awaited,
    is_copied,
    terminal_log,
    terminal_presence,
)

_terminals = table_of(Terminal)
_said = terminal_presence.c

LOST_AFTER_MS: Final = 100_000
"""A terminal says every 30 s that it is there; after three times unheard it is lost."""

REMARKS: Final = 20

Presence = Literal["copied", "online", "offline", "lost", "never"]
Freshness = Literal["current", "behind", "not_here", "unknown"]


def terminals_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees a terminal: its seller's, or its customer's."""
    return visible(scope, seller=_terminals.c.seller_id, party=_terminals.c.customer_id)


@dataclass(frozen=True, slots=True)
class LastOrder:
    """The newest order a terminal sent."""

    uuid: str
    number: str
    placed_at: int


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """One terminal as it last described itself; a lost one says online but fell silent.

    `pack_reason` is why it has not put the pack in force that it should have, as a code. One that
    is `ahead` keeps answered orders that the hub has forgotten; one that is `awaited` may.
    """

    id: str
    customer: str
    customer_code: str
    revoked: bool
    presence: Presence
    seen_at: int | None
    queued: int
    oldest_ms: int
    printer: str
    slips_waiting: int
    software: str
    pack: Freshness
    pack_reason: str
    catalogue: Freshness
    last_order: LastOrder | None
    ahead: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class UpToDate:
    """What a terminal that is up to date has."""

    pack: str | None
    pack_version: int | None
    catalogue: str | None


def read_up_to_date(connection: Connection, now_ms: int) -> UpToDate:
    """Read which pack and catalogue are in force."""
    pack = connection.execute(serving_pack(now_ms)).first()
    catalogue = connection.execute(
        select(setting.c.value).where(setting.c.key == "catalogue")
    ).scalar_one_or_none()
    return UpToDate(
        pack=pack.hash if pack else None,
        pack_version=pack.version if pack else None,
        catalogue=catalogue,
    )


def count_by_presence(
    connection: Connection, now_ms: int, *, scope: Scope
) -> Mapping[Presence, int]:
    """Count the terminals that may connect, by presence."""
    presence = presence_of(now_ms).label("presence")
    query = (
        select(presence, func.count().label("terminals"))
        .select_from(_terminals)
        .outerjoin(terminal_presence, _said.terminal == _terminals.c.id)
        .where(_terminals.c.revoked_at.is_(None), terminals_of(scope))
        .group_by(presence)
    )
    return {cast("Presence", row.presence): row.terminals for row in connection.execute(query)}


def list_terminals(
    connection: Connection, wanted: Wanted, *, now_ms: int, best: UpToDate, scope: Scope
) -> Slice[TerminalRow]:
    """Read one page; its cost grows neither with the terminals nor with their orders.

    `wanted` may choose `presence` or `terminal`, and search for an id or a customer.
    """
    newest = (
        select(order_.c.id)
        .where(order_.c.requester == _terminals.c.id, order_.c.source == "terminal")
        .order_by(order_.c.id.desc())
        .limit(1)
        .correlate(_terminals)
        .scalar_subquery()
    )
    query = (
        select(
            _terminals.c.id,
            _terminals.c.revoked_at,
            party.c.name.label("customer"),
            party.c.code.label("customer_code"),
            presence_of(now_ms).label("presence"),
            _said.seen_at,
            _said.queued,
            _said.oldest_ms,
            _said.printer,
            _said.slips_waiting,
            _said.software,
            _said.pack,
            _said.pack_reason,
            _said.catalogue,
            is_ahead().label("ahead"),
            is_awaited().label("awaited"),
            has_other_pack().label("other_pack"),
            order_.c.uuid,
            order_.c.number,
            order_.c.placed_at,
        )
        .join(party, party.c.id == _terminals.c.customer_id)
        .outerjoin(terminal_presence, _said.terminal == _terminals.c.id)
        .outerjoin(order_, order_.c.id == newest)
        .where(and_(terminals_of(scope), *_conditions(wanted, now_ms)))
    )
    sorts = {
        "terminal": _terminals.c.id,
        "customer": party.c.name,
        "presence": presence_of(now_ms),
        "seen": func.coalesce(_said.seen_at, 0),
        "waiting": func.coalesce(_said.queued, 0),
    }
    return page_of(
        connection,
        query,
        wanted,
        sorts=sorts,
        key=_terminals.c.id,
        make=lambda row: _terminal(row, best),
    )


def presence_of(now_ms: int) -> ColumnElement[str]:
    """Tell a terminal's presence; one that says it is online but fell silent is lost.

    So is one heard later than now, by a clock that was fast, until it is heard again. A copied one
    is that before all: which of two machines it is that is online says nothing.
    """
    return case(
        (is_copied(), "copied"),
        (_said.state.is_(None), "never"),
        (_said.state == "offline", "offline"),
        (_said.seen_at < now_ms - LOST_AFTER_MS, "lost"),
        (_said.seen_at > now_ms + LOST_AFTER_MS, "lost"),
        else_="online",
    )


def _conditions(wanted: Wanted, now_ms: int) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if presences := wanted.chosen.get("presence"):
        conditions += [presence_of(now_ms).in_(presences), _terminals.c.revoked_at.is_(None)]
    if names := wanted.chosen.get("terminal"):
        conditions.append(_terminals.c.id.in_(names))
    if wanted.text:
        conditions.append(
            or_(
                _terminals.c.id.icontains(wanted.text, autoescape=True),
                party.c.name.icontains(wanted.text, autoescape=True),
                party.c.code.istartswith(wanted.text, autoescape=True),
            )
        )
    return conditions


def _terminal(row: Row[*tuple[Any, ...]], best: UpToDate) -> TerminalRow:
    last = LastOrder(row.uuid, row.number, row.placed_at) if row.uuid else None
    return TerminalRow(
        id=row.id,
        customer=row.customer,
        customer_code=row.customer_code,
        revoked=row.revoked_at is not None,
        presence=cast("Presence", row.presence),
        seen_at=row.seen_at,
        queued=row.queued or 0,
        oldest_ms=row.oldest_ms or 0,
        printer=row.printer or "unknown",
        slips_waiting=row.slips_waiting or 0,
        software=row.software or "",
        pack="not_here" if row.other_pack else _freshness(row.pack, best.pack),
        pack_reason=row.pack_reason or "",
        catalogue=_freshness(row.catalogue, best.catalogue),
        last_order=last,
        ahead=bool(row.ahead),
        awaited=bool(row.awaited),
    )


def _freshness(has: str | None, wanted: str | None) -> Freshness:
    if has is None or wanted is None:
        return "unknown"
    return "current" if has == wanted else "behind"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a terminal thought a person should hear of."""

    at: int
    terminal: str
    level: str
    code: str
    text: str
    order: str | None


def list_remarks(connection: Connection, *, scope: Scope) -> tuple[Remark, ...]:
    """Read the newest remarks of all terminals."""
    rows = connection.execute(
        select(terminal_log)
        .join(_terminals, _terminals.c.id == terminal_log.c.terminal)
        .where(terminals_of(scope))
        .order_by(terminal_log.c.id.desc())
        .limit(REMARKS)
    )
    return tuple(
        Remark(
            at=row.at,
            terminal=row.terminal,
            level=row.level,
            code=row.code,
            text=row.text,
            order=row.order_uuid,
        )
        for row in rows
    )


def every_terminal(connection: Connection, *, scope: Scope) -> list[TerminalLine]:
    """List terminals by id, with what each said last."""
    query = (
        select(
            _terminals.c.id,
            party.c.code.label("customer"),
            warehouse.c.code.label("warehouse"),
            _terminals.c.revoked_at,
            _said.state,
            _said.seen_at,
            _said.queued,
            is_ahead().label("ahead"),
            is_awaited().label("awaited"),
            is_copied().label("copied"),
        )
        .join(party, party.c.id == _terminals.c.customer_id)
        .join(warehouse, warehouse.c.id == _terminals.c.warehouse_id)
        .outerjoin(terminal_presence, _said.terminal == _terminals.c.id)
        .where(terminals_of(scope))
        .order_by(_terminals.c.id)
    )
    rows = connection.execute(query).mappings()
    return [
        TerminalLine(
            **{**row, **{name: bool(row[name]) for name in ("ahead", "awaited", "copied")}}
        )
        for row in rows
    ]
