"""Orders from files: the rows of one order stand together, and are one order or none.

An order's key is its customer with the number that the file gives it: taken again, it is the same
order; with other content under that key it is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple, cast

from hub.base.fields import Reason
from hub.base.transaction import StoringError, Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.orders.deciding import decide_new, place, request_of
from hub.desk.orders.model.asked import AskedLine, AskedOrder, fault_of
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import OrderRequest, Requester
from hub.desk.orders.store import find_placed, next_order_number
from hub.desk.parties.model.cells import CellError, clean, look_of_code, read_count, read_day
from hub.desk.stock.store.finding import find_typed
from rules import Payment

_HEAD: Final = ("customer", "payment", "warehouse", "po_number", "delivery_date")
_PAYMENTS: Final = ("credit", "cash", "advance")
_TOLD: Final = {"held": "import_order_held", "rejected": "import_order_rejected"}
_SPEC: Final = ImportKind(
    "orders",
    ("order", "customer", "sku", "quantity", "unit", *_HEAD[1:]),
    needed=("order", "customer", "sku", "quantity"),
    key=("order",),
    words="order_import",
    days=("delivery_date",),
    also={
        "order_no": "order",
        "order_number": "order",
        "code": "customer",
        "customer_code": "customer",
        "product": "sku",
        "product_code": "sku",
        "item_code": "sku",
        "barcode": "sku",
        "qty": "quantity",
        "uom": "unit",
        "wanted_on": "delivery_date",
        "purchase_order": "po_number",
    },
    grouped=True,
    permission="orders.place",
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    line = [texts.get(name, "").strip() for name in ("order", "sku", "unit")]
    yield Mark("sku", look_of_code(" ".join(line)), " ".join(filter(None, line)))


class _Asked(NamedTuple):
    """An order that can be decided, with its rows."""

    rows: Sequence[Row]
    request: OrderRequest


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    """Take the orders of these rows, decided one after another as if they had come so."""
    asked: list[_Asked] = []
    keys: set[str] = set()
    for _, group in groupby(rows, lambda row: row.key):
        one = _ask(t, list(group), taking=taking)
        if not isinstance(one, _Asked):
            yield from one
        elif one.request.source_key in keys:
            yield from _refuse(one.rows, Reason("rows_apart", {"key": one.rows[0].key}, "order"))
        else:
            keys.add(one.request.source_key)
            asked.append(one)
    try:
        states = _decide(t, [one.request for one in asked], taking=taking)
    except StoringError:
        for one in asked:
            yield from _refuse(one.rows, Reason("decision_not_stored"))
        return
    for one, state in zip(asked, states, strict=True):
        code = _TOLD.get(state)
        told = (Reason(code),) if code else ()
        yield from (RowOutcome(row.number, row.key, "add", reasons=told) for row in one.rows)


def _ask(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> _Asked | Sequence[RowOutcome]:
    """Read the rows of one order, or refuse them all for what is wrong with any."""
    lines: list[AskedLine] = []
    faults: dict[int, list[Reason]] = {}
    for row in rows:
        line, wrong = _read_line(t, row)
        wrong += _differing(rows[0], row)
        if wrong:
            faults[row.number] = wrong
        elif line is not None:
            lines.append(line)
    head, wrong = _read_head(rows[0])
    if wrong:
        faults.setdefault(rows[0].number, []).extend(wrong)
    if faults or head is None:
        beside = [Reason("row_beside", {"row": next(iter(faults))})]
        return [refuse_row(row, *faults.get(row.number, beside)) for row in rows]
    return _request(t, rows, replace(head, lines=tuple(lines)), taking=taking)


def _read_line(t: Transaction, row: Row) -> tuple[AskedLine | None, list[Reason]]:
    """Read the product and the quantity of a row; a case's bar code counts its pieces."""
    faults: list[Reason] = []
    quantity, found = 0, None
    try:
        quantity = read_count(row.texts.get("quantity", ""), least=1)
    except CellError as error:
        faults.append(error.reason._replace(field="quantity"))
    code = clean(row.texts.get("sku", ""))
    try:
        found = find_typed(t.connection, code) if code else None
    except CellError as error:
        return None, [*faults, error.reason._replace(field="sku")]
    if found is None:
        faults.append(Reason("stock_product_unknown", {"code": code}, "sku"))
    if faults or found is None:
        return None, faults
    unit = clean(row.texts.get("unit", "")) or None
    return AskedLine(found.sku, quantity * (1 if unit else found.factor), unit), []


def _differing(first: Row, row: Row) -> list[Reason]:
    """Tell what a later row says otherwise of the order than its first row."""
    return [
        Reason("row_differs", {"row": first.number}, name)
        for name in _HEAD
        if row.texts.get(name, first.texts.get(name, "")) != first.texts.get(name, "")
    ]


def _read_head(row: Row) -> tuple[AskedOrder | None, list[Reason]]:
    """Read what the first row of an order says of it as a whole."""
    texts = {name: clean(text) for name, text in row.texts.items()}
    faults: list[Reason] = []
    day: date | None = None
    try:
        day = read_day(texts["delivery_date"]) if texts.get("delivery_date") else None
    except CellError as error:
        faults.append(error.reason._replace(field="delivery_date"))
    payment = texts.get("payment", "").casefold() or _PAYMENTS[0]
    if payment not in _PAYMENTS:
        params = {"value": payment[:64], "choices": list(_PAYMENTS)}
        faults.append(Reason("cell_not_choice", params, "payment"))
    blank = (name for name in ("order", "customer") if not texts.get(name))
    faults += [Reason("cell_empty", {}, name) for name in blank]
    if faults:
        return None, faults
    customer = texts["customer"]
    asked = AskedOrder(
        key=f"{customer.replace('%', '%25').replace(':', '%3A')}:{texts['order']}",
        source="import",
        customer=customer,
        lines=(),
        payment=cast("Payment", payment),
        warehouse=texts.get("warehouse", ""),
        po_number=texts.get("po_number", ""),
        delivery_date=day,
    )
    return asked, []


def _request(
    t: Transaction, rows: Sequence[Row], asked: AskedOrder, *, taking: Taking
) -> _Asked | Sequence[RowOutcome]:
    """Give an order that is not there yet, or what becomes of its rows without a decision."""
    fault = fault_of(asked)
    if fault is not None:
        return _refuse(rows, Reason(fault.code, dict(fault.params)))
    known = find_placed(t, asked.source, asked.key)
    if known is not None:
        if known.asked not in {None, asked.digest}:
            return _refuse(rows, Reason("key_used", {"order": known.number}, "order"))
        return [RowOutcome(row.number, row.key, "same") for row in rows]
    by, deciding = Requester("user", taking.by), taking.deciding
    uuid = deciding.ids(t.at_ms)
    request = request_of(t, deciding.desk, asked, uuid=uuid, by=by, scope=taking.scope)
    if isinstance(request, Refused):
        return _refuse(rows, Reason(request.reason.code, dict(request.reason.params)))
    return _Asked(rows, request)


def _decide(t: Transaction, requests: Sequence[OrderRequest], *, taking: Taking) -> list[str]:
    """Place orders, or foresee what placing them would come to; gives their states."""
    desk = taking.deciding.desk
    if not requests:
        return []
    if not t.writes:
        _, decisions = decide_new(t, desk, requests)
        return [one.status for one in decisions]
    numbered = [replace(one, number=next_order_number(t, one.source)) for one in requests]
    with t.part():
        return [one.decided.status for one in place(t, desk, numbered)]


def _refuse(rows: Sequence[Row], reason: Reason) -> Sequence[RowOutcome]:
    return [refuse_row(row, reason) for row in rows]


ORDERS: Final = MastersKind(_SPEC, _take, _marks)
