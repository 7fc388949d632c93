"""Claims without a database: what schemes gave on the lines of a document, and a claim's states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from hub.base.fields import Reason
from hub.base.money import HOUSE_SCALE
from hub.desk.parties.model.cells import CellError, clean, read_amount
from rules import Gifts, Minor, Quantity, UnitPrice
from rules.values.rounding import extend
from rules.values.spreading import spread

State = Literal["draft", "sent", "accepted", "short_paid", "settled", "withdrawn"]
STATES: Final[tuple[State, ...]] = get_args(State)
"""What people see. Kept are the first three and the last: an account says what is paid."""
KEPT: Final = ("draft", "sent", "accepted", "withdrawn")
MAY_BECOME: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "draft": frozenset({"sent", "withdrawn"}),
        "sent": frozenset({"accepted", "withdrawn"}),
        "accepted": frozenset({"withdrawn"}),
        "withdrawn": frozenset(),
    }
)
Kind = Literal["discount", "goods"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Valued = Literal["taken_off", "list", "cost"]
VALUED: Final[tuple[Valued, ...]] = get_args(Valued)
"""What an amount is: a discount, or goods at the price of their sale, or at what they cost."""
VALUES: Final[tuple[Valued, ...]] = ("list", "cost")
VALUE: Final = "claims_value"
"""The setting that says at what free goods are valued from now on: their price, or their cost."""
USUAL: Final[Valued] = "list"
UNREAD: Final = "claims_unread"
"""The setting that names the newest invoice of before there were claims that is not read yet."""


class GivenKey(NamedTuple):
    """A scheme on one line of an invoice, and whether it took money off or gave goods."""

    line: int
    scheme: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Given:
    """What a scheme gave on a line: base units that it was given on, and what that comes to.

    Of goods, `each` is what a base unit is worth, as the first row of them says it for good.
    """

    quantity: int
    amount: int
    valued: Valued = "taken_off"
    each: int | None = None

    @property
    def is_nothing(self) -> bool:
        """Say whether there is nothing of it."""
        return not self.quantity and not self.amount

    def less(self, other: "Given") -> "Given":
        """Give what is more of this than of another."""
        return replace(
            self, quantity=self.quantity - other.quantity, amount=self.amount - other.amount
        )


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of an invoice with what its credit notes have left: base units, and discount.

    `number` is the line's in the order; all is nothing where the invoice is cancelled.
    """

    line: int
    number: int
    free: bool
    quantity: int
    discount: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What a base unit of free goods is worth, in 1/10,000 of the major unit."""

    each: int
    valued: Valued


def given_on(
    lines: Sequence[KeptLine], gifts: Gifts, *, kept: Gifts, worth: Mapping[int, Worth]
) -> dict[GivenKey, Given]:
    """Say what each scheme has given on the lines of an invoice by now.

    The discount that is left of a line is shared by its schemes as the rules say of what is `kept`
    of it: of 10.00 to which A gave 8.00 and B 2.00, with half of it back, 4.00 and 1.00. Where the
    rules see none of them on it any more they share it as in the sale. Free goods count at their
    `worth`, by the line of the invoice.
    """
    found: dict[GivenKey, Given] = {}
    whose = {one.number: one.rule for one in gifts.free}
    for one in lines:
        if one.free:
            rule, value = whose.get(one.number), worth.get(one.line)
            if rule is not None and one.quantity:
                found[GivenKey(one.line, rule, "goods")] = _goods(one.quantity, value)
            continue
        shares = _shares(one.number, kept) or _shares(one.number, gifts)
        amounts = spread(Minor(one.discount), list(shares.values())) if shares else []
        for rule, amount in zip(shares, amounts, strict=True):
            if amount:
                found[GivenKey(one.line, rule, "discount")] = Given(one.quantity, amount)
    return found


def _goods(quantity: int, worth: Worth | None) -> Given:
    if worth is None:
        return Given(quantity, 0, "list")
    amount = extend(UnitPrice(worth.each), Quantity(quantity), HOUSE_SCALE)
    return Given(quantity, amount, worth.valued, worth.each)


def _shares(number: int, gifts: Gifts) -> dict[str, int]:
    """Add up what each scheme takes off a line, in the order of their ids."""
    shares: dict[str, int] = {}
    for one in sorted(gifts.taken_off):
        if one.line == number:
            shares[one.rule] = shares.get(one.rule, 0) + one.amount
    return shares


def changes_of(
    wanted: Mapping[GivenKey, Given], so_far: Mapping[GivenKey, Given]
) -> Iterator[tuple[GivenKey, Given]]:
    """Give the differences that bring what was written so far to what was given by now."""
    nothing = Given(0, 0)
    for key in sorted({*wanted, *so_far}):
        before = so_far.get(key, nothing)
        now = wanted.get(key, replace(before, quantity=0, amount=0))
        change = now.less(before)
        if not change.is_nothing:
            yield key, change


@dataclass(frozen=True, slots=True)
class Made:
    """A claim by its id and number; `again`: it was made before under this key."""

    id: int
    number: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class ToMake:
    """Whom a claim is for, and the last day whose documents are in it; by its row's code."""

    funder: str
    until: date
    seller: str = ""


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line of a claim that a funder does not pay all of: so much less than was asked for."""

    line: int
    amount: int


def read_shorts(texts: Mapping[str, str]) -> tuple[list[ShortLine], list[Reason]]:
    """Read what was typed of each line: `short.3` is what is not paid of line 3."""
    found: list[ShortLine] = []
    faults: list[Reason] = []
    for name, text in texts.items():
        head, dot, line = name.partition(".")
        if head != "short" or not dot or not line.isdecimal() or not clean(text):
            continue
        try:
            amount = read_amount(text)
        except CellError as error:
            faults.append(error.reason._replace(field=name))
            continue
        if amount:
            found.append(ShortLine(int(line), amount))
    if not found and not faults:
        faults.append(Reason("claim_short_nothing", {}, "why"))
    return found, faults


def faults_of_shorts(shorts: Sequence[ShortLine], left: Mapping[int, int]) -> Iterator[Reason]:
    """Tell the lines that are not in the claim, or of which less is left to pay."""
    for one in shorts:
        field = f"short.{one.line}"
        if one.line not in left:
            yield Reason("claim_line_unknown", {"line": str(one.line)}, field)
        elif one.amount > left[one.line]:
            params = {"line": one.line, "left": max(left[one.line], 0)}
            yield Reason("claim_short_above", params, field)
