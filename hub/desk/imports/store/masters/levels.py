"""Levels of products in warehouses from files: where they are low, too much, and lie."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final

from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.imports.model import Action, ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import look_of_code
from hub.desk.stock.model.levels import FIELDS, Level, read_level
from hub.desk.stock.model.moves import Place
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.levels import ids_of_products, levels_in, write_levels

_SPEC: Final = ImportKind(
    "levels",
    ("warehouse", "sku", *FIELDS),
    needed=("warehouse", "sku"),
    key=("warehouse", "sku"),
    words="level_field",
    also={
        "product": "sku",
        "reorder_level": "reorder",
        "min": "reorder",
        "minimum": "reorder",
        "max": "maximum",
        "max_level": "maximum",
        "rack": "bin",
        "location": "bin",
    },
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    named = " ".join(texts.get(name, "").strip() for name in _SPEC.key)
    yield Mark("", look_of_code(named), named)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    find = lru_cache(partial(find_place, t, scope=taking.scope))
    products = ids_of_products(t.connection, {row.texts.get("sku", "").strip() for row in rows})
    wanted: dict[Place, dict[str, Level]] = {}
    for row in rows:
        read = _read(row, find(row.texts.get("warehouse", "").strip()), products=products)
        if isinstance(read, RowOutcome):
            yield read
            continue
        place, sku, texts = read
        before = levels_in(t, place, [products[sku]])[products[sku]]
        level = read_level(texts, now=before)
        if isinstance(level, list):
            yield refuse_row(row, *level)
        elif before == level:
            yield RowOutcome(row.number, row.key, "same")
        else:
            wanted.setdefault(place, {})[sku] = level
            changed = [name for name in FIELDS if getattr(before, name) != getattr(level, name)]
            action: Action = "add" if before.is_own else "change"
            yield RowOutcome(row.number, row.key, action, tuple(changed))
    for place, levels in wanted.items():
        write_levels(t, place, levels, products=products, why=taking.file)


def _read(
    row: Row, place: Place | None, *, products: Mapping[str, int]
) -> tuple[Place, str, Mapping[str, str]] | RowOutcome:
    """Find what a row names."""
    sku, code = (row.texts.get(name, "").strip() for name in ("sku", "warehouse"))
    faults = []
    if place is None:
        faults.append(Reason("stock_warehouse_unknown", {"warehouse": code}, "warehouse"))
    if sku not in products:
        faults.append(Reason("stock_product_unknown", {"code": sku}, "sku"))
    if faults or place is None:
        return refuse_row(row, *faults)
    return place, sku, {name: row.texts[name] for name in FIELDS if name in row.texts}


LEVELS: Final = MastersKind(_SPEC, _take, _marks)
