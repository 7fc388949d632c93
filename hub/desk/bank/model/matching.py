"""Whose money a row of a statement is: by reference, by an invoice's number, by amount and name."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from hub.desk.payments.model import reference_key

Found = Literal["matched", "candidates", "unknown", "out"]
FOUND: Final[tuple[Found, ...]] = ("matched", "candidates", "unknown", "out")
"""One answer is certain, some are likely, there is none; or money that went out."""
By = Literal["reference", "returned", "invoice", "amount_name", "amount", "name"]
BYS: Final[tuple[By, ...]] = ("reference", "returned", "invoice", "amount_name", "amount", "name")
"""Why somebody may be meant, the surest first; `returned` is a cheque that the bank gave back."""
_SURE: Final[frozenset[By]] = frozenset({"reference", "returned", "invoice", "amount_name"})
_RETURN: Final = re.compile(
    r"\b(ret|rtn|rtd|return\w*|bounce\w*|dishono\w*|unpaid|insuff\w*|reject\w*|rev\w*)\b"
)
"""How banks say that a cheque came back."""
_SHORTEST_NAME: Final = 6
_CUT_NAME: Final = 12
"""So many letters of a name's beginning are enough to name it where the rest was cut."""
_LAST: Final = "\U0010ffff"
_SHORTEST_REFERENCE: Final = 6
_SHORTEST_NUMBER: Final = 6
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Owing:
    """A document of which something is open: whose it is, its number and how much."""

    customer: str
    name: str
    document: int
    number: str
    open: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was taken: a cheque that is not cleared yet, or money that is there.

    One that `may_return` is a cheque; `booked` is one that a row brought in already.
    """

    payment: int
    number: str
    customer: str
    name: str
    amount: int
    reference: str
    waits: bool
    may_return: bool = False
    booked: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be meant, and by what; `number` is of the invoice or of the payment that it is."""

    by: By
    customer: str
    name: str
    number: str = ""
    document: int | None = None
    payment: int | None = None
    waits: bool = False

    @property
    def choice(self) -> str:
        """Give what confirms it: a payment's number, a customer with an invoice, or a customer."""
        if self.payment is not None:
            return f"={self.number}"
        return f"{self.customer}/{self.document}" if self.document is not None else self.customer


@dataclass(frozen=True, slots=True)
class Match:
    """What is found of a row, the surest first."""

    found: Found
    candidates: tuple[Candidate, ...] = ()


class Books:
    """What rows are held against: open documents, and payments by amount.

    All is looked up by what the row says, so that 2,000 rows meet 5,000 documents at once.
    """

    def __init__(
        self,
        owing: Sequence[Owing],
        paid: Mapping[int, Sequence[Paid]],
        names: Mapping[str, str],
    ) -> None:
        """Order documents by number and amount, and customers by name."""
        self._paid = paid
        self._names = names
        self._called = NameIndex(names)
        self._by_number: dict[str, list[Owing]] = {}
        self._by_amount: dict[int, dict[str, Owing]] = {}
        for one in owing:
            number = _squeezed(one.number)
            if len(number) >= _SHORTEST_NUMBER:
                self._by_number.setdefault(number, []).append(one)
            self._by_amount.setdefault(one.open, {}).setdefault(one.customer, one)
        self._lengths = sorted({len(one) for one in self._by_number})

    def match(self, amount: int, reference: str, narration: str) -> Match:
        """Find whose money a row is.

        A payment of the same amount and reference is that money; an invoice's number names its
        customer; so does an open amount beside the customer's name. An amount or a name alone may
        be somebody's. Money that went out may be a cheque that came back.
        """
        text = _squeezed(f"{reference} {narration}")
        if amount < 0:
            said = bool(_RETURN.search(f"{reference} {narration}".casefold()))
            return _rank(list(self._returned(-amount, reference, text, said=said)), none="out")
        found = list(self._payments(amount, reference, text))
        if not found:
            named = self._called.find(text)
            found = [
                *self._invoices(text),
                *self._amounts(amount, named),
                *self._named(named),
            ]
        return _rank(found, none="unknown")

    def _payments(self, amount: int, reference: str, text: str) -> Iterator[Candidate]:
        for one in self._paid.get(amount, ()):
            if not one.booked and _bears(one, reference, text):
                yield _payment("reference", one)

    def _returned(
        self, amount: int, reference: str, text: str, *, said: bool
    ) -> Iterator[Candidate]:
        """Give the cheques that came back: by their number or, where `said`, by the amount."""
        for one in self._paid.get(amount, ()):
            if one.may_return and _bears(one, reference, text):
                yield _payment("returned", one)
            elif one.may_return and said:
                yield _payment("amount", one)

    def _invoices(self, text: str) -> Iterator[Candidate]:
        for length in self._lengths:
            for at in range(len(text) - length + 1):
                for one in self._by_number.get(text[at : at + length], ()):
                    yield Candidate("invoice", one.customer, one.name, one.number, one.document)

    def _amounts(self, amount: int, named: Collection[str]) -> Iterator[Candidate]:
        """Give who owes the amount exactly: all who are named, and of others a few."""
        owing = self._by_amount.get(amount, {})
        for code in named:
            if code in owing:
                yield _owing("amount_name", owing[code])
        for one in islice(owing.values(), MOST):
            yield _owing("amount", one)

    def _named(self, named: Collection[str]) -> Iterator[Candidate]:
        for code in islice(named, MOST):
            yield Candidate("name", code, self._names[code])


class NameIndex:
    """Customers by what a bank writes of their names: banks cut names, but not at their beginning.

    Of `Sri Ganesh Stores` and `Sri Ganesh Traders` a row that says `SRI GANESH TRAD` names the
    second alone: where one begins at a place of the text, the one that goes on longest is meant.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """Order customers by their names."""
        self._codes: dict[str, list[str]] = {}
        for code, name in names.items():
            said = _squeezed(name)
            if len(said) >= _SHORTEST_NAME:
                self._codes.setdefault(said, []).append(code)
        self._said = sorted(self._codes)

    def find(self, text: str) -> list[str]:
        """Give the codes of the customers that a squeezed text names, each once."""
        found: dict[str, None] = {}
        for at in range(len(text) - _SHORTEST_NAME + 1):
            for said in self._at(text[at:]):
                found.update(dict.fromkeys(self._codes[said]))
        return list(found)

    def _at(self, text: str) -> Sequence[str]:
        """Give the names that a text begins with: what it says of them, or all of a short one."""
        place = bisect_left(self._said, text)
        near = self._said[max(place - 1, 0) : place + 1]
        begun = max((_begun(text, one) for one in near), key=len, default="")
        ends = range(len(begun), _SHORTEST_NAME - 1, -1)
        whole = [begun[:end] for end in ends if begun[:end] in self._codes][:1]
        if len(begun) < _CUT_NAME or begun in whole:
            return whole
        last = bisect_left(self._said, begun + _LAST)
        return [*whole, *self._said[bisect_left(self._said, begun) : last]]


def _rank(found: Sequence[Candidate], *, none: Found) -> Match:
    """Order who may be meant; one who is sure is the match."""
    best: dict[tuple[str, int | None], Candidate] = {}
    for one in found:
        best.setdefault((one.customer, one.payment), one)
    ranked = sorted(best.values(), key=lambda one: BYS.index(one.by))
    if not ranked:
        return Match(none)
    sure = [one for one in ranked if one.by in _SURE]
    is_one = len(sure) == 1 or (len(sure) > 1 and sure[0].by != sure[1].by)
    return Match("matched" if is_one else "candidates", tuple(ranked[:MOST]))


def _bears(paid: Paid, reference: str, text: str) -> bool:
    """Say whether a row bears the reference of a payment."""
    known, own = paid.reference, _without_zeros(reference_key(reference))
    is_it = bool(known) and _without_zeros(known) == own
    return is_it or (len(known) >= _SHORTEST_REFERENCE and known in text)


def _payment(by: By, one: Paid) -> Candidate:
    return Candidate(by, one.customer, one.name, one.number, payment=one.payment, waits=one.waits)


def _owing(by: By, one: Owing) -> Candidate:
    return Candidate(by, one.customer, one.name, one.number, one.document)


def _begun(text: str, name: str) -> str:
    """Give as much of a name as a text begins with."""
    pairs = zip(text, name, strict=False)
    return name[
        : next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(text), len(name)))
    ]


def _squeezed(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _without_zeros(reference: str) -> str:
    """Give a cheque's number without the zeros before it: `004512` and `4512` are one."""
    return reference.lstrip("0") if reference.isdecimal() else reference
