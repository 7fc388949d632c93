"""What is credited of an invoice: goods that came back, free goods charged, prices lowered.

As texts, `back.2` is what came back of line 2, and `shelf.2` where its goods lie now.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, cast

from hub.base.fields import Reason
from hub.desk.invoices.model.billing import InvoiceLine, LineKey
from hub.desk.parties.model.cells import (
    CellError,
    clean,
    read_amount,
    read_choice,
    read_count,
)
from rules import Minor, TaxPart, half_up

Shelf = Literal["good", "damaged", "expired", "absent"]
SHELVES: Final[tuple[Shelf, ...]] = ("good", "damaged", "expired", "absent")
"""Where goods are that are credited; what is absent was billed, and never came to the shop."""
ABSENT: Final[Shelf] = "absent"
PARTS: Final = 1000
"""A line of a credit note takes lines of its stock document from here on: line 2 is 2000 on."""
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Base units of a line that came back to one shelf, of a named batch or of any."""

    quantity: int
    shelf: Shelf = "good"
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Credited:
    """What is asked for, by the lines of an invoice.

    `back` are base units that came back, and `shelf` where each line's lie now; `charged` are free
    goods that are kept and paid for; `prices` are amounts before tax that are taken off. `pieces`
    say it more exactly, where a line's goods lie in several places or of which batch they are.
    """

    back: Mapping[int, int] = field(default_factory=dict)
    shelf: Mapping[int, Shelf] = field(default_factory=dict)
    charged: Mapping[int, int] = field(default_factory=dict)
    prices: Mapping[int, int] = field(default_factory=dict)
    pieces: Mapping[int, tuple[Piece, ...]] = field(default_factory=dict)

    def pieces_of(self, line: int) -> tuple[Piece, ...]:
        """Give what came back of a line by shelf and batch."""
        whole = Piece(self.back.get(line, 0), self.shelf.get(line, "good"))
        return self.pieces.get(line, (whole,))

    def key(self, invoice: int, earlier: int | str) -> str:
        """Name what is credited, after so many credit notes of the invoice, or under a key."""
        said = [sorted(one.items()) for one in (self.back, self.charged, self.prices)]
        written = json.dumps(["credit", invoice, earlier, said], separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked for: lines of which none comes back do not count."""
        return not any(any(one.values()) for one in (self.back, self.charged, self.prices))

    @property
    def absent(self) -> Mapping[int, int]:
        """Give what is credited because it never came: it goes back to no shelf."""
        return {
            number: count for number, count in self.back.items() if self._is_absent(number, count)
        }

    @property
    def restocked(self) -> Mapping[int, int]:
        """Give what came back, and goes back to a shelf."""
        return {
            number: count
            for number, count in self.back.items()
            if count and not self._is_absent(number, count)
        }

    def _is_absent(self, number: int, count: int) -> bool:
        return bool(count) and self.shelf.get(number) == "absent"


@dataclass(frozen=True, slots=True)
class LineCredits:
    """What earlier credit notes credited of a line: base units, money, free goods charged."""

    quantity: int = 0
    total: int = 0
    charged: int = 0
    restocked: int = 0

    @property
    def absent(self) -> int:
        """Give what was credited because it never came."""
        return self.quantity - self.restocked


def faults_of(
    asked: Credited, lines: Mapping[int, InvoiceLine], before: Mapping[int, LineCredits]
) -> Iterator[Reason]:
    """Tell what cannot be credited: a line that is not there, or more than is left of it."""
    if asked.is_empty:
        yield Reason("credit_nothing", {})
    for name, counts in (("back", asked.back), ("charged", asked.charged)):
        for number, quantity in counts.items():
            line, had = lines.get(number), before.get(number, LineCredits())
            if line is None or (name == "charged" and not line.key[1]):
                yield Reason("credit_line_unknown", {"line": str(number)}, f"{name}.{number}")
                continue
            left = line.quantity - had.quantity - had.charged
            other = asked.back.get(number, 0) if name == "charged" else 0
            if not 0 <= quantity <= left - other:
                yield Reason("credit_quantity", {"line": number, "left": left}, f"{name}.{number}")
    for number in asked.prices:
        if number not in lines or lines[number].key[1]:
            yield Reason("credit_line_unknown", {"line": str(number)}, f"price.{number}")


class Came(NamedTuple):
    """What came of an order's line as billed, what never did, and what is credited of either."""

    came: int
    never: int
    restocked: int = 0
    absent: int = 0


def not_absent(
    asked: Credited, lines: Mapping[int, InvoiceLine], came: Mapping[LineKey, Came]
) -> Iterator[Reason]:
    """Tell the lines of which more is said to have never come, or to come back, than that did.

    Of 12 that two invoices bill and 9 that came, 3 in all never came, whichever invoice has them.
    """
    for number, count in asked.back.items():
        one = came[lines[number].key]
        is_absent = number in asked.absent
        left = one.never - one.absent if is_absent else one.came - one.restocked
        if count > left:
            code = "credit_not_absent" if is_absent else "credit_never_came"
            yield Reason(code, {"line": number, "left": max(0, left)}, f"back.{number}")


def too_much(
    credit: Sequence[InvoiceLine],
    lines: Mapping[int, InvoiceLine],
    before: Mapping[int, LineCredits],
) -> Iterator[Reason]:
    """Tell the lines of which more would be credited than they came to."""
    sums: dict[int, int] = {}
    for one in credit:
        sums[one.of_line or 0] = sums.get(one.of_line or 0, 0) + one.total
    for number, total in sums.items():
        left = lines[number].total - before.get(number, LineCredits()).total
        if not lines[number].key[1] and total > left:
            yield Reason("credit_above_line", {"line": number, "left": left}, f"price.{number}")


def price_line(line: InvoiceLine, amount: int) -> InvoiceLine:
    """Take an amount before tax off a line, with the taxes of it: each is rounded by itself."""
    heads: tuple[TaxPart, ...] = tuple(
        part._replace(amount=Minor(half_up(amount * part.rate, _MILLION)), per_unit=None)
        for part in line.heads
        if part.rate
    )
    return replace(
        line,
        of_line=line.number,
        quantity=0,
        gross=amount,
        discount=0,
        net=amount,
        heads=heads,
        goods=(),
    )


def read_credited(texts: Mapping[str, str]) -> tuple[Credited, list[Reason]]:
    """Read what comes back, is charged or is lowered of each line; an empty text is nothing."""
    found: dict[str, dict[int, int]] = {"back": {}, "charged": {}, "price": {}}
    shelves: dict[int, Shelf] = {}
    faults = []
    for name, text in texts.items():
        head, dot, line = name.partition(".")
        if not dot or not line.isdecimal() or not clean(text):
            continue
        try:
            if head == "shelf":
                shelves[int(line)] = cast("Shelf", read_choice(text, SHELVES))
            elif head == "price":
                amount = read_amount(text)
                found[head].update({int(line): amount} if amount else {})
            elif head in found:
                count = read_count(text)
                found[head].update({int(line): count} if count else {})
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    return Credited(found["back"], shelves, found["charged"], found["price"]), faults
