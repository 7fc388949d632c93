"""Reads a bank's statement: columns by the names that banks use, and nothing in it is guessed."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal, Protocol

from hub.base.fields import Reason
from hub.desk.parties.model.cells import SIGNS, CellError, clean, digits_of, read_amount

DayOrder = Literal["", "dmy", "mdy"]
DAY_ORDERS: Final[tuple[DayOrder, ...]] = ("", "dmy", "mdy")
"""How days in figures are written: as the file itself shows, day first, or month first."""
State = Literal["open", "booked", "left", "returned"]
STATES: Final[tuple[State, ...]] = ("open", "booked", "left", "returned")
"""What became of a row: a person has to say, a payment has it, it is none of a customer's, or it
took the money of a cheque back that bounced."""
_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "day": frozenset(
        (
            *("date", "txn date", "transaction date", "tran date", "trans date", "posting date"),
            *("transaction date & time", "transaction date and time", "txn posted date"),
        )
    ),
    "value_day": frozenset(("value date", "value dt")),
    "narration": frozenset(
        (
            *("narration", "description", "particulars", "transaction remarks", "remarks"),
            *("transaction particulars", "transaction details", "details", "naration"),
            *("payment narration", "transaction description"),
        )
    ),
    "reference": frozenset(
        (
            *("chq/ref no", "ref no/cheque no", "cheque number", "chqno", "chq no", "cheque no"),
            *("chq/ref number", "reference no", "ref no", "instrument id", "instrument no"),
            *("bank reference", "cheque details", "tran id"),
            *("utr", "utr no", "reference", "transaction id", "chq/ref", "cheque/ref no"),
        )
    ),
    "debit": frozenset(
        (
            *("withdrawal amt", "withdrawal amount", "withdrawals", "withdrawal", "debit", "dr"),
            *("debit amount", "dr amount"),
        )
    ),
    "credit": frozenset(
        (
            *("deposit amt", "deposit amount", "deposits", "deposit", "credit", "cr"),
            *("credit amount", "cr amount"),
        )
    ),
    "amount": frozenset(("amount", "transaction amount")),
    "side": frozenset(("dr/cr", "cr/dr", "debit/credit", "type", "transaction type")),
    "balance": frozenset(
        ("closing balance", "balance", "bal", "running balance", "available balance")
    ),
}
"""Names of columns in lower case, without dots, brackets and currencies."""
_SIDES: Final = frozenset(("dr/cr", "cr/dr", "debit/credit"))
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_FIGURES: Final = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{2,4})(?:[ T].*)?")
_MONTH_FIRST: Final = re.compile(r"([A-Za-z]{3,9})[-/. ]?(\d{1,2})[-/., ]+(\d{4})(?: .*)?")
_WORDED: Final = re.compile(r"(\d{1,2})[-/. ]?([A-Za-z]{3,9})[-/., ]*(\d{4}|\d{2})(?: .*)?")
_SIDED: Final = re.compile(r"(.*?)\s*\(?\s*(cr|dr)\.?\s*\)?", re.IGNORECASE)
_SUM: Final = re.compile(
    r"\W*((grand|page|transaction) )?(total|opening|closing|statement|summary|b/f|c/f|page)\b.*"
)
_END: Final = re.compile(r"\W*(statement |account )?summary\b|\W*end of statement\b")
_RULED: Final = re.compile(r"[\W_]+")
_FORMULA: Final = re.compile(r'="(.*)"')
_CENTURY: Final = 2000
_YEAR_DIGITS: Final = 4
_MONTHS_A_YEAR: Final = 12
_LONGEST: Final = 300


class Record(Protocol):
    """A row of a file as it stands, by the line on which it begins."""

    @property
    def number(self) -> int:
        """Give the line."""

    @property
    def cells(self) -> Sequence[str]:
        """Give the cells."""


@dataclass(frozen=True, slots=True)
class BankRow:
    """A row of a statement: money that came in, or below zero went out, by its line in the file."""

    line: int
    day: date
    amount: int
    reference: str
    narration: str
    key: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with its day as written still; `more` is what its narration says in further lines."""

    line: int
    day: str
    amount: int
    reference: str
    narration: str
    balance: int | None
    more: str = ""

    @property
    def told(self) -> str:
        """Give the whole narration."""
        return f"{self.narration} {self.more}".strip()[:_LONGEST]


def has_header(records: Sequence[Record]) -> bool:
    """Say whether a row names the columns of a statement."""
    return any(_columns_of(one.cells) for one in records)


def read_bank_rows(
    records: Sequence[Record], *, order: DayOrder = ""
) -> tuple[list[BankRow], list[Reason]]:
    """Read a statement whole, or tell what is wrong with which line; then there are no rows.

    What stands above the header and below the rows is left out. A balance that does not follow from
    the one before says that the file was cut or changed.
    """
    at = next((n for n, one in enumerate(records) if _columns_of(one.cells)), None)
    if at is None:
        return [], [Reason("bank_no_header", {}, "file")]
    columns = _columns_of(records[at].cells)
    faults: list[Reason] = []
    lines = _read_lines(records[at + 1 :], columns, faults)
    if not lines and not faults:
        faults.append(Reason("bank_no_rows", {}, "file"))
    faults += [] if faults else list(_faults_of_balance(lines))
    faults += [] if faults else list(_faults_of_end(lines, records[-1], columns))
    if faults:
        return [], faults
    days = _read_days(lines, order, faults)
    if faults:
        return [], faults
    return list(_named(lines, days)), []


def _columns_of(cells: Sequence[str]) -> dict[str, int]:
    """Find which column is which in a header; nothing where the row is none."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        said = _plain(cell)
        for name, names in _NAMES.items():
            if said in names and name not in found:
                found[name] = at
                break
    if "day" not in found and "value_day" in found:
        found["day"] = found["value_day"]
    if "balance" in found:
        _find_balance_side(cells, found)
    has_money = {"debit", "credit"} <= found.keys() or "amount" in found
    return found if "day" in found and has_money and "narration" in found else {}


def _find_balance_side(cells: Sequence[str], found: dict[str, int]) -> None:
    """Find the Dr/Cr after the balance that says on which side that is.

    Where the amount has no other column that says its side, it is the amount's.
    """
    after = (
        at for at, cell in enumerate(cells) if at > found["balance"] and _plain(cell) in _SIDES
    )
    at = next(after, None)
    if at is None or (found.get("side") == at and "amount" in found):
        return
    found["balance_side"] = at
    if found.get("side") == at:
        del found["side"]


def _plain(cell: str) -> str:
    """Write a heading without dots, brackets and currencies: `Deposit Amt. (INR )` is one."""
    said = re.sub(r"\(.*?\)", " ", clean(cell).casefold())
    said = re.sub(r"[.₹*\n\r]|\binr\b|\brs\b", " ", said)
    return re.sub(r"\s*/\s*", "/", " ".join(said.split()))


def _read_lines(
    records: Sequence[Record], columns: Mapping[str, int], faults: list[Reason]
) -> list[_Line]:
    lines: list[_Line] = []
    goes_on, next_ = False, 0
    for record in records:
        cell = _cells_of(record, columns)
        first = next((clean(one) for one in record.cells if clean(one)), "").casefold()
        if _END.match(first):
            break
        if not _is_row(record, columns, cell, first=first):
            goes_on = goes_on and record.number == next_ and _is_narration(record, columns)
            if goes_on:
                more = f"{lines[-1].more} {' '.join(cell('narration').split())}".strip()
                lines[-1] = replace(lines[-1], more=more)
                next_ += 1
            continue
        said = _read_line(record, cell)
        goes_on, next_ = isinstance(said, _Line), record.number + 1
        if isinstance(said, _Line):
            lines.append(said)
        else:
            faults.append(said._replace(field=f"line {record.number}"))
    return lines


def _is_row(
    record: Record, columns: Mapping[str, int], cell: Callable[[str], str], *, first: str
) -> bool:
    """Say whether a record is money: no sum, no line drawn below, no header of the next page."""
    if _RULED.fullmatch("".join(record.cells)) or _columns_of(record.cells) == columns:
        return False
    is_money = any(cell(name) for name in ("debit", "credit", "amount"))
    has_day = _parts_of(cell("day")) is not None
    is_sum = _SUM.fullmatch(first) or _SUM.fullmatch(cell("narration").casefold())
    return (is_money and has_day) or (not is_sum and (is_money or has_day))


def _is_narration(record: Record, columns: Mapping[str, int]) -> bool:
    """Say whether a record is a narration that goes on: its cell alone says something."""
    said = [at for at, cell in enumerate(record.cells) if clean(cell)]
    return said == [columns["narration"]]


def _read_line(record: Record, cell: Callable[[str], str]) -> _Line | Reason:
    """Read a row of money, or tell what is wrong with it."""
    try:
        amount = _read_money(cell)
        balance = _read_balance(cell)
    except CellError as error:
        return error.reason
    if not cell("day"):
        return Reason("bank_no_day", {})
    if not amount:
        return Reason("bank_no_amount", {})
    reference = cell("reference")
    reference = "" if not reference.strip("0-") else reference[:64]
    narration = " ".join(cell("narration").split())[:_LONGEST]
    return _Line(record.number, cell("day"), amount, reference, narration, balance)


def _cells_of(record: Record, columns: Mapping[str, int]) -> Callable[[str], str]:
    def cell(name: str) -> str:
        at = columns.get(name)
        said = clean(record.cells[at]) if at is not None and at < len(record.cells) else ""
        formula = _FORMULA.fullmatch(said)
        said = clean(formula[1]) if formula else said
        return "" if said in {"-", "--"} else said

    return cell


def _read_money(cell: Callable[[str], str]) -> int:
    """Read what came in, or below zero went out; of two columns exactly one says something."""
    if cell("amount"):
        side = cell("side").casefold()[:1]
        amount = _read_signed(cell("amount"))
        if side not in {"c", "d", ""}:
            raise CellError("cell_not_choice", value=cell("side"), choices=["Cr", "Dr"])
        if not side and amount > 0 and not _SIDED.fullmatch(cell("amount")):
            raise CellError("bank_no_side", value=cell("amount"))
        return -abs(amount) if side == "d" else amount
    debit, credit = (_read_signed(cell(one)) if cell(one) else 0 for one in ("debit", "credit"))
    if debit and credit:
        raise CellError("bank_two_sides", debit=debit, credit=credit)
    return credit - abs(debit)


def _read_balance(cell: Callable[[str], str]) -> int | None:
    """Read what was there after a row; of an account that is overdrawn it is below zero."""
    if not cell("balance"):
        return None
    balance = _read_signed(cell("balance"))
    return -abs(balance) if cell("balance_side").casefold().startswith("d") else balance


def _read_signed(text: str) -> int:
    """Read `1,25,000.00 Cr`, `(500.00)` or `-500.00`; Dr, brackets and minus are below zero."""
    said = digits_of(text).lstrip(SIGNS).strip()
    said = re.sub(r"^(inr|rs\.?)\s*", "", said, flags=re.IGNORECASE).removesuffix("/-")
    sign = 1
    sided = _SIDED.fullmatch(said)
    if sided:
        said, sign = sided[1], -1 if sided[2].casefold() == "dr" else 1
    if said.startswith("(") and said.endswith(")"):
        said, sign = said[1:-1], -1
    if said[:1] in {"-", "+"}:
        said, sign = said[1:], sign * (-1 if said[0] == "-" else 1)
    return sign * read_amount(said.strip())


def _faults_of_balance(lines: Sequence[_Line]) -> Iterator[Reason]:
    """Tell where a balance does not follow, the oldest row first or the newest."""
    pairs = [
        (a, b) for a, b in pairwise(lines)
        if a.balance is not None and b.balance is not None
    ]  # fmt: skip
    down = [b for a, b in pairs if (a.balance or 0) + b.amount != b.balance]
    up = [b for a, b in pairs if (b.balance or 0) + a.amount != a.balance]
    if down and up:
        wrong = min(down, up, key=len)
        yield Reason("bank_balance_breaks", {}, f"line {wrong[0].line}")


def _faults_of_end(
    lines: Sequence[_Line], last: Record, columns: Mapping[str, int]
) -> Iterator[Reason]:
    """Tell where a file ends in the middle of a row: its balance is not there, nor its cell."""
    is_last = bool(lines) and lines[-1].line == last.number
    has_balance = any(one.balance is not None for one in lines[:-1])
    if is_last and has_balance and len(last.cells) <= columns["balance"]:
        yield Reason("bank_balance_breaks", {}, f"line {last.number}")


def _read_days(lines: Sequence[_Line], order: DayOrder, faults: list[Reason]) -> list[date]:
    """Read all days in one order; figures that may be two days are asked about."""
    parts = [_parts_of(one.day) for one in lines]
    for one, part in zip(lines, parts, strict=True):
        if part is None:
            faults.append(Reason("bank_day_unread", {"value": one.day[:40]}, f"line {one.line}"))
    open_ = [part for part in parts if part is not None and part[0] == ""]
    firsts = any(part[1] > _MONTHS_A_YEAR for part in open_)
    seconds = any(part[2] > _MONTHS_A_YEAR for part in open_)
    seen: DayOrder = "dmy" if firsts else "mdy" if seconds else ""
    if (firsts and seconds) or (order and seen and order != seen):
        faults.append(Reason("bank_days_mixed", {}, "file"))
    elif open_ and not (seen or order) and not all(part[1] == part[2] for part in open_):
        faults.append(Reason("bank_days_unclear", {"value": _first_open(lines)}, "dates"))
    days: list[date] = []
    for one, part in zip(lines, parts, strict=True) if not faults else ():
        assert part is not None  # noqa: S101  # else it is a fault
        kind, first, second, third = part
        year, month, day = {
            "": (third, first, second) if (order or seen) == "mdy" else (third, second, first),
            "ymd": (first, second, third),
        }[kind]
        try:
            days.append(date(year, month, day))
        except ValueError:
            faults.append(Reason("bank_day_unread", {"value": one.day[:40]}, f"line {one.line}"))
    return days


def _first_open(lines: Sequence[_Line]) -> str:
    for one in lines:
        part = _parts_of(one.day)
        if part is not None and part[0] == "" and part[1] != part[2]:
            return one.day[:40]
    return ""


def _parts_of(text: str) -> tuple[str, int, int, int] | None:
    """Part a day: ("", 3, 4, 2026) of `03/04/26`, ("ymd", 2026, 4, 3) where that is certain."""
    said = digits_of(text)
    worded = _WORDED.fullmatch(said)
    if worded:
        return _with_month(worded[3], worded[2], worded[1])
    worded = _MONTH_FIRST.fullmatch(said)
    if worded:
        return _with_month(worded[3], worded[1], worded[2])
    figures = _FIGURES.fullmatch(said)
    if figures is None or len(figures[1]) == _YEAR_DIGITS - 1:  # 123/4/26 is no day
        return None
    first, second, third = figures.groups()
    if len(first) == _YEAR_DIGITS:
        return ("ymd", int(first), int(second), int(third))
    return ("", int(first), int(second), _year_of(third))


def _with_month(year: str, month: str, day: str) -> tuple[str, int, int, int] | None:
    said = month[:3].casefold()
    if said not in _MONTHS:
        return None
    return ("ymd", _year_of(year), _MONTHS.index(said) + 1, int(day))


def _year_of(text: str) -> int:
    return int(text) if len(text) == _YEAR_DIGITS else _CENTURY + int(text)


def _named(lines: Sequence[_Line], days: Sequence[date]) -> Iterator[BankRow]:
    """Name each row by what it says: the same row of another file is the same money.

    Rows of a day that say the same are told apart by their count: of two, the second is another.
    Further lines of a narration name no row, for banks do not write them into every file.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    for one, day in zip(lines, days, strict=True):
        said = (day.isoformat(), one.amount, one.reference, one.narration, one.balance)
        seen[said] += 1
        written = json.dumps([*said, seen[said]], separators=(",", ":"))
        key = hashlib.sha256(written.encode()).hexdigest()
        yield BankRow(one.line, day, one.amount, one.reference, one.told, key)
