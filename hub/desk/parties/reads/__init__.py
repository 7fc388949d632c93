"""Parties read for pages, commands and programs; nothing is locked."""

from hub.desk.parties.reads.distributor import (
    Distributor,
    read_distributor,
    scope_of,
    served_at,
    serves_customers,
)

__all__ = ["Distributor", "read_distributor", "scope_of", "served_at", "serves_customers"]
