"""Whom terminals order for, as one row each."""

from datetime import date
from typing import Any, Final

from hub.domain.exposure import with_exposure
from hub.domain.ledger import Party
from rules import Credit, Customer, Minor

PARTIES: Final = """
SELECT t.id, t.revoked_at, c.id, c.code, c.name, c.type, c.geo, c.status, c.credit_state,
       c.credit_limit, c.since, a.exposure, a.opening_outstanding, w.id, w.code
FROM terminal t
JOIN customer c ON c.id = t.customer_id
JOIN customer_account a ON a.customer_id = c.id
JOIN warehouse w ON w.id = t.warehouse_id
WHERE t.id IN """


def read_party(row: tuple[Any, ...]) -> Party:
    """Read one row of PARTIES."""
    terminal, revoked, customer_id, code, name, kind, geo, status, *standing, place, warehouse = row
    state, limit, since, owed, opening = standing
    credit = Credit(state=state, limit=Minor(limit), invoices=Minor(opening))
    return Party(
        terminal=terminal,
        revoked=revoked is not None,
        customer_id=customer_id,
        customer=Customer(code, kind, tuple(geo.split("/")) if geo else (), status),
        name=name,
        credit=with_exposure(credit, owed),
        warehouse_id=place,
        warehouse=warehouse,
        # SQLite gives the text of a date, PostgreSQL the date.
        since=date.fromisoformat(since) if isinstance(since, str) else since,
    )
