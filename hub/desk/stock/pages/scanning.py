"""What is scanned, typed or chosen for the lines of a stock document, read as a product."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.fields import Reason
from hub.base.fields.words import sentence
from hub.base.words import PageWords
from hub.desk.parties.model.cells import CellError, look_of_code
from hub.desk.products.model.typed import (
    Known,
    Unclear,
    named_by,
    read_beside,
    why_unknown,
    write_taken,
)
from hub.desk.products.reads.typed import find_codes, find_in_rows, find_likely
from hub.desk.stock.model.lines import read_units
from hub.desk.stock.model.scans import Scan, ScannedRow, add_row, doubt_of, read_scan
from hub.desk.stock.reads.products import find_names
from hub.desk.stock.store.finding import find_scanned
from hub.web.frames.forms import Offer, Option

Rows = list[dict[str, str]]
_MOST_FOUND: Final = 8
_MOST_OFFERED: Final = 5
"""Rows at most whose codes nothing has, and which are looked up by name."""


class UnreadError(Exception):
    """What was typed is not taken, for a reason."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.code)


class SeveralFitError(Exception):
    """More than one product fits what was typed: who typed it chooses."""


def take_scan(
    connection: Connection, rows: Rows, text: str, *, words: PageWords, scope: Scope
) -> tuple[Rows, str]:
    """Count what was scanned or typed in its row; gives the rows, and why nothing was counted.

    A bar code, an element string or a SKU is one; else it is a name or a part of it, `12*honey`
    too, as in order entry. Raises SeveralFitError where that fits more than one product.
    """
    try:
        scan = read_scan(text)
        found = find_scanned(connection, scan)
        if found is None and scan.sku:
            return add_row(rows, _read_named(connection, text, scope=scope)), ""
    except (CellError, UnreadError) as error:
        return rows, sentence(error.reason, language=words.language)
    if found is None:
        return rows, sentence(_unknown(text), language=words.language)
    row = ScannedRow(
        *(found.sku, scan.batch, scan.manufactured, scan.expiry, scan.count * found.factor),
        unclear=scan.batch_unclear,
    )
    doubt = doubt_of(scan)
    return add_row(rows, row), sentence(doubt, language=words.language) if doubt else ""


def take_picked(
    connection: Connection, rows: Rows, taken: str, *, words: PageWords, scope: Scope
) -> tuple[Rows, str]:
    """Count the product that was chosen among those that fit."""
    try:
        return add_row(rows, _read_named(connection, taken, scope=scope)), ""
    except (CellError, UnreadError) as error:
        return rows, sentence(error.reason, language=words.language)


def suggest(connection: Connection, text: str, *, scope: Scope) -> Sequence[tuple[str, Known]]:
    """Find the products that a text may mean by name, each with the row that it is taken by.

    A code that one has means that one.
    """
    scan = _scan_of(text)
    if scan is None or not scan.sku or find_scanned(connection, scan) is not None:
        return ()
    found = find_likely(connection, text, most=_MOST_FOUND, scope=scope, stopped=True)
    return [(write_taken(way, one), one) for way, one in found][:_MOST_FOUND]


def name_codes(
    connection: Connection, codes: Collection[str], *, scope: Scope
) -> tuple[dict[str, str], Mapping[str, Offer]]:
    """Name the products of typed codes, and offer those that may be meant by the others."""
    names = find_names(connection, codes, scope=scope)
    left = [one for one in codes if one and one not in names]
    known = find_codes(connection, {look_of_code(one) for one in left}, scope=scope)
    names |= {one: known[look_of_code(one)].name for one in left if look_of_code(one) in known}
    offers = {
        one: Offer(
            options=tuple(
                Option(product.sku, f"{product.name} ({product.sku})")
                for _, product in suggest(connection, one, scope=scope)
            )
        )
        for one in [one for one in left if one not in names][:_MOST_OFFERED]
    }
    return names, offers


def _read_named(connection: Connection, text: str, *, scope: Scope) -> ScannedRow:
    """Read a row that names a product; raises an error where that is not clear."""
    known = find_in_rows(connection, [text], scope=scope, stopped=True)
    named = named_by(text, known)
    if named is None:
        if find_likely(connection, text, most=1, scope=scope, stopped=True):
            raise SeveralFitError
        why = why_unknown(text)
        raise UnreadError(_unknown(text) if why.code == "row_unknown" else _reason(why))
    beside = read_beside(*named)
    if isinstance(beside, Unclear):
        raise UnreadError(_reason(beside))
    product = named[1]
    each = product.pack_sizes.get(beside.unit, 1) if beside.unit else 1
    return ScannedRow(product.sku, "", "", "", read_units(beside.many, least=1) * each)


def _scan_of(text: str) -> Scan | None:
    try:
        return read_scan(text)
    except CellError:
        return None


def _unknown(text: str) -> Reason:
    return Reason("stock_product_unknown", {"code": text[:64]})


def _reason(why: Unclear) -> Reason:
    return Reason(why.code, dict(why.params))
