"""The series of numbers that a reader's sellers have: what is given next, what was skipped."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.base.numbering import newest_series
from hub.desk.invoices.words import SERIES_KINDS
from hub.desk.parties.tables import HOUSE, party


class NumberedKind(NamedTuple):
    """A seller's kind of document: `after` is given next, `given` and `skipped` are counts."""

    seller: str
    kind: str
    year: str
    after: str
    given: int
    skipped: int


def list_series(connection: Connection, *, scope: Scope) -> Sequence[NumberedKind]:
    """List the series in their newest financial year; the company's seller is written as ""."""
    query = select(party.c.id, party.c.code).where(party.c.sells, visible(scope, seller=party.c.id))
    codes = {row.id: "" if row.code == HOUSE else row.code for row in connection.execute(query)}
    found = [
        NumberedKind(codes[one.seller], *one[1:])
        for one in newest_series(connection, codes.keys())
        if one.kind in SERIES_KINDS
    ]
    return sorted(found, key=lambda one: (one.seller, SERIES_KINDS.index(one.kind)))
