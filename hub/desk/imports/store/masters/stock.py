"""Opening stock from files: each row is a batch in a warehouse, taken once."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final

from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import CellError, look_of_code, read_amount
from hub.desk.stock.model.lines import AskedLine, read_lines
from hub.desk.stock.model.moves import Place
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.opening import ask_opening, has_begun, open_batch
from hub.desk.stock.words import UNIT_PRICE_SCALE

_SPEC: Final = ImportKind(
    "stock",
    ("warehouse", "sku", "batch", "manufactured", "expiry", "quantity", "mrp"),
    needed=("warehouse", "sku", "batch", "expiry", "quantity"),
    key=("warehouse", "sku", "batch"),
    words="opening_stock",
    days=("manufactured", "expiry"),
    also={
        "product": "sku",
        "on_hand": "quantity",
        "qty": "quantity",
        "batch_no": "batch",
        "lot": "batch",
        "expiry_date": "expiry",
        "mfg_date": "manufactured",
        "manufactured_on": "manufactured",
    },
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    named = " ".join(texts.get(name, "").strip() for name in _SPEC.key)
    yield Mark("", look_of_code(named), named)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    warehouses = _Warehouses(t, taking)
    for row in rows:
        yield _take_one(t, row, taking, warehouses=warehouses)
    if t.writes:
        for place, stock in warehouses.waiting.items():
            ask_opening(t, place, stock, note=taking.file)


class _Warehouses:
    """The warehouses that rows name, whether each has begun, and what of it waits."""

    def __init__(self, t: Transaction, taking: Taking) -> None:
        self.waiting: Final[dict[Place, list[tuple[int, int]]]] = {}
        self.find: Final = lru_cache(partial(find_place, t, scope=taking.scope))
        self.has_begun: Final = lru_cache(partial(has_begun, t))


def _take_one(t: Transaction, row: Row, taking: Taking, *, warehouses: _Warehouses) -> RowOutcome:
    # `(empty)` as the expiry reaches a kind as an empty text: goods that do not expire.
    never = row.texts.get("expiry") == ""
    texts = {**row.texts, "code": row.texts.get("sku", ""), **({"expiry": "-"} if never else {})}
    lines, faults = read_lines([texts])
    mrp, wrong = _read_mrp(texts.get("mrp", ""))
    code = texts.get("warehouse", "").strip()
    place = warehouses.find(code)
    if place is None:
        wrong.append(Reason("stock_warehouse_unknown", {"warehouse": code}, "warehouse"))
    if faults or wrong or place is None:
        return refuse_row(row, *map(_named, (*faults, *wrong)))
    line: AskedLine = lines[0]
    begun = warehouses.has_begun(place)
    done = open_batch(
        t, place, line, mrp=mrp, note=taking.file, begun=begun, late=taking.anyway or row.sure
    )
    if isinstance(done, Reason):
        return refuse_row(row, _named(done))
    batch, came = done
    if came == "waits":
        warehouses.waiting.setdefault(place, []).append((batch, line.quantity))
        return RowOutcome(row.number, row.key, "add", waiting=("quantity",))
    return RowOutcome(row.number, row.key, came)


def _read_mrp(text: str) -> tuple[int | None, list[Reason]]:
    """Read an MRP; blank is the product's, and nothing is sold for nothing."""
    try:
        mrp = read_amount(text, UNIT_PRICE_SCALE) if text else None
    except CellError as error:
        return None, [error.reason._replace(field="mrp")]
    return mrp, [Reason("mrp_of_nothing", {}, "mrp")] if mrp == 0 else []


def _named(reason: Reason) -> Reason:
    """Name the field as the file has it: `1.code` is the SKU."""
    field = reason.field.rpartition(".")[2]
    return reason._replace(field="sku" if field == "code" else field)


STOCK: Final = MastersKind(_SPEC, _take, _marks)
