"""One terminal as its own page shows it: whose it is, and how its device got in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.base.history import Entry
from hub.base.history import read as read_history
from hub.base.listing import Sorting, Wanted
from hub.desk.stock.tables import warehouse
from hub.desk.terminals.model import TerminalClaim
from hub.desk.terminals.model.enrolment import ClaimLook
from hub.desk.terminals.model.rotations import Rotation
from hub.desk.terminals.reads.terminals import (
    TerminalRow,
    list_terminals,
    read_up_to_date,
    terminals_of,
)
from hub.desk.terminals.tables import (
    CLAIM_COLUMNS,
    ROTATION_COLUMNS,
    Terminal,
    claim_of,
    rotation_of,
    terminal_claim,
    terminal_rotation,
)

_terminals = table_of(Terminal)


@dataclass(frozen=True, slots=True)
class TerminalDetail:
    """A terminal with its newest claim; `has_access` tells whether a device may connect as it."""

    row: TerminalRow
    warehouse: str
    has_access: bool
    claim: TerminalClaim | None
    rotation: Rotation | None
    history: Sequence[Entry]

    def look(self, now_ms: int) -> ClaimLook:
        """Tell how the newest claim looks."""
        return self.claim.look(now_ms) if self.claim else "none"


def is_shown(connection: Connection, terminal: str, *, scope: Scope) -> bool:
    """Tell whether there is such a terminal that a person sees."""
    query = select(_terminals.c.id).where(_terminals.c.id == terminal, terminals_of(scope))
    return connection.execute(query).first() is not None


def read_terminal(
    connection: Connection, terminal: str, *, now_ms: int, scope: Scope
) -> TerminalDetail | None:
    """Read a terminal; None where there is none that the person sees."""
    query = (
        select(_terminals.c.secret_sha256, _terminals.c.revoked_at, warehouse.c.code)
        .join(warehouse, warehouse.c.id == _terminals.c.warehouse_id)
        .where(_terminals.c.id == terminal, terminals_of(scope))
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    wanted = Wanted(Sorting("terminal"), chosen={"terminal": (terminal,)})
    best = read_up_to_date(connection, now_ms)
    (row,) = list_terminals(connection, wanted, now_ms=now_ms, best=best, scope=scope).rows
    return TerminalDetail(
        row=row,
        warehouse=found.code,
        has_access=bool(found.secret_sha256) and found.revoked_at is None,
        claim=read_claim(connection, terminal, scope=scope),
        rotation=read_rotation(connection, terminal, scope=scope),
        history=read_history(connection, "terminal", terminal),
    )


def read_claim(connection: Connection, terminal: str, *, scope: Scope) -> TerminalClaim | None:
    """Read the newest claim of a terminal that a person sees."""
    query = (
        select(*CLAIM_COLUMNS)
        .join(_terminals, _terminals.c.id == terminal_claim.c.terminal)
        .where(terminal_claim.c.terminal == terminal, terminals_of(scope))
        .order_by(terminal_claim.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return claim_of(row) if row else None


def read_rotation(connection: Connection, terminal: str, *, scope: Scope) -> Rotation | None:
    """Read the newest change of a terminal's password that a person sees."""
    query = (
        select(*ROTATION_COLUMNS)
        .join(_terminals, _terminals.c.id == terminal_rotation.c.terminal)
        .where(terminal_rotation.c.terminal == terminal, terminals_of(scope))
        .order_by(terminal_rotation.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return rotation_of(row) if row else None


def list_waiting(connection: Connection, now_ms: int, *, scope: Scope) -> list[TerminalClaim]:
    """List the claims whose devices wait for a person, the oldest first."""
    query = (
        select(*CLAIM_COLUMNS)
        .join(_terminals, _terminals.c.id == terminal_claim.c.terminal)
        .where(
            terminal_claim.c.state == "waiting",
            terminal_claim.c.expires_at > now_ms,
            terminals_of(scope),
        )
        .order_by(terminal_claim.c.asked_at, terminal_claim.c.id)
    )
    return [claim_of(row) for row in connection.execute(query)]
