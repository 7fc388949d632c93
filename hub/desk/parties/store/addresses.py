"""Delivery addresses written inside a given transaction: a row is never changed, only ended."""

from typing import Final

from hub.base.transaction import Transaction
from hub.desk.parties.model.addresses import FIELDS, Address, NamedAddress
from hub.desk.parties.tables import customer_address

TOPIC: Final = "customers"
_OPEN: Final = "party_id = ? AND code = ? AND ended_at IS NULL"
_READ: Final = f"SELECT {', '.join(FIELDS)} FROM customer_address WHERE {_OPEN}"  # noqa: S608
_END: Final = f"UPDATE customer_address SET ended_by = ?, ended_at = ? WHERE {_OPEN}"  # noqa: S608
_FIND: Final = f"SELECT id FROM customer_address WHERE {_OPEN}"  # noqa: S608
_CUSTOMER: Final = "SELECT id FROM party WHERE code = ?"
_BY_ID: Final = f"SELECT code, {', '.join(FIELDS)} FROM customer_address WHERE id = ?"  # noqa: S608


def keep_address(t: Transaction, customer: int, code: str, *, address: Address) -> bool:
    """Keep an address under its code from now on; False where it is there, the very same.

    The customer is locked. Orders of before keep the address that they were placed with.
    """
    found = t.rows(_READ, (customer, code))
    if found and Address(*found[0]) == address:
        return False
    end_address(t, customer, code)
    values = tuple(address.texts[name] for name in FIELDS)
    columns = ("party_id", "code", *FIELDS, "made_by", "made_at")
    (row_id,) = t.next_ids(customer_address, 1)
    row = (row_id, customer, code, *values, t.actor, t.at_ms)
    t.insert(customer_address, ("id", *columns), [row])
    t.changed(TOPIC)
    return True


def end_address(t: Transaction, customer: int, code: str) -> bool:
    """Have nothing more be sent to an address; False where there is none."""
    t.changed(TOPIC)
    return t.many(_END, [(t.actor, t.at_ms, customer, code)]) > 0


def find_address(t: Transaction, customer: str, code: str) -> int | None:
    """Find the address in force of a customer's code; None where there is none."""
    rows = t.rows(_CUSTOMER, (customer,))
    found = t.rows(_FIND, (rows[0][0], code)) if rows else []
    return int(found[0][0]) if found else None


def address_of(t: Transaction, row_id: int | None) -> Address | None:
    """Give an address by its row, also one that ended."""
    found = named_address(t, row_id)
    return found.address if found else None


def named_address(t: Transaction, row_id: int | None) -> NamedAddress | None:
    """Give an address by its row with its code, also one that ended."""
    found = t.rows(_BY_ID, (row_id,)) if row_id is not None else []
    return NamedAddress(found[0][0], Address(*found[0][1:])) if found else None
