"""Which invoices goods that came back are of: the newest first, what was paid for before gifts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from hub.base.fields import Reason
from hub.desk.invoices.model.crediting import SHELVES, Credited, Piece, Shelf
from hub.desk.parties.model.cells import CellError, clean, read_choice, read_count


@dataclass(frozen=True, slots=True)
class Back:
    """Base units of a product that came back; of a batch where somebody read it on the pack."""

    sku: str
    quantity: int
    shelf: Shelf = "good"
    batch: str = ""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an invoice of which `left` base units can still come back, with their batches.

    `order` is the number of the order that it bills.
    """

    invoice: int
    number: str
    line: int
    sku: str
    name: str
    free: bool
    left: int
    batches: Mapping[str, int] = field(default_factory=dict)
    order: str = ""

    def left_of(self, asked: Mapping[int, Credited]) -> int:
        """Give how much of it can come back, or be charged, beside what is asked already."""
        had = asked.get(self.invoice, Credited())
        return self.left - had.back.get(self.line, 0) - had.charged.get(self.line, 0)


@dataclass(frozen=True, slots=True)
class Taken:
    """A return by its id and number; `again`: it was taken before under this key."""

    id: int
    number: str
    again: bool = False


def spread(
    back: Sequence[Back], sold: Sequence[SoldLine]
) -> tuple[dict[int, Credited], list[Reason]]:
    """Say of which invoice lines goods are; `sold` are the newest first, gifts after what was paid.

    Of 12 that came back, with 8 on the last invoice and 20 on the one before, 8 are of the last and
    4 of the one before. What was never sold, or came back already, is a fault.
    """
    left = {(one.invoice, one.line): one.left for one in sold}
    of_batch = {(one.invoice, one.line): dict(one.batches) for one in sold}
    pieces: dict[int, dict[int, list[Piece]]] = {}
    faults = []
    for asked in back:
        missing = asked.quantity
        for one in sold:
            place = (one.invoice, one.line)
            if one.sku != asked.sku or missing == 0:
                continue
            there = of_batch[place].get(asked.batch, 0) if asked.batch else left[place]
            count = min(missing, there, left[place])
            if count <= 0:
                continue
            missing -= count
            left[place] -= count
            if asked.batch:
                of_batch[place][asked.batch] -= count
            by_line = pieces.setdefault(one.invoice, {})
            by_line.setdefault(one.line, []).append(Piece(count, asked.shelf, asked.batch))
        if missing:
            params = {"product": asked.sku, "quantity": asked.quantity - missing}
            code = "return_batch_not_sold" if asked.batch else "return_not_sold"
            more = {"batch": asked.batch} if asked.batch else {}
            faults.append(Reason(code, {**params, **more}, asked.sku))
    return {one: _credited(lines) for one, lines in pieces.items()}, faults


def _credited(lines: Mapping[int, Sequence[Piece]]) -> Credited:
    return Credited(
        back={line: sum(one.quantity for one in some) for line, some in lines.items()},
        pieces={line: tuple(some) for line, some in lines.items()},
    )


def count_as_gift(
    asked: Mapping[int, Credited], gift: SoldLine, donors: Sequence[SoldLine], *, count: int
) -> dict[int, Credited] | None:
    """Count some of what came back as free goods of the same product: None where too few fit.

    Of ten tea with one free, four came back: three that were paid for and the free one, where six
    that are kept earn none. What is taken for it comes off the `donors`, lines on which it came
    back, in their order. A piece whose batch was read fits where the gift was of that batch.
    """
    pieces = {
        invoice: {line: list(credit.pieces_of(line)) for line in credit.back}
        for invoice, credit in asked.items()
    }
    taken: list[Piece] = []
    missing = count
    for one in donors:
        kept: list[Piece] = []
        for piece in pieces.get(one.invoice, {}).get(one.line, ()):
            fits = not piece.batch or piece.batch in gift.batches
            part = min(missing, piece.quantity) if fits else 0
            missing -= part
            if part:
                taken.append(replace(piece, quantity=part))
            if piece.quantity > part:
                kept.append(replace(piece, quantity=piece.quantity - part))
        if one.line in pieces.get(one.invoice, {}):
            pieces[one.invoice][one.line] = kept
    if missing or count > gift.left_of(asked):
        return None
    own = pieces.setdefault(gift.invoice, {})
    own[gift.line] = [*own.get(gift.line, []), *taken]
    found = {}
    for invoice, lines in pieces.items():
        back = _credited({line: some for line, some in lines.items() if some})
        credit = replace(asked.get(invoice, Credited()), back=back.back, pieces=back.pieces)
        if credit.back or credit.charged:
            found[invoice] = credit
    return found


def read_back(texts: Mapping[str, str]) -> tuple[list[Back], list[Reason]]:
    """Read what was typed: `good.TEA`, `damaged.TEA` and `expired.TEA` count, `batch.TEA` names."""
    found: list[Back] = []
    faults: list[Reason] = []
    for name, text in texts.items():
        shelf, dot, sku = name.partition(".")
        if not dot or shelf not in SHELVES[:3] or not clean(text):
            continue
        try:
            count = read_count(text)
        except CellError as error:
            faults.append(error.reason._replace(field=name))
            continue
        if count:
            batch = texts.get(f"batch.{sku}", "").strip()
            found.append(Back(sku, count, shelf, batch))
    if not found and not faults:
        faults.append(Reason("return_nothing", {}, "customer"))
    return found, faults


def read_lines(lines: Sequence[Mapping[str, object]]) -> tuple[list[Back], list[Reason]]:
    """Read what a program says of each line: `sku`, `quantity`, `shelf` and `batch`."""
    found: list[Back] = []
    faults = list(_faults_of(lines))
    if not faults:
        found = [
            Back(
                str(one["sku"]),
                int(str(one["quantity"])),
                cast("Shelf", one.get("shelf") or "good"),
                str(one.get("batch") or ""),
            )
            for one in lines
        ]
    return found, faults


def _faults_of(lines: Sequence[Mapping[str, object]]) -> Iterator[Reason]:
    if not lines:
        yield Reason("return_nothing", {}, "lines")
    for place, one in enumerate(lines, 1):
        try:
            read_count(str(one.get("quantity", "")), least=1)
            read_choice(str(one.get("shelf") or "good"), SHELVES[:3])
        except CellError as error:
            yield error.reason._replace(field=f"lines.{place}")
