"""The keys of customers' names, by which a customer is found again however it is written."""

from typing import Final

from sqlalchemy import insert

from hub.base.transaction import Transaction
from hub.desk.parties.model.customers import key_of_name
from hub.desk.parties.model.fields import EMPTY
from hub.desk.parties.tables import customer_profile

_KEYS: Final = """
SELECT p.id, p.name, k.name_key FROM party p LEFT JOIN customer_profile k ON k.party_id = p.id
WHERE p.code <> '@house'
"""
_RENAME: Final = "UPDATE customer_profile SET name_key = ? WHERE party_id = ?"


def write_name_keys(t: Transaction) -> None:
    """Give every customer of a load the key of its name."""
    new, renamed = [], []
    for party_id, name, key in t.rows(_KEYS):
        wanted = key_of_name(name)
        if key is None:
            new.append({"party_id": party_id, "name_key": wanted, **EMPTY})
        elif key != wanted:
            renamed.append((wanted, party_id))
    if new:
        t.connection.execute(insert(customer_profile), new)
    t.many(_RENAME, renamed)
