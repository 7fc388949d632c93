"""Parties found and written inside a given transaction, and what day it is where the seller is."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.base.transaction import Transaction
from hub.desk.parties.model import moment_of

_SETTINGS: Final = "SELECT key, value FROM setting"
_ZONE: Final = "SELECT value FROM setting WHERE key = 'timezone'"
_SELLER: Final = """
SELECT s.id FROM party c JOIN party_closure k ON k.descendant_id = c.id
JOIN party s ON s.id = k.ancestor_id
WHERE c.code = ? AND c.code <> '@house' AND s.sells AND s.id <> c.id ORDER BY k.depth LIMIT 1
"""


def settings_of(t: Transaction) -> Mapping[str, str]:
    """Give the distributor's own values by their keys."""
    return {key: value for key, value in t.rows(_SETTINGS)}


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def business_day(t: Transaction) -> date:
    """Give the day it is, at the transaction's moment, where the distributor is."""
    found = t.rows(_ZONE)
    return moment_of(t.at_ms, _zone(found[0][0] if found else "UTC")).day


def seller_of(t: Transaction, customer: str) -> int | None:
    """Give the row id of the seller that a customer buys from: the nearest above it that sells.

    None where nobody knows the customer.
    """
    found = t.rows(_SELLER, (customer,))
    return int(found[0][0]) if found else None
