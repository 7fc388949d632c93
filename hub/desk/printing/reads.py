"""Print runs as their owners see them, and the documents that are left to draw."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select

from hub.base.access import Scope, visible
from hub.desk.invoices.reads.scope import invoices_of
from hub.desk.invoices.tables import invoice
from hub.desk.printing.model import Owner, PrintRun
from hub.desk.printing.tables import print_run, print_run_paper

_MOST_SHOWN: Final = 50
_RUN: Final = (
    *(print_run.c.id, print_run.c.owner, print_run.c.size, print_run.c.language),
    *(print_run.c.otherwise, print_run.c.documents, print_run.c.drawn, print_run.c.state),
    *(print_run.c.asked_at, print_run.c.ended_at),
)
"""The columns of a `PrintRun`, by its names."""


def list_runs(connection: Connection, *, owner: Owner, scope: Scope) -> list[PrintRun]:
    """List the runs that a person or a program asked for, the newest first, 50 at most."""
    query = select(*_RUN).where(_of(owner, scope)).order_by(print_run.c.id.desc())
    rows = connection.execute(query.limit(_MOST_SHOWN)).mappings()
    return [PrintRun(**row) for row in rows]


def read_run(
    connection: Connection, run: int, *, owner: Owner | None = None, scope: Scope
) -> PrintRun | None:
    """Read a run, with `owner` only of who asked for it; None where there is none."""
    query = select(*_RUN).where(print_run.c.id == run, _of(owner, scope))
    row = connection.execute(query).mappings().first()
    return None if row is None else PrintRun(**row)


def read_left(
    connection: Connection, run: int, *, most: int, scope: Scope
) -> Sequence[tuple[int, int]]:
    """Read the first documents of a run that are left to draw: their places and ids."""
    own = print_run_paper.c
    query = (
        select(own.place, own.invoice_id)
        .join(print_run, print_run.c.id == own.run_id)
        .where(own.run_id == run, own.paper.is_(None), print_run.c.state == "drawing")
        .where(_of(None, scope))
    )
    return [tuple(row) for row in connection.execute(query.order_by(own.place).limit(most))]


def read_papers(connection: Connection, run: int, *, scope: Scope) -> Sequence[tuple[str, str]]:
    """Read the kept files of a run's documents that somebody sees now: paper and name, in order."""
    own = print_run_paper.c
    query = (
        select(own.paper, own.name)
        .join(invoice, invoice.c.id == own.invoice_id)
        .where(own.run_id == run, own.paper.is_not(None), invoices_of(scope))
        .order_by(own.place)
    )
    return [tuple(row) for row in connection.execute(query)]


def find_unseen(connection: Connection, invoices: Sequence[int], *, scope: Scope) -> int | None:
    """Give the first of these documents that is none, or is not the reader's; None if all are."""
    query = select(invoice.c.id).where(invoice.c.id.in_(invoices), invoices_of(scope))
    seen = set(connection.execute(query).scalars())
    return next((one for one in invoices if one not in seen), None)


def _of(owner: Owner | None, scope: Scope) -> ColumnElement[bool]:
    """Give the condition of whose a run is: of who asked, else of those whom the scope shows."""
    if owner is not None:
        mine = print_run.c.user_id.is_not_distinct_from(owner.user_id)
        return and_(print_run.c.owner == owner.name, mine)
    return visible(scope, user=print_run.c.user_id)
