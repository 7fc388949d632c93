"""Series of numbers moved past those that papers outside of these books have."""

from datetime import date
from typing import Final

from sqlalchemy import select

from hub.base import history, numbering
from hub.base.access import Scope, visible
from hub.base.fields import Refused, refused
from hub.base.numbering import Skipped, UndefinedSeriesError, Unfit
from hub.base.transaction import Transaction
from hub.desk.invoices.words import SERIES_KINDS
from hub.desk.parties.tables import HOUSE, party

FARTHEST: Final = 10_000
"""How many numbers are skipped at most at once: what is further is a slip of the hand."""


def move_series(
    t: Transaction, kind: str, last: str, *, seller: str, why: str, day: date, scope: Scope
) -> Skipped | Refused:
    """Skip the numbers of a kind up to the last one that a paper has, and write down why."""
    query = select(party.c.id).where(party.c.code == (seller or HOUSE), party.c.sells)
    row = t.connection.execute(query.where(visible(scope, seller=party.c.id))).first()
    if row is None or kind not in SERIES_KINDS:
        return refused("series_unknown", kind=f"{kind} {seller}".strip())
    try:
        done = numbering.move_on(t, seller=row.id, kind=kind, day=day, last=last, most=FARTHEST)
    except UndefinedSeriesError:
        return refused("series_unknown", kind=kind)
    if isinstance(done, Unfit):
        return refused("series_number", field="last", value=last.strip()[:32], after=done.after)
    history.record(
        t, "series", row.id, before={kind: done.first}, after={kind: done.after}, why=why
    )
    return done
