"""Give a claim as the letter that its funder gets: the same file for ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Unpack

from hub.base.access import Scope
from hub.base.money import HouseMoney, number
from hub.base.papers import (
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperWish,
    Sum,
    words_of_paper,
)
from hub.base.words import PageWords, grouped
from hub.desk.claims.reads import ClaimDetail, ClaimedLine, SchemeSum, read_claim
from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.invoices.store.letterheads import read_buyer
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.words import write_side

MOST_LINES: Final = 400
"""A letter of more lines names the schemes, and leaves the lines to the file beside it."""


@dataclass(slots=True)
class GiveLetter:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(
        self,
        claim: int,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the letter of a claim; None where nobody sees one of this id.

        A draft and a claim that was withdrawn say so. What is paid changes no letter.
        """
        language = words_of_paper("", **wish).language
        with self.papers.reading() as t:
            found = read_claim(t.connection, claim, language=language, scope=scope)
            if found is None:
                return None
            seller = read_letterhead(t.connection, found.seller_id, scope=scope)
            funder, _ = read_buyer(t, found.funder_id)
            money = read_distributor(t.connection).money
        state = found.row.state if found.row.state in {"draft", "withdrawn"} else "sent"
        return self.papers.give_file(
            (found.row.number, found.row.customer),
            partial(paper_of, found, seller=seller, funder=funder, money=money),
            key=f"claim/{claim}/{state}",
            **wish,
        )


def paper_of(
    found: ClaimDetail, words: PageWords, *, seller: Side, funder: Side, money: HouseMoney
) -> Paper:
    """Write what a claim says: from whom, for which days, each scheme, each line, and the sum."""
    row = found.row
    amount = money.write(row.amount)
    voids = {"draft": "claim_state.draft", "withdrawn": "claim_state.withdrawn"}
    is_long = len(found.lines) > MOST_LINES
    remarks = [words.text("claims.letter_tax"), words.text("claims.letter_minus")]
    if any(one.kind == "goods" for one in found.lines):
        remarks.append(words.text("claims.letter_goods"))
    if is_long:
        count = len(found.lines)
        remarks.append(words.counted("claims.letter_file", count))
    return Paper(
        title=words.text("claims.letter"),
        number=row.number,
        language=words.language,
        sides=(write_side(seller, words), write_side(funder, words, label=words.text("paper.to"))),
        facts=tuple(_facts(found, words)),
        lines=_schemes(found, words, money) if is_long else _lines(found, words, money),
        extra=Block((), ()) if is_long else _sums(found, words, money),
        sums=(Sum(words.text("claims.amount"), amount, strong=True),),
        words=words_of_amount(row.amount, words.language, currency=money.currency),
        remarks=(*remarks, *(one for one in (seller.bank, seller.note) if one)),
        signs=(words.text("paper.for", seller=seller.name),),
        void=words.text(voids[row.state]) if row.state in voids else "",
    )


def _facts(found: ClaimDetail, words: PageWords) -> Iterator[tuple[str, str]]:
    row = found.row
    yield words.text("claims.number"), row.number
    yield words.text("claims.day"), words.day(row.day)
    first, last = words.day(row.from_day), words.day(row.until_day)
    days = words.text("claims.from_to", first=first, last=last)
    yield words.text("claims.period"), days
    yield words.text("claims.lines"), grouped(len(found.lines))


def _lines(found: ClaimDetail, words: PageWords, money: HouseMoney) -> Block:
    """Write each line; its day stands below its document, so that names have room on A5."""
    columns = (
        Column(words.text("paper.place"), amount=True, short=False),
        Column(words.text("claims.scheme"), grows=True),
        Column(words.text("claims.document")),
        Column(words.text("word.customer"), grows=True, short=False),
        Column(words.text("word.product"), grows=True),
        Column(words.text("word.quantity"), amount=True),
        Column(words.text("claims.amount"), amount=True),
    )
    return Block(columns, tuple(_cells(one, words, money) for one in found.lines))


def _cells(one: ClaimedLine, words: PageWords, money: HouseMoney) -> tuple[str, ...]:
    return (
        str(one.line),
        f"{one.text} ({words.named('claim_valued', one.valued)})",
        f"{one.document}\n{words.day(one.day)}",
        one.customer,
        one.product or one.sku,
        _count(one.quantity, money),
        money.figures(one.amount),
    )


def _schemes(found: ClaimDetail, words: PageWords, money: HouseMoney) -> Block:
    columns = (
        Column(words.text("claims.scheme"), grows=True),
        Column(words.text("claims.valued")),
        Column(words.text("claims.lines"), amount=True),
        Column(words.text("word.quantity"), amount=True),
        Column(words.text("claims.amount"), amount=True),
    )
    rows = tuple(
        (
            one.text,
            words.named("claim_valued", one.valued),
            grouped(one.lines),
            _count(one.quantity, money),
            money.figures(one.amount),
        )
        for one in found.schemes
    )
    return Block(columns, rows)


def _sums(found: ClaimDetail, words: PageWords, money: HouseMoney) -> Block:
    columns = (
        Column(words.text("claims.scheme"), grows=True),
        Column(words.text("claims.amount"), amount=True),
    )
    return Block(columns, tuple(_sum(one, words, money) for one in found.schemes))


def _sum(one: SchemeSum, words: PageWords, money: HouseMoney) -> tuple[str, str]:
    named = f"{one.text} ({words.named('claim_valued', one.valued)})"
    return named, money.figures(one.amount)


def _count(quantity: int, money: HouseMoney) -> str:
    """Write base units, with the minus that amounts have."""
    return number(quantity, money.currency, 0)
