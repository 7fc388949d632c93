"""Rows that were typed: the products they may mean, and the lines that were decided of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.desk.orders.deciding import DryDecision
from hub.desk.orders.model.basket import BasketRow
from hub.desk.orders.reads.order import Line
from hub.desk.orders.reads.steps import Near
from hub.desk.products.model.typed import Known


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the order as the page shows it, with what was decided of it."""

    place: int
    row: BasketRow
    known: Known | None
    fault: str
    line: Line | None
    stock: int | None
    hint: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A typed row that is not in the order: why, and products that may be meant, ready to take."""

    text: str
    why: str
    meant: tuple[tuple[str, str], ...]


def lines_by_row(dry: DryDecision | None, rows: Sequence[BasketRow]) -> list[Line | None]:
    """Find the line that was decided of each row: the first of the same goods, then the next."""
    if dry is None:
        return [None] * len(rows)
    waiting: dict[BasketRow, list[int]] = {}
    for one in dry.request.order.lines:
        key = BasketRow(one.sku, "", one.unit or "", one.batch or "")  # as `goods` gives it
        waiting.setdefault(key, []).append(one.number)
    by_number = {one.number: one for one in dry.revision.lines}
    found: list[Line | None] = []
    for row in rows:
        numbers = waiting.get(row.goods, [])
        found.append(by_number.get(numbers.pop(0)) if numbers else None)
    return found


def near_by_line(near: Sequence[Near]) -> dict[int | None, list[str]]:
    """Give what is almost earned by its line, None for the whole order."""
    found: dict[int | None, list[str]] = {}
    for one in near:
        found.setdefault(one.line, []).append(one.text)
    return found


def count_told(lines: Sequence[Line | None], codes: frozenset[str]) -> int:
    """Count the lines of which one of these reasons is told."""
    return sum(any(one.code in codes for one in line.reasons) for line in lines if line)


def split_lines(text: str) -> list[str]:
    """Give the lines of a field that say something."""
    return [one.strip() for one in text.splitlines() if one.strip()]


def join_lines(texts: Sequence[str]) -> str:
    """Write texts as the lines of a field; empty ones are left out."""
    return "\n".join(one for one in texts if one)


def name_taken(taken: str, known: Known) -> str:
    """Name a product that may be meant, and how many of it where that is more than one."""
    count = taken.partition("\t")[2].replace("\t", " ")
    return f"{known.name} ({known.sku}){'' if count == '1' else f', {count}'}"
