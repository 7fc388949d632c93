"""Give the statement of a customer's account as the file that is sent."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Unpack

from hub.base.access import Scope
from hub.base.money import HouseMoney
from hub.base.papers import (
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperWish,
    Sum,
)
from hub.base.words import PageWords
from hub.desk.accounts.model import BUCKETS, Ages
from hub.desk.accounts.reads import StatementRow, read_ages, read_statement
from hub.desk.accounts.reads.documents import Statement
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.customers import CustomerDetail, read_customer
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.store import business_day, seller_of
from hub.desk.parties.words import write_side


@dataclass(slots=True)
class GiveStatement:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(
        self,
        customer: str,
        *,
        first: date | None = None,
        last: date | None = None,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the statement from a day to a day, of this month where nobody says; None: unseen.

        A statement of the same days is the same file as long as nothing is booked on these days.
        """
        with self.papers.reading() as t:
            until = last or business_day(t)
            since = first or until.replace(day=1)
            found = read_customer(t.connection, customer, scope=scope, day=until)
            seller = seller_of(t, customer, scope=scope)
            if found is None or seller is None or since > until:
                return None
            read = read_statement(t.connection, customer, first=since, last=until, scope=scope)
            ages = read_ages(t.connection, customer, on=until, basis="due", scope=scope)
            head = read_letterhead(t.connection, seller, scope=scope)
            money = read_distributor(t.connection).money
        make = partial(
            paper_of,
            read,
            customer=found,
            seller=head,
            ages=ages,
            days=(since, until),
            money=money,
        )
        parts = ("statement", customer, since.isoformat(), until.isoformat())
        own = found.fields.get("language", "")
        return self.papers.give_file(parts, make, own=own, **wish)


def paper_of(
    found: Statement,
    words: PageWords,
    *,
    customer: CustomerDetail,
    seller: Side,
    ages: Ages,
    days: tuple[date, date],
    money: HouseMoney,
) -> Paper:
    """Write what a statement says: what was before, each document, and what is owed how late."""
    columns = (
        Column(words.text("accounts.day")),
        Column(words.text("accounts.what"), grows=True),
        Column(words.text("accounts.due"), short=False),
        Column(words.text("accounts.debit"), amount=True),
        Column(words.text("accounts.credit"), amount=True),
        Column(words.text("accounts.balance"), amount=True),
    )
    before = ("", words.text("accounts.before"), "", "", "", money.figures(found.opening))
    rows = (before, *(_cells(one, words, money) for one in found.rows))
    aged = Block(
        tuple(Column(words.named("account_bucket", one), amount=True) for one in BUCKETS),
        (tuple(money.figures(amount) for amount in ages.buckets),),
    )
    balance = money.write(found.closing)
    return Paper(
        title=words.text("accounts.statement"),
        number="",
        language=words.language,
        sides=(
            write_side(seller, words),
            write_side(_side(customer), words, label=words.text("paper.to")),
        ),
        facts=(
            (words.text("accounts.first"), words.day(days[0])),
            (words.text("accounts.last"), words.day(days[1])),
        ),
        lines=Block(columns, rows),
        extra=aged,
        sums=(Sum(words.text("accounts.balance"), balance, strong=True),),
        remarks=tuple(one for one in (seller.bank, seller.note) if one),
    )


def _side(customer: CustomerDetail) -> Side:
    """Give a customer as it stands on the invoices."""
    names = ("gstin", "address", "city", "pin", "state")
    said = {name: customer.fields.get(name) or "" for name in names}
    return Side(customer.row.code, customer.row.name, **said)


def _cells(one: StatementRow, words: PageWords, money: HouseMoney) -> tuple[str, ...]:
    taken = f" ({words.text('accounts.taken_back')})" if one.voided else ""
    return (
        words.day(one.day),
        f"{words.named('account_kind', one.kind)} {one.number}{taken}",
        words.day(one.due) if one.due and not one.voided else "",
        money.figures(one.amount) if one.amount > 0 else "",
        money.figures(-one.amount) if one.amount < 0 else "",
        money.figures(one.balance),
    )
