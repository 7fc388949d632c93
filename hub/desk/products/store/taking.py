"""Products of a file taken many at once: looked up together, and written together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hub.base.fields import Kept, Reason, Refused, refused
from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import CellError, clean, key_of_gtin, look_of_code
from hub.desk.products.model.fields import (
    FIELDS,
    check_product,
    codes_of,
    read_fields,
    write_fields,
)
from hub.desk.products.store.products import (
    TOPIC,
    add_all,
    find_all,
    known_of,
    owners_of,
    taken_codes,
    write_change,
)

_LOOKS: Final = "SELECT sku FROM product WHERE lower(sku) IN "


@dataclass(slots=True)
class ProductsTaken:
    """Products of some SKUs as they are, with what is to be added and changed so far.

    `owners` has by the key of each bar code the SKU of the product with it.
    """

    products: dict[str, dict[str, Any]]
    looks: dict[str, str]
    owners: dict[str, str]
    known: set[str]
    added: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    changed: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=list)

    def take(self, sku: str, texts: Mapping[str, str]) -> Kept | Refused:
        """Add a product, or change those fields of it that the texts say something of."""
        found = self.products.get(sku)
        alike = self.looks.get(look_of_code(sku), sku)
        if found is None and alike != sku:
            return refused("sku_taken", field="sku", sku=sku, other=alike)
        if found is not None:  # a cell that says what is there is no change, whatever that is
            now = write_fields(found)
            texts = {name: text for name, text in texts.items() if clean(text) != now.get(name)}
            if not texts:
                return Kept(sku)
        given = texts if found else {**_DEFAULTS, **{n: t for n, t in texts.items() if t.strip()}}
        columns, faults = read_fields(given)
        whole = {**(found or {}), **columns}
        faults = faults or [*check_product(whole), *self._taken(sku, whole)]
        if faults:
            return Refused(tuple(faults))
        if found is None:
            self.added[sku] = whole
            names = tuple(texts)
        else:
            names = tuple(name for name in columns if columns[name] != found[name])
            self.changed.append((found, columns))
        self._keep(sku, found, whole)
        return Kept(sku, names)

    def is_new(self, sku: str) -> bool:
        """Say whether a product that was taken is one that was not there."""
        return sku in self.added

    def write(self, t: Transaction, *, why: str) -> None:
        """Write what was taken: changes first, as a new product may have a code set free."""
        for before, columns in self.changed:
            write_change(t, before, columns, why=why)
        if self.added:
            add_all(t, self.added, why=why)
        t.changed(TOPIC)

    def _taken(self, sku: str, whole: Mapping[str, Any]) -> list[Reason]:
        faults = taken_codes(sku, whole, self.owners)
        other = whole.get("replaced_by")
        if other and (other == sku or other not in self.known):
            faults.append(Reason("replacement_unknown", {"sku": other}, "replaced_by"))
        return faults

    def _keep(self, sku: str, found: Mapping[str, Any] | None, whole: Mapping[str, Any]) -> None:
        """Have the rows behind this one see it."""
        self.looks[look_of_code(sku)] = sku
        self.known.add(sku)
        for gtin in codes_of(found) if found else ():
            self.owners.pop(key_of_gtin(gtin), None)
        self.owners.update((key_of_gtin(gtin), sku) for gtin in codes_of(whole))


_DEFAULTS: Final = {name: one.default for name, one in FIELDS.items()}


def read_taken(t: Transaction, rows: Collection[tuple[str, Mapping[str, str]]]) -> ProductsTaken:
    """Look up what these SKUs and their texts are about."""
    skus = [sku for sku, _ in rows]
    products = find_all(t, skus)
    looks = {look_of_code(sku): sku for sku in products}
    new = sorted({one for sku in skus if sku not in products for one in (sku.lower(), sku)})
    looks |= {look_of_code(sku): sku for (sku,) in t.rows_in(_LOOKS, new)}
    codes = {gtin for _, texts in rows for gtin in _codes(texts)}
    codes |= {gtin for one in products.values() for gtin in codes_of(one)}
    wanted = {texts["replaced_by"].strip() for _, texts in rows if texts.get("replaced_by")}
    return ProductsTaken(products, looks, owners_of(t, codes), known_of(t, wanted))


def _codes(texts: Mapping[str, str]) -> list[str]:
    """Give the bar codes of a row, where they can be read."""
    try:
        columns = [FIELDS[name].read(texts.get(name, "")) for name in ("gtins", "pack_gtins")]
    except CellError:
        return []
    return list(codes_of({**columns[0], **columns[1]}))
