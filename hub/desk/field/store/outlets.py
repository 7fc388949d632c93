"""Outlets that a phone adds or knows better, in a given transaction, by the laws of parties."""

from hub.base.access import Scope
from hub.base.fields import Change, Kept, Refused
from hub.base.transaction import Transaction
from hub.desk.field.model.entries import OutletAdded, OutletChanged, code_of_new
from hub.desk.parties.store.changing import alter_customer
from hub.desk.parties.store.found import place_found


def add_outlet(t: Transaction, entry: OutletAdded, *, user: str, scope: Scope) -> Kept | Refused:
    """Add an outlet that waits for a second person; who found it serves it from today on."""
    code = code_of_new(entry.id)
    return place_found(t, code, entry.fields, who=user, scope=scope, anyway=entry.anyway)


def change_outlet(t: Transaction, entry: OutletChanged, *, scope: Scope) -> Kept | Refused:
    """Change what a phone may change of an outlet; what is guarded waits for a second person."""
    changes = {name: Change(one.seen, one.wanted) for name, one in entry.changes.items()}
    return alter_customer(t, entry.outlet, changes, scope=scope, why="")
