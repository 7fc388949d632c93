"""Single products with their bar codes, written inside a given transaction."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from hub.base import history
from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import key_of_gtin, look_of_code
from hub.desk.parties.store import set_setting
from hub.desk.products.model.fields import OWN_COLUMNS, codes_of
from hub.desk.products.store.catalogue import write_catalogue
from hub.desk.products.tables import product, product_gtin

TOPIC: Final = "products"
_OTHERS: Final = """
SELECT g.gtin, p.sku FROM product_gtin g JOIN product p ON p.id = g.product_id WHERE p.sku <> ?
"""

Columns = Mapping[str, Any]


def find_product(t: Transaction, sku: str) -> dict[str, Any] | None:
    """Lock and read a product with its bar codes; None where there is none of this SKU."""
    query = select(product).where(product.c.sku == sku).with_for_update()
    row = t.connection.execute(query).mappings().first()
    if row is None:
        return None
    codes = product_gtin.c
    found = t.connection.execute(
        select(codes.gtin, codes.unit).where(codes.product_id == row["id"]).order_by(codes.gtin)
    ).all()
    return {
        **row,
        "active": bool(row["active"]),
        "gtins": ";".join(one.gtin for one in found if one.unit is None),
        "pack_gtins": ";".join(sorted(f"{one.unit}={one.gtin}" for one in found if one.unit)),
    }


def faults_of(t: Transaction, sku: str, columns: Columns) -> list[Reason]:
    """Tell which bar codes another product has, and whether what replaces it is there."""
    wanted = {key_of_gtin(one): one for one in codes_of(columns)}
    faults = []
    if wanted:
        for gtin, other in t.rows(_OTHERS, (sku,)):
            if key_of_gtin(gtin) in wanted:
                params = {"gtin": wanted[key_of_gtin(gtin)], "sku": other}
                faults.append(Reason("gtin_taken", params, "gtins"))
    other = columns.get("replaced_by")
    if other and (other == sku or not t.rows("SELECT 1 FROM product WHERE sku = ?", (other,))):
        faults.append(Reason("replacement_unknown", {"sku": other}, "replaced_by"))
    return faults


def find_look_alike(t: Transaction, sku: str) -> str | None:
    """Find a product whose SKU people would take for this one."""
    found = t.rows("SELECT sku FROM product WHERE lower(sku) = lower(?)", (sku,))
    return next((one for (one,) in found if look_of_code(one) == look_of_code(sku)), None)


def add_product(t: Transaction, sku: str, columns: Columns, *, why: str) -> None:
    """Add a product with its bar codes, and tell the terminals by the catalogue."""
    values = {name: columns[name] for name in OWN_COLUMNS}
    made = t.connection.execute(insert(product).values(sku=sku, **values)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    _write_codes(t, int(made[0]), codes_of(columns))
    kept = {**values, "gtins": columns["gtins"], "pack_gtins": columns["pack_gtins"]}
    history.record(t, "product", sku, before={}, after=kept, why=why)
    announce(t)


def change_product(t: Transaction, before: Columns, columns: Columns, *, why: str) -> None:
    """Change a product that `find_product` gave, and tell the terminals by the catalogue."""
    changed = {name: value for name, value in columns.items() if before[name] != value}
    if not changed:
        return
    values = {name: changed[name] for name in OWN_COLUMNS if name in changed}
    if values:
        t.connection.execute(update(product).where(product.c.id == before["id"]).values(values))
    if not changed.keys() <= values.keys():
        own = product_gtin.c.product_id == before["id"]
        t.connection.execute(delete(product_gtin).where(own))
        _write_codes(t, before["id"], codes_of({**before, **columns}))
    was = {name: before[name] for name in changed}
    history.record(t, "product", before["sku"], before=was, after=changed, why=why)
    announce(t)


def announce(t: Transaction) -> None:
    """Write the catalogue anew, which terminals then fetch and the hub reads again."""
    set_setting(t, "catalogue", write_catalogue(t).hash)
    set_setting(t, "loaded", f"{t.at_ms}")
    for topic in (TOPIC, "terminals"):
        t.changed(topic)


def _write_codes(t: Transaction, product_id: int, codes: Mapping[str, str | None]) -> None:
    rows = [{"gtin": gtin, "product_id": product_id, "unit": unit} for gtin, unit in codes.items()]
    if rows:
        t.connection.execute(insert(product_gtin), rows)
