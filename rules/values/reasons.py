"""The registry of reasons: each code with its parameters, each part of a sentence with its own.

A reason is a code with raw parameters, never a sentence: catalogues hold the sentences, one for
each language, under the code. What the registry does not know cannot be worded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

Param = int | str | list[Any]
"""A raw value as JSON has it: 1250 of `money`, not `12.50`."""

Params = Mapping[str, Param]
"""The parameters of one reason by their names."""

Kind = Literal[
    "money",
    "unit_price",
    "percent",
    "count",
    "name",
    "texts",
    "code",
    "rule",
    "day",
    "payment",
    "gate",
    "credit_part",
    "period",
    "outcome",
    "stage",
    "codes",
    "rules",
    "either",
    "sets",
    "steps",
    "phrase",
    "phrases",
    "listed",
    "clauses",
    "options",
    "details",
]
"""How a parameter is written.

`money` is of the minor unit, `unit_price` in 1/10,000 of the major unit, `percent` in millionths,
`day` an ISO date. `name` is free text such as a product's, `texts` the same where it may
differ by language, as `[["en", "late"], ["hi", ...]]`, `code` an id such as a SKU's or a
batch's, `rule` the id of a price list or scheme, for which its text stands where it has one.
`payment` to `stage` are words that every catalogue has.

`codes` and `rules` are lists written with commas, `either` one of a list's members; `sets` are
lists of names of which one of each is needed, `steps` lists of codes that follow each other.

A `phrase` is a part of a sentence with parameters of its own, as `[name, parameters]`; `phrases`
are several with an "and" between them, `listed` with commas, `clauses` with semicolons, `options`
with an "or". `details` are clauses behind a colon, and nothing where there are none.
"""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "payment": ("credit", "cash", "advance"),
    "gate": ("order", "delivery", "invoice"),
    "credit_part": ("total", "open_orders", "deliveries", "invoices", "cheques"),
    "period": ("day", "week", "month", "quarter", "year", "scheme"),
    "outcome": ("accept", "hold", "reject"),
    "stage": (
        "quantity",
        "price",
        "line_schemes",
        "basket_schemes",
        "order_schemes",
        "spread",
        "free_goods",
        "coupons",
        "floor",
        "tax",
        "mrp",
        "round_off",
        "credit",
        "approvals",
        "allocation",
        "returns",
    ),
}
"""The words of each kind that has them; a catalogue's id of one is `payment.cash`."""

JOINERS: Final = ("list.comma", "list.and", "list.or", "list.then", "list.clause", "list.details")
"""The catalogue's ids of what stands between the members of lists."""

Severity = Literal["rejects", "holds", "changes", "tells"]
"""What a reason does to an order where no rule says otherwise."""

_CODE: Final = re.compile(r"[a-z][a-z0-9_]*")
_PHRASE: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_KINDS: Final = frozenset(get_args(Kind))


class ReasonRegisteredError(ValueError):
    """A code or phrase cannot be registered: its name is taken or malformed, or a kind unknown."""


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """A reason by its code, such as `above_mrp`, with the kind of each of its parameters."""

    name: str
    params: Mapping[str, Kind] = field(default_factory=dict)
    severity: Severity = "tells"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence by its name, such as `mrp.batch`; it stands in other sentences only."""

    name: str
    params: Mapping[str, Kind] = field(default_factory=dict)


REGISTRY: Final[dict[str, ReasonCode]] = {}
"""Every reason code of this process by its name."""

PHRASES: Final[dict[str, Phrase]] = {}
"""Every phrase of this process by its name."""


def register(*entries: ReasonCode | Phrase) -> None:
    """Make codes and phrases known; called where a module is imported.

    Raises:
        ReasonRegisteredError: a name is there already or malformed, or a kind is unknown.
    """
    for entry in entries:
        _check(entry)
        if isinstance(entry, ReasonCode):
            REGISTRY[entry.name] = entry
        else:
            PHRASES[entry.name] = entry


def _check(entry: ReasonCode | Phrase) -> None:
    pattern = _CODE if isinstance(entry, ReasonCode) else _PHRASE
    if not pattern.fullmatch(entry.name):
        raise ReasonRegisteredError(f"'{entry.name}' is no name of a {type(entry).__name__}")
    if entry.name in REGISTRY or entry.name in PHRASES:
        raise ReasonRegisteredError(f"'{entry.name}' is registered already")
    unknown = sorted(set(entry.params.values()) - _KINDS)
    if unknown:
        raise ReasonRegisteredError(f"'{entry.name}' has parameters of no kind: {unknown}")
