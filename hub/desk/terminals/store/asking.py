"""What a counter's question or order is about, found inside a given transaction."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import forms_of_gtin, key_of_gtin
from hub.desk.products.model import read_pack_sizes
from hub.desk.products.store.products import known_of
from hub.desk.terminals.model import ScannedProduct

_ORDER: Final = """
SELECT uuid, number, status FROM order_ WHERE status <> 'draft' AND (number = ? OR uuid = ?)
AND customer_id IN ({}) ORDER BY id DESC LIMIT 1
"""
_BY_CODE: Final = """
SELECT g.gtin, p.sku, g.unit, p.pack_sizes
FROM product_gtin g JOIN product p ON p.id = g.product_id WHERE g.gtin IN """


class FoundOrder(NamedTuple):
    """An order that a slip names."""

    uuid: str
    number: str
    status: str


def order_of(t: Transaction, written: str, customers: Sequence[int]) -> FoundOrder | None:
    """Find customers' order by the number on its slip, or by its id; the newest of the number."""
    query = _ORDER.format(", ".join("?" * len(customers)))
    rows = t.rows(query, (written, written, *customers))
    return FoundOrder(*rows[0]) if rows else None


def scanned_products(t: Transaction, codes: Sequence[str]) -> dict[str, ScannedProduct]:
    """Find the products that bar codes of 14 digits name; a code that is a SKU names no other."""
    skus = known_of(t, codes)
    wanted = [code for code in codes if code not in skus]
    forms = sorted({form for code in wanted for form in forms_of_gtin(code)})
    return {
        key_of_gtin(gtin): ScannedProduct(sku, unit, read_pack_sizes(packs)[unit] if unit else 1)
        for gtin, sku, unit, packs in t.rows_in(_BY_CODE, forms)
    }
