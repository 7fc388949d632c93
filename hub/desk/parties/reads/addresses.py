"""The delivery addresses of customers; nothing is locked."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.desk.parties.model.addresses import FIELDS, Address, NamedAddress
from hub.desk.parties.tables import customer_address, party


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address by its code, with who entered it and when."""

    id: int
    code: str
    address: Address
    made_by: str
    made_at: int

    @property
    def label(self) -> str:
        """Write the address in one line, with its code."""
        return NamedAddress(self.code, self.address).label


def list_addresses(connection: Connection, customer: str, *, scope: Scope) -> list[AddressRow]:
    """Give the addresses in force of a customer, by code."""
    one = customer_address.c
    query = (
        _addresses(scope).where(party.c.code == customer, one.ended_at.is_(None)).order_by(one.code)
    )
    return [_row(row) for row in connection.execute(query)]


def read_address_row(
    connection: Connection, row_id: int | None, *, scope: Scope
) -> AddressRow | None:
    """Read one address, also one that ended; None where nobody sees one."""
    if row_id is None:
        return None
    row = connection.execute(_addresses(scope).where(customer_address.c.id == row_id)).first()
    return _row(row) if row else None


def _addresses(scope: Scope) -> Any:  # noqa: ANN401 -- a query
    one = customer_address.c
    return (
        select(one.id, one.code, *(one[name] for name in FIELDS), one.made_by, one.made_at)
        .join(party, party.c.id == one.party_id)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
    )


def _row(row: Any) -> AddressRow:  # noqa: ANN401 -- a row of a query
    return AddressRow(row.id, row.code, Address(*row[2:-2]), row.made_by, row.made_at)
