"""What all slips share: the heading, the codes at the end, the marks of a copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from broker.contract.ids import order_code
from terminal.core.layout import Row
from terminal.core.text import clean
from terminal.core.words import DEFAULT_LANGUAGE, Voice

RULE: Final = Row(kind="rule")
LONGEST_BARCODE: Final = 24
"""Letters that a barcode holds on the narrowest paper."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What every slip of this terminal says, when this one was made, and in which language.

    `operator` names who placed the order that it is about. `hub` is the address of its pages, where
    a phone follows the order; the GSTINs are of the distributor and of the customer.
    """

    distributor: str
    support: str
    customer: str
    terminal: str
    made_at: str
    clock_set: bool
    language: str = DEFAULT_LANGUAGE
    names: Mapping[str, str] = field(default_factory=dict)
    operator: str = ""
    hub: str = ""
    gstin: str = ""
    customer_gstin: str = ""

    @property
    def voice(self) -> Voice:
        """Give the language's words, and what it calls rules."""
        return Voice(self.language, self.names)


def head(heading: Heading, word: str, number: str) -> list[Row]:
    """Begin a slip: whose it is, what it is, of which order, for whom, when."""
    voice, made = heading.voice, heading.made_at
    if not heading.clock_set:
        made = voice.text("slip.clock_not_set", moment=made)
    rows = [
        Row(clean(heading.distributor), style="bold", center=True),
        *_gstin(voice, heading.gstin),
        Row(word, style="big", center=True),
        Row(clean(number), style="big", center=True),
        Row(clean(heading.customer), center=True),
        *_gstin(voice, heading.customer_gstin),
        Row(voice.text("slip.terminal", name=clean(heading.terminal))),
    ]
    if heading.operator:
        rows.append(Row(voice.text("slip.operator", name=clean(heading.operator))))
    return [*rows, Row(made)]


def _gstin(voice: Voice, number: str) -> list[Row]:
    return [Row(voice.text("slip.gstin", number=clean(number)), center=True)] if number else []


def foot(heading: Heading, order: str, number: str) -> list[Row]:
    """End an order's slip: its codes, what they are for, and who helps.

    The square one is the address of the order at the hub, for a phone; the counter finds the order
    in it too. Before the hub was heard it is the order's id alone.
    """
    rows = [RULE, Row(order_code(clean(heading.hub), clean(order)), kind="qr", center=True)]
    what_for = "slip.follow" if heading.hub else "slip.again"
    rows.append(Row(heading.voice.text(what_for), center=True))
    if len(number) <= LONGEST_BARCODE and number.isascii():
        rows.append(Row(clean(number), kind="barcode", center=True))
    if heading.support:
        help_line = heading.voice.text("slip.help", contact=clean(heading.support))
        rows.append(Row(help_line, center=True))
    return rows


def with_copy(rows: Sequence[Row], copy: int, voice: Voice) -> tuple[Row, ...]:
    """Mark a reprint, at both ends: either may be torn off. A copy opens no drawer."""
    if copy == 0:
        return tuple(rows)
    rows = [row for row in rows if row.kind != "drawer"]
    mark = Row(f" {voice.text('slip.copy', number=copy)} ", style="inverse", center=True)
    return (mark, *rows, mark)


def maybe_printed(rows: Sequence[Row], voice: Voice) -> tuple[Row, ...]:
    """Mark what another card of this terminal may have printed before, at both ends, as a copy.

    Nobody here knows whether it did: whoever holds two slips has to know that they are one order.
    """
    mark = Row(f" {voice.text('slip.maybe_printed')} ", style="inverse", center=True)
    return (mark, *rows, mark)
