"""What notes say of the lines of invoices: what goods that are kept are worth by now.

The rules say what an order's line is worth with all that was kept so far, and with what is kept
from now on. The books say what its invoices bill of it by now. Each invoice's line follows the
rules in proportion, and what it moves by is written where tax law wants it: less on a credit note,
more on a debit note. So no line of a note is below zero.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple

from hub.desk.invoices.model.billing import InvoiceLine, LineKey
from hub.desk.invoices.model.crediting import Credited, LineCredits
from rules import Minor, PricedLine, Quantity, Return, ReturnResult, half_up, to_step

_ROUNDING: Final = 3
"""Minor units by which a discount that is spread anew moves a line: nobody issues a note of it."""

Amounts = tuple[int, ...]
"""Gross, net and each head of tax of a line, in the order of its heads."""


class Note(NamedTuple):
    """A credit or debit note of an invoice that is not cancelled, with its lines."""

    is_debit: bool
    payable: int
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """An invoice with what it came to, and the notes of it that count."""

    payable: int
    lines: Mapping[int, InvoiceLine]
    notes: tuple[Note, ...] = ()

    @property
    def before(self) -> dict[int, LineCredits]:
        """Give what the notes credited of each line; a free line over nothing is one that came."""
        found: dict[int, LineCredits] = {}
        for is_debit, _, lines in self.notes:
            for one in lines:
                had = found.get(one.of_line or 0, LineCredits())
                is_charge = one.key[1] and bool(one.total)
                kept = is_charge and (is_debit or one.total < 0)  # below zero: of earlier editions
                found[one.of_line or 0] = replace(
                    had,
                    quantity=had.quantity + (0 if is_charge else one.quantity),
                    charged=had.charged + (one.quantity * (1 if kept else -1) if is_charge else 0),
                    total=had.total + (-one.total if is_debit else one.total),
                )
        return found

    @property
    def left(self) -> int:
        """Give what it comes to with its notes."""
        return self.payable - sum(
            -one.payable if one.is_debit else one.payable for one in self.notes
        )

    @property
    def exact(self) -> int:
        """Give what its lines come to with those of its notes, before anything is rounded."""
        lines = sum(one.total for one in self.lines.values())
        return lines - sum(
            -line.total if one.is_debit else line.total for one in self.notes for line in one.lines
        )

    def standing(self, number: int) -> Amounts:
        """Give what a line comes to with its notes."""
        line = self.lines[number]
        found = _amounts(line, line)
        for is_debit, _, lines in self.notes:
            for one in lines:
                if one.of_line == number:
                    sign = 1 if is_debit else -1
                    moved = _amounts(one, line)
                    found = tuple(a + sign * b for a, b in zip(found, moved, strict=True))
        return found


@dataclass(slots=True)
class Moved:
    """What a return moves of one invoice: lines that are credited, and lines that are charged."""

    credits: list[InvoiceLine] = field(default_factory=list)
    debits: list[InvoiceLine] = field(default_factory=list)

    def round_off(self, account: Account, *, step: int) -> tuple[int, int]:
        """Give what rounds the credit note and the debit note off, so that the rest is rounded.

        Of 1,000.00 for goods over 1,000.40, goods over 300.30 come back: 700.10 are left, which is
        700.00, so 300.00 are credited and -0.30 round off.
        """
        less, more = (sum(one.total for one in some) for some in (self.credits, self.debits))
        rest = to_step(Minor(account.exact - less + more), Minor(step))
        down = account.left - rest
        debit = to_step(Minor(more), Minor(step)) if self.credits else max(-down, 0)
        credit = max(down + debit, 0) if self.credits else 0
        return credit - less, debit - more


def _amounts(one: InvoiceLine, like: InvoiceLine) -> Amounts:
    heads = {part.head: part.amount for part in one.heads}
    return (one.gross, one.net, *(heads.get(part.head, 0) for part in like.heads))


def return_of(
    order: int, accounts: Collection[Account], counts: Sequence[Mapping[int, LineCredits]]
) -> Return:
    """Write what came back of an order over all its invoices as the rules ask for it."""
    lines: dict[int, Quantity] = {}
    free: dict[int, Quantity] = {}
    charged: dict[int, Quantity] = {}
    for account, by_line in zip(accounts, counts, strict=True):
        for number, had in by_line.items():
            line = account.lines.get(number)
            if line is None or line.key[0] != order:
                continue
            place = line.key[2]
            into = free if line.key[1] else lines
            if had.quantity:
                into[place] = Quantity(into.get(place, 0) + had.quantity)
            if had.charged:
                charged[place] = Quantity(charged.get(place, 0) + had.charged)
    return Return(lines, free, charged)


def asked_of(asked: Credited) -> dict[int, LineCredits]:
    """Write what is asked for as counts by line."""
    return {
        number: LineCredits(asked.back.get(number, 0), charged=asked.charged.get(number, 0))
        for number in {*asked.back, *asked.charged}
    }


def move_lines(
    order: int, account: Account, *, asked: Credited, result: ReturnResult
) -> Iterator[tuple[bool, InvoiceLine]]:
    """Give by what a return moves the lines of one invoice, with whether a line comes to more."""
    before = account.before
    for line in account.lines.values():
        if line.key[0] != order:
            continue
        back = asked.back.get(line.number, 0)
        if line.key[1]:
            if back:
                nothing = (0,) * (2 + len(line.heads))
                yield False, _note_line(line, nothing, quantity=back)
            continue
        left = line.quantity - before.get(line.number, LineCredits()).quantity
        had, kept = (some.get(line.key[2]) for some in (result.had, result.kept))
        if not left or had is None:
            continue
        less, more = split_move(
            account.standing(line.number),
            left=left,
            back=back,
            had=_worth(had, line),
            kept=_worth(kept, line),
        )
        if back or any(less):
            yield False, _note_line(line, less, quantity=back)
        if any(more):
            yield True, _note_line(line, more, quantity=0)


class Worth(NamedTuple):
    """What an order's line is worth by the rules, with so many pieces of it kept."""

    pieces: int
    amounts: Amounts


def split_move(
    stands: Amounts, *, left: int, back: int, had: Worth, kept: Worth
) -> tuple[Amounts, Amounts]:
    """Say what a line of an invoice is credited and charged, where `back` of `left` came back.

    None of either is below zero. Ten at 90.00 by a discount of ten, of which four come back and six
    are kept without it: 900.00 - 600.00 are credited. Where one comes back, nine at 100.00 are as
    dear as ten were; where one of a hundred does, its own 90.00 are credited and 990.00 charged.
    What stays has no more net than gross: each is rounded by itself, and 90.15 less nothing is not
    90.16.
    """
    target = tuple(
        _follow(stands[at], left=left, back=back, had=(had.pieces, had.amounts[at]),
                kept=(kept.pieces, kept.amounts[at]))
        for at in range(len(stands))
    )  # fmt: skip
    target = (max(target[:2]), *target[1:])
    moved = tuple(a - b for a, b in zip(stands, target, strict=True))
    nothing = (0,) * len(stands)
    if not back and abs(moved[1]) <= _ROUNDING:
        return nothing, nothing
    if min(moved) >= 0:
        return moved, nothing
    own = tuple(half_up(one * back, left) for one in stands)
    more = tuple(max(a - b, 0) for a, b in zip(own, moved, strict=True))
    return own, more if more[1] > _ROUNDING else nothing


def _follow(
    stands: int, *, left: int, back: int, had: tuple[int, int], kept: tuple[int, int]
) -> int:
    """Have an amount of the books follow that of the rules, which is of all invoices together."""
    stay = left - back
    if not stay or not kept[0]:
        return 0
    if not had[1]:
        return half_up(stands * stay, left) + half_up(kept[1] * stay, kept[0])
    return half_up(stands * kept[1] * had[0] * stay, had[1] * kept[0] * left)


def _worth(one: PricedLine | None, line: InvoiceLine) -> Worth:
    if one is None:
        return Worth(0, (0,) * (2 + len(line.heads)))
    heads = {part.head: part.amount for part in one.taxes}
    return Worth(one.quantity, (one.gross, one.net, *(heads.get(p.head, 0) for p in line.heads)))


def _note_line(line: InvoiceLine, amounts: Amounts, *, quantity: int) -> InvoiceLine:
    gross, net, *heads = amounts
    return replace(
        line,
        of_line=line.number,
        quantity=quantity,
        gross=gross,
        discount=gross - net,
        net=net,
        heads=tuple(
            part._replace(amount=Minor(amount))
            for part, amount in zip(line.heads, heads, strict=True)
        )
        if any(amounts)
        else (),
        goods=(),
    )


def charge_lines(
    order: int,
    accounts: Mapping[int, Account],
    *,
    asked: Mapping[int, Credited],
    result: ReturnResult,
) -> Iterator[tuple[int, bool, InvoiceLine]]:
    """Give the free goods that are kept and paid for, by invoice, with whether that is more.

    They are of the lines that were named, then of any that has some left: of three that are
    charged for 240.00, two of one invoice are 160.00 and one of another 80.00.
    """
    for one in result.charges:
        count, sign = abs(one.quantity), 1 if one.total <= 0 else -1
        parts = list(_pieces(order, one.number, accounts=accounts, asked=asked, count=count))
        first = 0
        for invoice, line, part in parts:
            share = partial(_share, first=first, last=first + part, count=count)
            first += part
            gross, net = share(-sign * one.gross), share(-sign * one.net)
            heads = tuple(
                head._replace(amount=Minor(share(-sign * head.amount))) for head in one.taxes
            )
            charged = replace(
                line,
                of_line=line.number,
                quantity=part,
                gross=gross,
                discount=gross - net,
                net=net,
                heads=heads,
                goods=(),
            )
            yield invoice, sign > 0, charged


def _share(amount: int, *, first: int, last: int, count: int) -> int:
    """Give the part of an amount that pieces after `first` up to `last` of `count` have."""
    return half_up(amount * last, count) - half_up(amount * first, count)


def _pieces(
    order: int,
    number: int,
    *,
    accounts: Mapping[int, Account],
    asked: Mapping[int, Credited],
    count: int,
) -> Iterator[tuple[int, InvoiceLine, int]]:
    lines = [
        (invoice, account, line)
        for invoice, account in accounts.items()
        for line in account.lines.values()
        if line.key == _free(order, number)
    ]
    named: dict[int, int] = {}
    for invoice, _, line in lines:
        part = min(asked.get(invoice, Credited()).charged.get(line.number, 0), count)
        named[invoice] = part
        count -= part
    for invoice, account, line in lines:
        had = account.before.get(line.number, LineCredits())
        back = asked.get(invoice, Credited()).back.get(line.number, 0)
        left = line.quantity - had.quantity - had.charged - back - named[invoice]
        more = max(min(left, count), 0)
        count -= more
        if named[invoice] + more:
            yield invoice, line, named[invoice] + more


def _free(order: int, number: int) -> LineKey:
    return (order, True, number)


def number_lines(lines: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """Number the lines of a note: goods that came back first, as their stock document has them."""
    ordered = sorted(lines, key=lambda one: (not _came_back(one), one.of_line or 0))
    return tuple(replace(one, number=place) for place, one in enumerate(ordered, 1))


def _came_back(one: InvoiceLine) -> bool:
    """Say whether goods came back by a line: not where free goods are paid for, or prices lower."""
    return bool(one.quantity) and not (one.key[1] and one.total)
