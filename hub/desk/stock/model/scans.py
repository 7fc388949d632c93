"""What a keyboard-wedge scanner typed into a field: a bar code, an element string, or a SKU."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.base.fields import Reason
from hub.desk.parties.model.cells import CellError, clean, key_of_gtin
from hub.desk.stock.model.lines import Texts
from rules.values.gs1 import GS, Elements, UnclearError, is_gs1, parse_elements
from rules.values.gtin import check_digit_fits, check_digit_of, gtins_of, is_gtin_like

_SYMBOLOGY_LETTERS: Final = 3
_LONGEST: Final = 200
_COUNTED: Final = re.compile(r"([0-9]{1,6})\*([^*].*)", re.DOTALL)
_DATES: Final = ("manufactured", "expiry")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a code says: `gtins` it may stand for, as 14 digits, or else a `sku`.

    `count` is of the unit that the GTIN is printed on, `expiry` and `manufactured` are ISO dates or
    empty. `batch_unclear` tells that a batch is there whose end cannot be told.
    """

    gtins: tuple[str, ...] = ()
    sku: str = ""
    batch: str = ""
    manufactured: str = ""
    expiry: str = ""
    count: int = 1
    batch_unclear: bool = False


@dataclass(frozen=True, slots=True)
class ScannedRow:
    """What a scan comes to: a row of a document, in base units.

    Of one whose batch is `unclear` the batch is typed: it is no other scan's.
    """

    sku: str
    batch: str
    manufactured: str
    expiry: str
    quantity: int
    unclear: bool = False


def read_scan(typed: str) -> Scan:
    """Read what was scanned, with a symbology identifier before it or none, FNC1 as it comes.

    `40*` may be typed before the scan: so many of what the code is on. Raises CellError where it
    cannot be read for sure: nothing is guessed.
    """
    text = typed.strip(" \r\n\t")
    if len(text) > _LONGEST:
        raise CellError("cell_too_long", length=len(text), most=_LONGEST)
    counted = _COUNTED.fullmatch(text)
    if counted is not None:
        times = int(counted[1])
        if not times:
            raise CellError("scan_of_none")
        one = read_scan(counted[2])
        return replace(one, count=one.count * times)
    symbology = text[:_SYMBOLOGY_LETTERS] if text.startswith("]") else ""
    code = text[len(symbology) :]
    if not clean(code.strip(GS)):
        raise CellError("cell_empty")
    forced = is_gs1(symbology)
    if not forced and is_gtin_like(code):
        gtins = tuple(gtins_of(code))
        if not gtins:
            raise CellError("cell_gtin_check", value=code, right=_completed(code))
        return Scan(gtins)
    try:
        elements = parse_elements(code, forced=forced)
    except UnclearError as error:
        raise CellError(f"scan_{error.why}") from error
    if elements is None:
        return Scan(sku=clean(code))
    return _scan_of(elements)


def _scan_of(elements: Elements) -> Scan:
    """Give what elements say; raises CellError where they name no product, no day or no piece."""
    if elements.gtin is None:
        raise CellError("scan_no_product")
    if not check_digit_fits(elements.gtin):
        raise CellError("cell_gtin_check", value=elements.gtin, right=_completed(elements.gtin))
    if elements.no_day:
        raise CellError("scan_no_day", date=elements.no_day)
    if elements.count == 0:
        raise CellError("scan_of_none")
    return Scan(
        (key_of_gtin(elements.gtin),),
        batch=elements.batch,
        manufactured=elements.manufactured,
        expiry=elements.expiry,
        count=elements.count or 1,
        batch_unclear=elements.batch_unclear,
    )


def _completed(digits: str) -> str:
    return f"{digits[:-1]}{check_digit_of(digits[:-1])}"


def add_row(rows: Sequence[Texts], scanned: ScannedRow) -> list[dict[str, str]]:
    """Count a scan in the row of its batch, or give it a row of its own.

    Twice a case of 12 of one batch are 24 in one row; a quantity that cannot be read is left alone
    and the scan gets its own row. So does a scan with another date than the row's: it is of other
    goods. Without a batch only the very same dates tell that goods are the same.
    """
    added = [dict(row) for row in rows]
    for row in added:
        if not scanned.unclear and _is_same_goods(row, scanned):
            row["quantity"] = str(int(row.get("quantity") or 0) + scanned.quantity)
            for name in _DATES:
                row[name] = row.get(name) or getattr(scanned, name)
            return added
    added.append(
        {
            "code": scanned.sku,
            "batch": scanned.batch,
            "manufactured": scanned.manufactured,
            "expiry": scanned.expiry,
            "quantity": str(scanned.quantity),
            "expected": "",
        }
    )
    return added


def _is_same_goods(row: Texts, scanned: ScannedRow) -> bool:
    """Say whether a scan is of what stands in a row, and can be counted there."""
    quantity = row.get("quantity", "")
    if quantity and not quantity.isdecimal():
        return False
    if (row.get("code"), row.get("batch", "")) != (scanned.sku, scanned.batch):
        return False
    dates = [(row.get(name, ""), getattr(scanned, name)) for name in _DATES]
    return all(
        there == given or bool(scanned.batch and not (there and given)) for there, given in dates
    )


def doubt_of(scan: Scan) -> Reason | None:
    """Tell that a scan's batch has to be typed, where its end cannot be told."""
    return Reason("scan_batch_unclear") if scan.batch_unclear else None
