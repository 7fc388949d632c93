"""What is known of every terminal: is it there, what waits in it, is it up to date."""

from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, Row, select

from hub.db.tables import (
    Customer,
    RulePack,
    Setting,
    Terminal,
    order_,
    table_of,
    terminal_log,
    terminal_presence,
)

_customers = table_of(Customer)
_packs = table_of(RulePack)
_settings = table_of(Setting)
_terminals = table_of(Terminal)

LOST_AFTER_MS: Final = 100_000
"""A terminal says every 30 s that it is there; after three times unheard it is lost."""

REMARKS: Final = 20

Presence = Literal["online", "offline", "lost", "never"]
Freshness = Literal["current", "behind", "unknown"]


@dataclass(frozen=True, slots=True)
class LastOrder:
    """The newest order a terminal sent."""

    uuid: str
    number: str
    decided_at: int


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """One terminal as it last described itself; a lost one says online but fell silent."""

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
    catalogue: Freshness
    last_order: LastOrder | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a terminal that is up to date has."""

    pack: str | None
    pack_version: int | None
    catalogue: str | None


def read_wanted(connection: Connection) -> Wanted:
    """Read which pack and catalogue are in force."""
    pack = connection.execute(
        select(_packs.c.hash, _packs.c.version).where(_packs.c.active)
    ).first()
    catalogue = connection.execute(
        select(_settings.c.value).where(_settings.c.key == "catalogue")
    ).scalar_one_or_none()
    return Wanted(
        pack=pack.hash if pack else None,
        pack_version=pack.version if pack else None,
        catalogue=catalogue,
    )


def list_terminals(
    connection: Connection, *, now_ms: int, wanted: Wanted
) -> tuple[TerminalRow, ...]:
    """Read all terminals by name; one that fell silent is lost."""
    newest = (
        select(order_.c.id)
        .where(order_.c.terminal == _terminals.c.id)
        .order_by(order_.c.seq.desc())
        .limit(1)
        .correlate(_terminals)
        .scalar_subquery()
    )
    presence = terminal_presence.c
    query = (
        select(
            _terminals.c.id,
            _terminals.c.revoked_at,
            _customers.c.name.label("customer"),
            _customers.c.code.label("customer_code"),
            presence.state,
            presence.seen_at,
            presence.queued,
            presence.oldest_ms,
            presence.printer,
            presence.slips_waiting,
            presence.software,
            presence.pack,
            presence.catalogue,
            order_.c.uuid,
            order_.c.number,
            order_.c.decided_at,
        )
        .join(_customers, _customers.c.id == _terminals.c.customer_id)
        .outerjoin(terminal_presence, presence.terminal == _terminals.c.id)
        .outerjoin(order_, order_.c.id == newest)
        .order_by(_terminals.c.id)
    )
    return tuple(_terminal(row, now_ms, wanted) for row in connection.execute(query))


def _terminal(row: Row[*tuple[Any, ...]], now_ms: int, wanted: Wanted) -> TerminalRow:
    presence: Presence = cast("Presence", row.state) if row.state else "never"
    if presence == "online" and now_ms - row.seen_at > LOST_AFTER_MS:
        presence = "lost"
    last = LastOrder(row.uuid, row.number, row.decided_at) if row.uuid else None
    return TerminalRow(
        id=row.id,
        customer=row.customer,
        customer_code=row.customer_code,
        revoked=row.revoked_at is not None,
        presence=presence,
        seen_at=row.seen_at,
        queued=row.queued or 0,
        oldest_ms=row.oldest_ms or 0,
        printer=row.printer or "unknown",
        slips_waiting=row.slips_waiting or 0,
        software=row.software or "",
        pack=_freshness(row.pack, wanted.pack),
        catalogue=_freshness(row.catalogue, wanted.catalogue),
        last_order=last,
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


def list_remarks(connection: Connection) -> tuple[Remark, ...]:
    """Read the newest remarks of all terminals."""
    rows = connection.execute(
        select(terminal_log).order_by(terminal_log.c.id.desc()).limit(REMARKS)
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
