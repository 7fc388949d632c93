"""The lines of a claim as rows of a file: what each is, and the document that proves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from hub.base.money import HOUSE_SCALE
from hub.base.words import PageWords
from hub.desk.claims.reads.record import ClaimDetail

_HEADINGS: Final = (
    *("paper.place", "claims.scheme_id", "claims.scheme", "claims.given_on", "claims.document"),
    *("claims.invoice", "claims.invoice_line", "word.customer", "product_field.sku"),
    *("word.product", "claims.valued", "word.quantity", "claims.amount", "claims.short"),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a file of a claim holds: what is told of it, its headings, and its rows."""

    name: str
    title: str
    told: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int | Decimal | date]]


def evidence_of(found: ClaimDetail, words: PageWords) -> Evidence:
    """Write a claim's lines as rows; amounts are numbers, so that their sum can be checked."""
    row = found.row
    days = words.text(
        "claims.from_to", first=words.day(row.from_day), last=words.day(row.until_day)
    )
    return Evidence(
        name=f"{row.number.replace('/', '-')}-{row.customer_code}",
        title=f"{words.text('claims.letter')} {row.number}",
        told=(
            (words.text("claims.seller"), row.seller),
            (words.text("claims.funder"), f"{row.customer} ({row.customer_code})"),
            (words.text("claims.period"), days),
        ),
        headings=tuple(words.text(one) for one in _HEADINGS),
        rows=[
            (
                *(one.line, one.scheme, one.text, one.day, one.document, one.invoice),
                *(one.invoice_line, one.customer, one.sku, one.product),
                *(words.named("claim_valued", one.valued), one.quantity),
                *(_decimal(one.amount), _decimal(one.short)),
            )
            for one in found.lines
        ],
    )


def _decimal(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-HOUSE_SCALE)
