"""Products from files: added, or changed in those fields that a row says something of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.base.fields import Refused
from hub.base.transaction import Transaction
from hub.desk.imports.model import Action, ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import (
    CellError,
    clean,
    digits_of,
    key_of_gtin,
    look_of_code,
    read_code,
)
from hub.desk.products.model.fields import FIELDS
from hub.desk.products.store.products import announce
from hub.desk.products.store.taking import ProductsTaken, read_taken

_SPEC: Final = ImportKind(
    "products",
    ("sku", *FIELDS),
    needed=("sku",),
    key=("sku",),
    words="product_field",
    also={
        "code": "sku",
        "id": "sku",
        "product": "sku",
        "product_code": "sku",
        "item_code": "sku",
        "product_name": "name",
        "description": "name",
        "barcode": "gtins",
        "bar_code": "gtins",
        "ean": "gtins",
        "gtin": "gtins",
        "hsn_code": "hsn",
        "unit": "base_unit",
        "packs": "pack_sizes",
        "reorder": "reorder_level",
        "max": "maximum",
    },
    permission="products.change",
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    sku = texts.get("sku", "")
    yield Mark("", look_of_code(clean(sku)), sku)
    for field in ("gtins", "pack_gtins"):
        for one in digits_of(texts.get(field, "")).split(";"):
            code = one.rpartition("=")[2].strip()
            if code:
                yield Mark("gtins", key_of_gtin(code), code)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    read: list[tuple[Row, str]] = []
    for row in rows:
        try:
            read.append((row, read_code(row.texts.get("sku", ""))))
        except CellError as error:
            yield refuse_row(row, error.reason._replace(field="sku"))
    wanted = [(sku, {n: x for n, x in row.texts.items() if n != "sku"}) for row, sku in read]
    taken = read_taken(t, wanted)
    taken.known |= taking.tried.codes
    for (row, _), (sku, texts) in zip(read, wanted, strict=True):
        yield _outcome(row, sku, texts, taken=taken)
    if t.writes:
        taken.write(t, why=taking.file)
    else:
        taking.tried.codes |= taken.added.keys()


def _outcome(row: Row, sku: str, texts: Mapping[str, str], *, taken: ProductsTaken) -> RowOutcome:
    done = taken.take(sku, texts)
    if isinstance(done, Refused):
        return refuse_row(row, *done.reasons)
    action: Action = "add" if taken.is_new(sku) else "change" if done.changed else "same"
    return RowOutcome(row.number, sku, action, done.changed)


PRODUCTS: Final = MastersKind(_SPEC, _take, _marks, finish=announce)
