"""Whose money a row of a statement is: by reference, by an invoice's number, by amount and name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hub.desk.payments.model import reference_key

Found = Literal["matched", "candidates", "unknown", "out"]
FOUND: Final[tuple[Found, ...]] = ("matched", "candidates", "unknown", "out")
"""One answer is certain, some are likely, there is none; or money that went out."""
By = Literal["reference", "invoice", "amount_name", "amount", "name"]
BYS: Final[tuple[By, ...]] = ("reference", "invoice", "amount_name", "amount", "name")
"""Why somebody may be meant, the surest first."""
_SURE: Final[frozenset[By]] = frozenset({"reference", "invoice", "amount_name"})
_SHORTEST_NAME: Final = 6
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
    """A payment that was taken: a cheque that is not cleared yet, or money that is booked."""

    payment: int
    number: str
    customer: str
    name: str
    amount: int
    reference: str
    waits: bool


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


@dataclass(slots=True)
class Books:
    """What rows are held against: open documents, and payments by amount."""

    owing: Sequence[Owing]
    paid: Mapping[int, Sequence[Paid]]
    names: Mapping[str, str]

    def match(self, amount: int, reference: str, narration: str) -> Match:
        """Find whose money a row is.

        A payment of the same amount and reference is that money; an invoice's number names its
        customer; so does an open amount beside the customer's name. An amount or a name alone may
        be somebody's.
        """
        if amount < 0:
            return Match("out")
        text = _squeezed(f"{reference} {narration}")
        found = list(self._payments(amount, reference, text)) or [
            *self._invoices(text),
            *self._amounts(amount, text),
            *self._named(text),
        ]
        best: dict[tuple[str, int | None], Candidate] = {}
        for one in found:
            best.setdefault((one.customer, one.payment), one)
        ranked = sorted(best.values(), key=lambda one: BYS.index(one.by))
        if not ranked:
            return Match("unknown")
        sure = [one for one in ranked if one.by in _SURE]
        is_one = len(sure) == 1 or (len(sure) > 1 and sure[0].by != sure[1].by)
        return Match("matched" if is_one else "candidates", tuple(ranked[:MOST]))

    def _payments(self, amount: int, reference: str, text: str) -> Iterator[Candidate]:
        own = reference_key(reference)
        for one in self.paid.get(amount, ()):
            known = one.reference
            is_it = bool(known) and known == own
            if is_it or (len(known) >= _SHORTEST_REFERENCE and known in text):
                yield Candidate(
                    "reference",
                    one.customer,
                    one.name,
                    one.number,
                    payment=one.payment,
                    waits=one.waits,
                )

    def _invoices(self, text: str) -> Iterator[Candidate]:
        for one in self.owing:
            number = _squeezed(one.number)
            if len(number) >= _SHORTEST_NUMBER and number in text:
                yield Candidate("invoice", one.customer, one.name, one.number, one.document)

    def _amounts(self, amount: int, text: str) -> Iterator[Candidate]:
        for one in self.owing:
            if one.open == amount:
                by: By = "amount_name" if _is_named(one.name, text) else "amount"
                yield Candidate(by, one.customer, one.name, one.number, one.document)

    def _named(self, text: str) -> Iterator[Candidate]:
        for code, name in self.names.items():
            if _is_named(name, text):
                yield Candidate("name", code, name)


def _squeezed(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _is_named(name: str, text: str) -> bool:
    """Say whether a narration names a customer: banks cut names, but not at their beginning."""
    said = _squeezed(name)
    if len(said) < _SHORTEST_NAME:
        return False
    return said in text or (len(said) > 2 * _SHORTEST_NAME and said[: 2 * _SHORTEST_NAME] in text)
