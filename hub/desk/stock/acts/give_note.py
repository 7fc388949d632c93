"""Give goods that went back to a supplier as the note that goes with them: one file for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Unpack

from sqlalchemy import select

from hub.base.access import Scope
from hub.base.money import HouseMoney
from hub.base.papers import Block, Column, KeptPapers, Paper, PaperFile, PaperSide, PaperWish, Sum
from hub.base.words import PageWords, grouped
from hub.desk.parties.model import moment_of
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.words import write_side
from hub.desk.stock.reads.documents import DocumentLine, DocumentRow, list_lines, read_document
from hub.desk.stock.tables import stock_document


@dataclass(slots=True)
class GiveSupplierNote:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(
        self,
        document: int,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the note of a document; None where nobody sees one, or no goods went back by it.

        What waits for a second person has no number and no note yet.
        """
        with self.papers.reading() as t:
            found = read_document(t.connection, document, scope=scope)
            if found is None or found.number is None:
                return None
            lines = list_lines(t.connection, document, scope=scope)
            seller = t.connection.execute(
                select(stock_document.c.seller_id).where(stock_document.c.id == document)
            ).scalar_one()
            head = read_letterhead(t.connection, int(seller), scope=scope)
            house = read_distributor(t.connection)
        day = moment_of(found.decided_at or found.made_at, house.zone).day
        return self.papers.give_file(
            (found.number, found.supplier),
            partial(paper_of, found, lines=lines, seller=head, day=day, money=house.money),
            key=f"stock/{document}",
            **wish,
        )


def paper_of(
    found: DocumentRow,
    words: PageWords,
    *,
    lines: Sequence[DocumentLine],
    seller: Side,
    day: date,
    money: HouseMoney,
) -> Paper:
    """Write what the note says: to whom, why, and each batch with where it lay and how much."""
    columns = (
        Column(words.text("paper.place"), amount=True, short=False),
        Column(words.text("word.product"), grows=True),
        Column(words.text("stock.batch_code")),
        Column(words.named("batch_field", "expiry"), short=False),
        Column(words.text("word.quantity"), amount=True),
    )
    rows = tuple(
        (
            str(one.line),
            f"{one.name} ({one.sku})",
            one.batch,
            words.day(one.expiry) if one.expiry else "",
            grouped(one.quantity),
        )
        for one in lines
    )
    worth = found.worth_shown
    told = money.write(worth) if worth is not None else ""
    number = found.number or ""
    return Paper(
        title=words.named("stock_kind", found.kind),
        number=number,
        language=words.language,
        sides=(write_side(seller, words), PaperSide(found.supplier, (), words.text("paper.to"))),
        facts=(
            (words.text("stock.return_number"), number),
            (words.text("stock.returned_on"), words.day(day)),
            (words.text("stock.warehouse"), found.warehouse),
            (words.text("word.why"), words.named("stock_reason", found.reason)),
        ),
        lines=Block(columns, rows),
        sums=(Sum(words.text("stock.worth"), told, strong=True),) if told else (),
        remarks=(found.note,) if found.note else (),
        signs=(
            words.text("paper.for", seller=seller.name),
            words.text("paper.for", seller=found.supplier),
        ),
    )
