"""Single products with their bar codes, written inside a given transaction."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import delete, select, update

from hub.base import history
from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import forms_of_gtin, key_of_gtin, look_of_code
from hub.desk.parties.store import set_setting
from hub.desk.products.model.fields import FIELDS, OWN_COLUMNS, codes_of
from hub.desk.products.store.catalogue import write_catalogue
from hub.desk.products.tables import product, product_gtin

TOPIC: Final = "products"
_CODE: Final = ("gtin", "unit", "product_id")
_OWNERS: Final = """
SELECT g.gtin, p.sku FROM product_gtin g JOIN product p ON p.id = g.product_id WHERE g.gtin IN
"""
_KNOWN: Final = "SELECT sku FROM product WHERE sku IN "

Columns = Mapping[str, Any]


def find_product(t: Transaction, sku: str) -> dict[str, Any] | None:
    """Lock and read a product with its bar codes; None where there is none of this SKU."""
    return find_all(t, [sku]).get(sku)


def find_all(t: Transaction, skus: Collection[str]) -> dict[str, dict[str, Any]]:
    """Lock and read products with their bar codes, by SKU."""
    query = select(product).where(product.c.sku.in_(skus)).order_by(product.c.id)
    found = {
        row["sku"]: {**row, "active": bool(row["active"])}
        for row in t.connection.execute(query.with_for_update() if t.writes else query).mappings()
    }
    codes = product_gtin.c
    kept: dict[int, list[tuple[str, str | None]]] = {row["id"]: [] for row in found.values()}
    for gtin, unit, owner in t.connection.execute(
        select(codes.gtin, codes.unit, codes.product_id)
        .where(codes.product_id.in_(kept))
        .order_by(codes.gtin)
    ):
        kept[owner].append((gtin, unit))
    for row in found.values():
        own = kept[row["id"]]
        row["gtins"] = ";".join(gtin for gtin, unit in own if unit is None)
        row["pack_gtins"] = ";".join(sorted(f"{unit}={gtin}" for gtin, unit in own if unit))
    return found


def owners_of(t: Transaction, gtins: Iterable[str]) -> dict[str, str]:
    """Give by the key of each bar code the SKU of the product that has it."""
    forms = sorted({form for gtin in gtins for form in forms_of_gtin(gtin)})
    return {key_of_gtin(gtin): sku for gtin, sku in t.rows_in(_OWNERS, forms)}


def faults_of(t: Transaction, sku: str, columns: Columns) -> list[Reason]:
    """Tell which bar codes another product has, and whether what replaces it is there."""
    faults = taken_codes(sku, columns, owners_of(t, codes_of(columns)))
    other = columns.get("replaced_by")
    if other and (other == sku or other not in known_of(t, [other])):
        faults.append(Reason("replacement_unknown", {"sku": other}, "replaced_by"))
    return faults


def taken_codes(sku: str, columns: Columns, owners: Mapping[str, str]) -> list[Reason]:
    """Tell which bar codes of a product another one has; zeros before a code make no other one."""
    faults = []
    for gtin, pack in codes_of(columns).items():
        other = owners.get(key_of_gtin(gtin), sku)
        if other != sku:
            field = "pack_gtins" if pack else "gtins"
            faults.append(Reason("gtin_taken", {"gtin": gtin, "sku": other}, field))
    return faults


def known_of(t: Transaction, skus: Collection[str]) -> set[str]:
    """Give those of these SKUs that there are."""
    return {sku for (sku,) in t.rows_in(_KNOWN, sorted(skus))}


def find_look_alike(t: Transaction, sku: str) -> str | None:
    """Find a product whose SKU people would take for this one."""
    found = t.rows("SELECT sku FROM product WHERE lower(sku) = lower(?)", (sku,))
    return next((one for (one,) in found if look_of_code(one) == look_of_code(sku)), None)


def add_product(t: Transaction, sku: str, columns: Columns, *, why: str) -> None:
    """Add a product with its bar codes, and tell the terminals by the catalogue."""
    add_all(t, {sku: columns}, why=why)
    announce(t)


def add_all(t: Transaction, products: Mapping[str, Columns], *, why: str) -> None:
    """Add products by their SKUs; `announce` tells the terminals."""
    ids = t.next_ids(product, len(products))
    t.insert(
        product,
        ("id", "sku", *OWN_COLUMNS),
        [
            (row_id, sku, *(columns[name] for name in OWN_COLUMNS))
            for row_id, (sku, columns) in zip(ids, products.items(), strict=True)
        ],
    )
    codes = zip(ids, map(codes_of, products.values()), strict=True)
    t.insert(product_gtin, _CODE, [(*one, row_id) for row_id, own in codes for one in own.items()])
    for sku, columns in products.items():
        after = {name: columns[name] for name in FIELDS}
        history.record(t, "product", sku, before={}, after=after, why=why)


def change_product(t: Transaction, before: Columns, columns: Columns, *, why: str) -> None:
    """Change a product that `find_product` gave, and tell the terminals by the catalogue."""
    if write_change(t, before, columns, why=why):
        announce(t)


def write_change(t: Transaction, before: Columns, columns: Columns, *, why: str) -> bool:
    """Change a product that `find_all` gave, False where nothing differs; `announce` tells it."""
    changed = {name: value for name, value in columns.items() if before[name] != value}
    if not changed:
        return False
    values = {name: changed[name] for name in OWN_COLUMNS if name in changed}
    if values:
        t.connection.execute(update(product).where(product.c.id == before["id"]).values(values))
    if not changed.keys() <= values.keys():
        own = product_gtin.c.product_id == before["id"]
        t.connection.execute(delete(product_gtin).where(own))
        codes = codes_of({**before, **columns})
        t.insert(product_gtin, _CODE, [(*one, before["id"]) for one in codes.items()])
    was = {name: before[name] for name in changed}
    history.record(t, "product", before["sku"], before=was, after=changed, why=why)
    return True


def announce(t: Transaction) -> None:
    """Write the catalogue anew, which terminals then fetch and the hub reads again."""
    set_setting(t, "catalogue", write_catalogue(t).hash)
    set_setting(t, "loaded", f"{t.at_ms}")
    for topic in (TOPIC, "terminals"):
        t.changed(topic)
