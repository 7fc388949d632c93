"""Give a payment as the receipt that is sent and printed: the same file for ever."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Unpack

from hub.base.access import Scope
from hub.base.money import HouseMoney
from hub.base.papers import (
    NO_BLOCK,
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperSide,
    PaperWish,
    Sum,
)
from hub.base.words import PageWords
from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.language import read_language
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.words import write_side
from hub.desk.payments.reads import PaymentDetail, read_payment_record
from hub.desk.payments.words import STATES

_MARK: Final = 16


@dataclass(slots=True)
class GivePaymentPaper:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(
        self,
        payment: int,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the file of a payment; None where nobody sees one of this id.

        A cheque has another file in each of its states, and so has money that pays other invoices.
        """
        with self.papers.reading() as t:
            found = read_payment_record(t.connection, payment, scope=scope)
            if found is None:
                return None
            seller = read_letterhead(t.connection, found.seller_id, scope=scope)
            own = read_language(t.connection, found.row.customer_code, scope=scope)
            money = read_distributor(t.connection).money
        return self.papers.give_file(
            (found.row.number, found.row.customer),
            partial(paper_of, found, seller=seller, money=money),
            own=own,
            key=f"payment/{payment}/{found.row.state}-{_mark_of(found)}",
            **wish,
        )


def _mark_of(found: PaymentDetail) -> str:
    """Give what tells apart receipts of one payment that name other documents or amounts."""
    said = repr([(one.kind, one.number, one.amount) for one in found.paid])
    return hashlib.sha256(said.encode()).hexdigest()[:_MARK]


def paper_of(found: PaymentDetail, words: PageWords, *, seller: Side, money: HouseMoney) -> Paper:
    """Write what a receipt says: from whom, how much, how it came and what it pays."""
    row = found.row
    is_back = row.kind == "refund"
    rows = tuple(
        (f"{words.named('account_kind', one.kind)} {one.number}".strip(), money.write(one.amount))
        for one in found.paid
    )
    columns = (
        Column(words.text("refund_field.out_of" if is_back else "payments.pays"), grows=True),
        Column(words.text("payment_field.amount"), amount=True),
    )
    waits = row.mode == "cheque" and row.state not in {"cleared", "bounced", "voided"}
    label = words.text("paper.from" if row.kind == "payment" else "paper.to")
    return Paper(
        title=words.named("payment_title", row.kind),
        number=row.number,
        language=words.language,
        sides=(write_side(seller, words), PaperSide(row.customer, (row.customer_code,), label)),
        facts=tuple(_facts(found, words)),
        lines=Block(columns, rows) if rows else NO_BLOCK,
        sums=(Sum(words.text("payment_field.amount"), money.write(row.amount), strong=True),),
        words=words_of_amount(row.amount, words.language, currency=money.currency),
        remarks=(words.text("paper.cheque"),) if waits else (),
        signs=(words.text("paper.for", seller=seller.name),),
        void=words.text(STATES[row.state].words) if row.state in {"bounced", "voided"} else "",
    )


def _facts(found: PaymentDetail, words: PageWords) -> Iterator[tuple[str, str]]:
    row = found.row
    field = "refund_field" if row.kind == "refund" else "payment_field"
    yield words.text("invoices.number"), row.number
    yield words.named(field, "paid_on"), words.day(row.paid_on)
    mode = words.named("payment_mode", row.mode)
    yield words.named(field, "mode"), f"{mode} {row.reference}".strip()
    yield words.named(field, "collector"), row.collector
