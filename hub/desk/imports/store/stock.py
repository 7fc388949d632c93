"""Opening stock from files: each row is a batch in a warehouse, taken once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import CellError, look_of_code, read_amount
from hub.desk.parties.store import business_day
from hub.desk.stock.model.lines import AskedLine, read_lines
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.opening import open_batch
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
    for row in rows:
        yield _take_one(t, row, taking)


def _take_one(t: Transaction, row: Row, taking: Taking) -> RowOutcome:
    # `(empty)` as the expiry reaches a kind as an empty text: goods that do not expire.
    never = row.texts.get("expiry") == ""
    texts = {**row.texts, "code": row.texts.get("sku", ""), **({"expiry": "-"} if never else {})}
    lines, faults = read_lines([texts])
    mrp: int | None = None
    try:
        mrp = read_amount(texts["mrp"], UNIT_PRICE_SCALE) if texts.get("mrp") else None
    except CellError as error:
        faults.append(error.reason._replace(field="mrp"))
    code = texts.get("warehouse", "").strip()
    place = find_place(t, code, scope=taking.scope)
    if place is None:
        faults.append(Reason("stock_warehouse_unknown", {"warehouse": code}, "warehouse"))
    faults += _unlikely(t, lines, taking)
    if faults or place is None:
        return refuse_row(row, *map(_named, faults))
    line: AskedLine = lines[0]
    done = open_batch(t, place, line, mrp=mrp, note=taking.file)
    if isinstance(done, Reason):
        return refuse_row(row, _named(done))
    return RowOutcome(row.number, row.key, "add" if done else "same")


def _unlikely(t: Transaction, lines: Sequence[AskedLine], taking: Taking) -> list[Reason]:
    """Tell what is hardly meant, goods that have expired, unless rows are taken anyway."""
    return [
        Reason("opening_expired", {"day": line.expiry.isoformat()}, "expiry")
        for line in lines
        if line.expiry and line.expiry < business_day(t) and not taking.anyway
    ]


def _named(reason: Reason) -> Reason:
    """Name the field as the file has it: `1.code` is the SKU."""
    field = reason.field.rpartition(".")[2]
    return reason._replace(field="sku" if field == "code" else field)


STOCK: Final = MastersKind(_SPEC, _take, _marks)
