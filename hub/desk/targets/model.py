"""A target: a measure, whose, of which goods, over which days, and how much; read from texts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, cast, get_args

from hub.base.fields import LONGEST_REASON, Reason
from hub.desk.parties.model.cells import (
    CellError,
    digits_of,
    read_amount,
    read_choice,
    read_code,
    read_count,
    read_path,
    read_text,
)

Kind = Literal["house", "rep", "area", "beat", "customer"]
"""Whose a target is: the seller's as a whole, a person's, a region's, a beat's, or a customer's."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Goods = Literal["all", "brand", "category", "product"]
"""Of which goods: all, or those of a brand, of a category with all below it, or one product."""
GOODS: Final[tuple[Goods, ...]] = get_args(Goods)
Span = Literal["month", "quarter", "fy"]
"""Over which days: a month, a quarter from April, July, October or January, or a financial year."""
SPANS: Final[tuple[Span, ...]] = get_args(Span)
FIELDS: Final = ("measure", "kind", "who", "goods", "thing", "span", "month", "amount", "why")
"""What is said of a target, as texts; a file has the same as columns."""
_MONTHS: Final[Mapping[Span, int]] = {"month": 1, "quarter": 3, "fy": 12}
_APRIL: Final = 4
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_YEARS: Final = range(2000, 2200)
_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "area": read_path,
    "brand": read_text,
    "category": read_path,
}
_MOST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Aim:
    """A measure that may be aimed at; `name` is the measure's in the one file of measures.

    `report` is the report that tells what it comes to. An amount of a `money` measure is of the
    minor unit. `goods` says that it may be of some goods alone: an order and a payment have a value
    as a whole, the lines of orders by product.
    """

    name: str
    report: str
    money: bool
    goods: bool = False


AIMS: Final[Mapping[str, Aim]] = {
    one.name: one
    for one in (
        Aim("order_value", "sales", money=True),
        Aim("standing_orders", "sales", money=False),
        Aim("goods_value", "product_contribution", money=True, goods=True),
        Aim("quantity", "product_contribution", money=False, goods=True),
        Aim("received", "payments", money=True),
    )
}
"""What may be aimed at, by the measure's name."""


@dataclass(frozen=True, slots=True)
class AskedTarget:
    """A target as somebody wants it: `who` and `thing` are codes, names or paths, or empty."""

    measure: str
    kind: Kind
    who: str
    goods: Goods
    thing: str
    span: Span
    first: date
    amount: int
    why: str = ""

    @property
    def last(self) -> date:
        """Give the last day."""
        return last_of(self.span, self.first)


def last_of(span: Span, first: date) -> date:
    """Give the last day of a target's days: of the quarter from October, 31 December."""
    months = first.year * 12 + first.month - 1 + _MONTHS[span]
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def first_of(span: Span, month: date) -> date:
    """Give the first day of the stretch that a month lies in: November's quarter is October's."""
    if span == "fy":
        return date(month.year - (month.month < _APRIL), _APRIL, 1)
    step = _MONTHS[span]
    return date(month.year, (month.month - 1) // step * step + 1, 1)


def read_target(texts: Mapping[str, str]) -> AskedTarget | tuple[Reason, ...]:
    """Read a target from texts, or give everything that is wrong with them at once."""
    faults: list[Reason] = []
    measure = _choice(texts, "measure", tuple(AIMS), faults=faults)
    kind = cast("Kind", _choice(texts, "kind", KINDS, faults=faults, usual="house"))
    goods = cast("Goods", _choice(texts, "goods", GOODS, faults=faults, usual="all"))
    span = cast("Span", _choice(texts, "span", SPANS, faults=faults, usual="month"))
    who = _named(texts, "who", faults, kind=kind, wanted=kind not in {"", "house"})
    thing = _named(texts, "thing", faults, kind=goods, wanted=goods not in {"", "all"})
    month = _month(texts.get("month", ""), faults)
    amount = _amount(texts.get("amount", ""), AIMS.get(measure), faults)
    why = ""
    try:
        why = read_text(texts.get("why", ""), most=LONGEST_REASON)
    except CellError as error:
        faults.append(error.reason._replace(field="why"))
    if measure and goods not in {"", "all"} and not AIMS[measure].goods:
        faults.append(Reason("target_goods", {}, "goods"))
    if faults:
        return tuple(faults)
    return AskedTarget(
        measure, kind, who, goods, thing, span, first_of(span, month), amount, why
    )  # fmt: skip


def _choice(
    texts: Mapping[str, str],
    name: str,
    words: tuple[str, ...],
    *,
    faults: list[Reason],
    usual: str = "",
) -> str:
    text = texts.get(name, "").strip()
    try:
        return read_choice(text or usual, words)
    except CellError as error:
        faults.append(error.reason._replace(field=name))
        return ""


def _named(
    texts: Mapping[str, str], name: str, faults: list[Reason], *, kind: str, wanted: bool
) -> str:
    """Read whose or of what a target is; what is of all names nobody and nothing."""
    text = texts.get(name, "").strip()
    if not wanted:
        if text and kind:
            faults.append(Reason("target_of_all", {"value": text[:64]}, name))
        return ""
    try:
        value = _READERS.get(kind, read_code)(text)
    except CellError as error:
        faults.append(error.reason._replace(field=name))
        return ""
    if not value:
        faults.append(Reason("cell_empty", {}, name))
    return value


def _month(text: str, faults: list[Reason]) -> date:
    found = _MONTH.fullmatch(digits_of(text))
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) in _YEARS:  # noqa: PLR2004 -- a year's
        return date(int(found[1]), int(found[2]), 1)
    faults.append(Reason("target_month", {"value": text.strip()[:64]}, "month"))
    return date.min


def _amount(text: str, aim: Aim | None, faults: list[Reason]) -> int:
    if aim is None:
        return 0
    try:
        amount = read_amount(text) if aim.money else read_count(text, least=1, most=_MOST)
    except CellError as error:
        faults.append(error.reason._replace(field="amount"))
        return 0
    if not amount:
        faults.append(Reason("target_nothing", {}, "amount"))
    return amount
