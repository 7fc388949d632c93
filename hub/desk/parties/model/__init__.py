"""Parties as they are loaded and kept: the tree, and what is known of each customer."""

from hub.desk.parties.model.tree import (
    CustomerRecord,
    Incarnation,
    Moment,
    PartyCircleError,
    PartyKind,
    SellerRecord,
    ancestors,
    in_order,
    moment_of,
)

__all__ = [
    "CustomerRecord",
    "Incarnation",
    "Moment",
    "PartyCircleError",
    "PartyKind",
    "SellerRecord",
    "ancestors",
    "in_order",
    "moment_of",
]
