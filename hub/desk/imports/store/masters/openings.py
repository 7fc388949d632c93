"""What customers owed before the hub kept their accounts, from files: the opening amounts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.base.fields import Reason
from hub.base.money import HOUSE_SCALE
from hub.base.transaction import Transaction
from hub.desk.accounts.store import openings_of, write_openings
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import CellError, clean, look_of_code, read_amount, read_code
from hub.desk.parties.store.customers import ids_of
from rules import shown

_MOST: Final = 10**13
"""Minor units that a customer may owe at the start."""
_SPEC: Final = ImportKind(
    "openings",
    ("code", "opening"),
    needed=("code", "opening"),
    key=("code",),
    words="opening_field",
    also={
        "id": "code",
        "customer": "code",
        "customer_id": "code",
        "customer_code": "code",
        "opening_outstanding": "opening",
        "opening_balance": "opening",
        "outstanding": "opening",
        "balance": "opening",
        "amount": "opening",
    },
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    code = texts.get("code", "")
    yield Mark("", look_of_code(clean(code)), code)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    read: list[tuple[Row, str, int]] = []
    for row in rows:
        amount = _read(row)
        if isinstance(amount, RowOutcome):
            yield amount
        else:
            read.append((row, *amount))
    customers = ids_of(t, {code for _, code, _ in read}, scope=taking.scope)
    before = openings_of(t, customers.values())
    wanted: dict[int, int] = {}
    for row, code, opening in read:
        customer = customers.get(code)
        if customer is None:
            yield refuse_row(row, Reason("customer_not_found", {"code": code}, "code"))
        elif before.get(customer, 0) == opening:
            yield RowOutcome(row.number, code, "same")
        else:
            wanted[customer] = opening
            yield RowOutcome(row.number, code, "change", ("opening",))
    if wanted and t.writes:
        write_openings(t, wanted)


def _read(row: Row) -> tuple[str, int] | RowOutcome:
    """Read a customer's code and amount, or refuse the row for what is wrong with them."""
    faults = []
    code, opening = "", 0
    try:
        code = read_code(row.texts.get("code", ""))
    except CellError as error:
        faults.append(error.reason._replace(field="code"))
    try:
        opening = read_amount(row.texts.get("opening", ""))
    except CellError as error:
        faults.append(error.reason._replace(field="opening"))
    if abs(opening) > _MOST:
        most = {"most": shown(_MOST, HOUSE_SCALE)}
        faults.append(Reason("opening_too_much", most, "opening"))
    return refuse_row(row, *faults) if faults else (code, opening)


OPENINGS: Final = MastersKind(_SPEC, _take, _marks)
