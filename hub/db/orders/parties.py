"""Whom terminals order for, as one row each."""

from typing import Any, Final

from hub.domain.ledger import Party
from rules import Credit, Customer, Minor

PARTIES: Final = """
SELECT t.id, t.revoked_at, c.id, c.code, c.name, c.type, c.geo, c.status, c.credit_state,
       c.credit_limit, a.exposure, w.id, w.code
FROM terminal t
JOIN customer c ON c.id = t.customer_id
JOIN customer_account a ON a.customer_id = c.id
JOIN warehouse w ON w.id = t.warehouse_id
WHERE t.id IN """


def read_party(row: tuple[Any, ...]) -> Party:
    """Read one row of PARTIES."""
    terminal, revoked, customer_id, code, name, kind, geo, status, state, limit, owed, *place = row
    return Party(
        terminal=terminal,
        revoked=revoked is not None,
        customer_id=customer_id,
        customer=Customer(code, kind, tuple(geo.split("/")) if geo else (), status),
        name=name,
        credit=Credit(state=state, limit=Minor(limit), exposure=Minor(owed)),
        warehouse_id=place[0],
        warehouse=place[1],
    )
