"""Outlets that somebody found on the way, added inside a given transaction as new customers are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hub.base.access import Scope
from hub.base.fields import Kept, Refused
from hub.base.transaction import Transaction
from hub.desk.parties.model.customers import Span
from hub.desk.parties.model.fields import read_fields
from hub.desk.parties.store.changing import place_customer
from hub.desk.parties.store.customers import find_duplicates
from hub.desk.parties.store.requests import write_span
from hub.desk.parties.store.tree import business_day, seller_ids

_ID: Final = "SELECT id FROM party WHERE code = ?"


def place_found(
    t: Transaction,
    code: str,
    texts: Mapping[str, str],
    *,
    who: str,
    scope: Scope,
    anyway: bool = False,
) -> Kept | Refused:
    """Add an outlet that `who` found and serves from today on; a second person lets it pass.

    Those that it may be are offered as far as `who` sees them; whoever lets it pass is told of all
    of the seller's, in why it is asked for.
    """
    if not scope.sellers:  # who serves nobody yet finds a first outlet for the company
        scope = replace(scope, sellers=frozenset({seller_ids(t)[""]}))
    columns, faults = read_fields(texts)
    wide = replace(scope, parties=frozenset(), regions=frozenset(), narrowed=False)
    alike = () if faults or not texts.get("name") else find_duplicates(t, columns, scope=wide)
    why = ", ".join(f"{one.code} {one.name} ({one.by})" for one in alike)[:300]
    made = place_customer(t, code, texts, scope=scope, why=why, anyway=anyway)
    if isinstance(made, Kept):
        customer = {"id": int(t.rows(_ID, (code,))[0][0]), "code": code}
        write_span(t, customer, "rep", span=Span(who, business_day(t)), why=why)
    return made
