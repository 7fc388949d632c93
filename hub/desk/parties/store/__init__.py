"""Parties written and read inside a given transaction."""

from hub.desk.parties.store.tree import (
    begin_incarnation,
    business_day,
    incarnation_of,
    party_ids,
    seller_ids,
    seller_of,
    set_setting,
    settings_of,
    write_closure,
    write_house,
    write_parties,
    write_sellers,
)

__all__ = [
    "begin_incarnation",
    "business_day",
    "incarnation_of",
    "party_ids",
    "seller_ids",
    "seller_of",
    "set_setting",
    "settings_of",
    "write_closure",
    "write_house",
    "write_parties",
    "write_sellers",
]
