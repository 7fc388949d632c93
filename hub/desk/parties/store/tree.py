"""Parties found and written inside a given transaction, and what day it is where the seller is."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import literal, select

from hub.base.access import Scope, visible
from hub.base.ids import new_id
from hub.base.masters import Counts, ids_by, write_masters
from hub.base.transaction import Transaction
from hub.desk.parties.model import (
    CustomerRecord,
    Incarnation,
    SellerRecord,
    ancestors,
    in_order,
    moment_of,
)
from hub.desk.parties.store.names import write_name_keys
from hub.desk.parties.tables import HOUSE, party, party_closure, setting

_INCARNATION: Final = "incarnation"
_RESTORED_AT: Final = "restored_at"
_BACKUP_AT: Final = "backup_at"
_SETTINGS: Final = "SELECT key, value FROM setting"
_ZONE: Final = "SELECT value FROM setting WHERE key = 'timezone'"
_CLOSURE: Final = "SELECT ancestor_id, descendant_id, depth FROM party_closure"
_DROP: Final = "DELETE FROM party_closure WHERE ancestor_id = ? AND descendant_id = ?"
_SELLER: Final = """
SELECT s.id FROM party c JOIN party_closure k ON k.descendant_id = c.id
JOIN party s ON s.id = k.ancestor_id
WHERE c.code = ? AND c.code <> '@house' AND s.sells AND s.id <> c.id ORDER BY k.depth LIMIT 1
"""


def settings_of(t: Transaction) -> Mapping[str, str]:
    """Give the distributor's own values by their keys."""
    return dict(map(tuple, t.rows(_SETTINGS)))


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def business_zone(t: Transaction) -> ZoneInfo:
    """Give the distributor's time zone."""
    found = t.rows(_ZONE)
    return _zone(found[0][0] if found else "UTC")


def business_day(t: Transaction) -> date:
    """Give the day it is, at the transaction's moment, where the distributor is."""
    return moment_of(t.at_ms, business_zone(t)).day


def seller_of(t: Transaction, customer: str, *, scope: Scope) -> int | None:
    """Give the row id of the seller that a customer buys from: the nearest above it that sells.

    None where nobody knows the customer, or whoever asks may not see it.
    """
    found = t.rows(_SELLER, (customer,))
    if not found:
        return None
    seller = int(found[0][0])
    shown = visible(scope, seller=literal(seller), party=party.c.id)
    seen = t.connection.execute(select(party.c.id).where(party.c.code == customer, shown)).first()
    return seller if seen else None


def write_parties(t: Transaction, records: Sequence[CustomerRecord]) -> Counts:
    """Write customers below the seller that each names, and whoever is above whom with them."""
    sellers = seller_ids(t)
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "type": one.type,
            "geo": "/".join(one.geo),
            "status": one.status,
            "credit_state": one.credit_state,
            "credit_limit": one.credit_limit,
            "since": one.since,
            "parent_id": sellers[one.seller],
        }
        for one in records
    ]
    counts = write_masters(t, party, "code", rows=rows)
    write_closure(t)
    write_name_keys(t)
    return counts


def write_house(t: Transaction, name: str) -> int:
    """Write the company at the root of the tree, the seller where no other is named."""
    row = {"code": HOUSE, "name": name, "kind": "company", "sells": True, "parent_id": None}
    write_masters(t, party, "code", rows=[row])
    write_closure(t)
    return seller_ids(t)[""]


def seller_ids(t: Transaction) -> Mapping[str, int]:
    """Give the row ids of all sellers by their codes; the empty code is the company itself."""
    found = dict(map(tuple, t.rows("SELECT code, id FROM party WHERE sells")))
    return {**found, "": found[HOUSE]} if HOUSE in found else found


def party_ids(t: Transaction) -> Mapping[str, int]:
    """Give the row ids of all parties by their codes."""
    return ids_by(t.connection, party, "code")


def write_closure(t: Transaction) -> None:
    """Write who is above whom, where that has changed; raises PartyCircleError for a circle."""
    parents = dict(map(tuple, t.rows("SELECT id, parent_id FROM party")))
    wanted = set(ancestors(parents))
    there = {tuple(row) for row in t.rows(_CLOSURE)}
    t.many(_DROP, [row[:2] for row in sorted(there - wanted)])
    t.insert(party_closure, ("ancestor_id", "descendant_id", "depth"), sorted(wanted - there))


def write_sellers(t: Transaction, records: Sequence[SellerRecord]) -> Counts:
    """Write parties that sell, those above before those below them; raises PartyCircleError."""
    there = seller_ids(t)
    counts = Counts()
    for one in in_order(records, there):
        row = {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "sells": True,
            "parent_id": seller_ids(t)[one.parent],
        }
        added, changed = write_masters(t, party, "code", rows=[row])
        counts = Counts(counts.added + added, counts.changed + changed)
    if records:
        write_closure(t)
    return counts


def set_setting(t: Transaction, key: str, value: str) -> bool:
    """Set one of the distributor's values; False if it had that value."""
    found = settings_of(t).get(key)
    if found is None:
        t.insert(setting, ("key", "value"), [(key, value)])
    elif found != value:
        t.many("UPDATE setting SET value = ? WHERE key = ?", [(value, key)])
    return found != value


def incarnation_of(t: Transaction) -> Incarnation | None:
    """Give the life that the books are in; None where no hub was ever started on them."""
    settings = settings_of(t)
    if _INCARNATION not in settings:
        return None
    restored, backup = settings.get(_RESTORED_AT), settings.get(_BACKUP_AT)
    return Incarnation(
        settings[_INCARNATION], int(restored) if restored else None, int(backup) if backup else None
    )


def begin_incarnation(t: Transaction, *, backup_at: int | None = None) -> Incarnation:
    """Begin a life of the books: from a backup of that moment, or the first one."""
    begun = Incarnation(new_id(t.at_ms), t.at_ms if backup_at is not None else None, backup_at)
    set_setting(t, _INCARNATION, begun.id)
    if backup_at is not None:
        set_setting(t, _RESTORED_AT, str(t.at_ms))
        set_setting(t, _BACKUP_AT, str(backup_at))
    return begun
