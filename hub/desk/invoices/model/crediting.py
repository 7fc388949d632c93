"""What is credited of an invoice: goods that came back, free goods charged, prices lowered."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from hub.base.fields import Reason
from hub.desk.invoices.model.billing import InvoiceLine, LineKey
from rules import Minor, Quantity, Return, ReturnedLine, ReturnResult, TaxPart, half_up

Shelf = Literal["good", "damaged", "expired", "absent"]
SHELVES: Final[tuple[Shelf, ...]] = ("good", "damaged", "expired", "absent")
"""Where goods are that are credited; what is absent was billed, and never came to the shop."""
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


def not_absent(
    asked: Credited,
    lines: Mapping[int, InvoiceLine],
    before: Mapping[int, LineCredits],
    *,
    missing: Mapping[LineKey, int],
) -> Iterator[Reason]:
    """Tell the lines of which more is said to have never come, or to come back, than that did."""
    for number, count in asked.back.items():
        line, had = lines[number], before.get(number, LineCredits())
        never = missing.get(line.key, 0)
        came = line.quantity - never - had.restocked
        left = never - had.absent if number in asked.absent else came
        if count > left:
            code = "credit_not_absent" if number in asked.absent else "credit_never_came"
            yield Reason(code, {"line": number, "left": max(0, left)}, f"back.{number}")


def too_much(
    credit: Sequence[InvoiceLine],
    lines: Mapping[int, InvoiceLine],
    before: Mapping[int, LineCredits],
) -> Iterator[Reason]:
    """Tell the lines of which more would be credited than they came to."""
    for one in credit:
        number = one.of_line or 0
        left = lines[number].total - before.get(number, LineCredits()).total
        if not one.key[1] and one.total > left:
            yield Reason("credit_above_line", {"line": number, "left": left}, f"price.{number}")


def return_of(
    order: int,
    lines: Collection[InvoiceLine],
    *,
    back: Mapping[int, int],
    charged: Mapping[int, int],
    unbilled: Mapping[tuple[bool, int], int] | None = None,
) -> Return:
    """Write what comes back of an order as the rules ask for it, by the order's own lines.

    What is `unbilled` of them never came, and was never billed.
    """
    never = unbilled or {}

    def of(counts: Mapping[int, int], *, free: bool) -> dict[int, Quantity]:
        found = {
            one.key[2]: Quantity(counts[one.number])
            for one in lines
            if one.key[:2] == (order, free) and counts.get(one.number)
        }
        if counts is back:
            for (given, line), count in never.items():
                if given == free:
                    found[line] = Quantity(found.get(line, 0) + count)
        return found

    return Return(of(back, free=False), of(back, free=True), of(charged, free=True))


def lines_of_return(
    order: int, result: ReturnResult, *, lines: Collection[InvoiceLine], back: Mapping[int, int]
) -> Iterator[InvoiceLine]:
    """Write what the rules settled as lines of a credit note, each of its invoice's line."""
    by_key = {one.key: one for one in lines}
    for free, settled in ((False, result.lines), (True, result.charges)):
        for one in settled:
            line = by_key.get((order, free, one.number))
            if line is not None:
                yield _returned(line, one)
    for line in lines:
        if line.key[:2] == (order, True) and back.get(line.number):
            yield replace(line, quantity=back[line.number], of_line=line.number, goods=(), heads=())


def _returned(line: InvoiceLine, one: ReturnedLine) -> InvoiceLine:
    return replace(
        line,
        of_line=line.number,
        quantity=abs(one.quantity),
        gross=one.gross,
        discount=one.line_discount + one.order_discount,
        net=one.net,
        heads=one.taxes,
        goods=(),
    )


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
