"""Add a product or change one: the terminals hear of it by their next catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.base import history
from hub.base.clock import Clock
from hub.base.fields import Change, Kept, Reason, Refused, merge, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.model.cells import CellError, read_code
from hub.desk.products.model.fields import FIELDS, check_product, read_fields, write_fields
from hub.desk.products.store.products import (
    add_product,
    change_product,
    faults_of,
    find_look_alike,
    find_product,
)


@dataclass(slots=True)
class KeepProduct:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def add(self, sku: str, texts: Mapping[str, str], *, by: str, why: str = "") -> Kept | Refused:
        """Add a product of these fields."""
        given = {name: texts.get(name) or one.default for name, one in FIELDS.items()}
        columns, faults = read_fields({**given, **{n: t for n, t in texts.items() if t.strip()}})
        try:
            sku = read_code(sku)
        except CellError as error:
            faults.append(error.reason._replace(field="sku"))
        faults = faults or list(check_product(columns))
        if faults:
            return Refused(tuple(faults))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            taken = find_look_alike(t, sku)
            if taken:
                return refused("sku_taken", field="sku", sku=sku, other=taken)
            faults = faults_of(t, sku, columns)
            if faults:
                return Refused(tuple(faults))
            add_product(t, sku, columns, why=why)
            t.commit()
        return Kept(sku, tuple(texts))

    def change(
        self, sku: str, changes: Mapping[str, Change], *, by: str, why: str = ""
    ) -> Kept | Refused:
        """Change fields from what the person saw to what the person wants."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = find_product(t, sku)
            if found is None:
                return refused("product_not_found", sku=sku)
            wanted, faults = read_fields({name: one.wanted for name, one in changes.items()})
            if faults:
                return Refused(tuple(faults))
            texts = _merged(t, found, changes, wanted=wanted)
            if isinstance(texts, Refused):
                return texts
            columns = read_fields(texts)[0]
            whole = {**found, **columns}
            faults = list(check_product(whole)) + faults_of(t, sku, whole)
            if faults:
                return Refused(tuple(faults))
            change_product(t, found, columns, why=why)
            t.commit()
        return Kept(sku, tuple(name for name in FIELDS if name in texts))


def _merged(
    t: Transaction,
    found: dict[str, Any],
    changes: Mapping[str, Change],
    *,
    wanted: Mapping[str, Any],
) -> Mapping[str, str] | Refused:
    """Put the changes beside those of others since the person looked."""
    now, written = write_fields(found), write_fields({**found, **wanted})
    merged = merge(now, {name: Change(one.seen, written[name]) for name, one in changes.items()})
    if not merged.crossed:
        return merged.wanted
    entries = history.read(t.connection, "product", found["sku"])
    reasons = []
    for name in merged.crossed:
        who = next((one.who for one in reversed(entries) if one.field == name), "")
        reasons.append(Reason("field_crossed", {"now": now[name] or "-", "who": who}, name))
    return Refused(tuple(reasons))
