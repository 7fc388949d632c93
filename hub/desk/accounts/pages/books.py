"""The pages of accounts: what customers owed on a day by age, and the statement of one."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import Depends, HTTPException, Query, Request, Response

from hub.base.access import Session
from hub.base.money import HOUSE_SCALE
from hub.base.words import PageWords
from hub.desk.accounts.acts import AccountActs
from hub.desk.accounts.model import BUCKETS, Ages
from hub.desk.accounts.reads import CustomerAges, read_ageing, read_ages, read_statement
from hub.desk.parties.reads.customers import read_customer
from hub.desk.parties.reads.letterheads import letterhead_above
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import PaperLanguage, PaperSize, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf, acts_of
from rules import shown

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("accounts.read"))]
As = Annotated[Literal["", "csv"], Query(alias="as")]
Basis = Literal["due", "day"]


@router.get("/accounts/ageing")
def ageing(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    on: date | None = None,
    basis: Basis = "due",
    as_: As = "",
) -> Response:
    """Show what each customer owed on a day by how old it was, or the file of it."""
    day = on or site.today()
    with site.ground.database.read() as connection:
        rows = read_ageing(connection, on=day, basis=basis, scope=session.scope)
    if as_ == "csv":
        return _file(f"ageing-{day}.csv", _ageing_rows(rows, words_of(request)))
    total = _sum(rows)
    return draw(
        request,
        "ageing.html",
        session=session,
        rows=rows,
        total=total,
        on=day,
        basis=basis,
        bases=("due", "day"),
        buckets=BUCKETS,
        address=lambda code: f"/accounts/statement/{quote(code, safe='')}",
    )


@router.get("/accounts/statement.pdf")
def statement_paper(
    session: Reader,
    *,
    acts: Annotated[AccountActs, Depends(acts_of(AccountActs))],
    language: PaperLanguage,
    customer: Annotated[str, Query(max_length=64)],
    first: date | None = None,
    last: date | None = None,
    size: PaperSize = "a4",
) -> Response:
    """Give the statement of a customer as the file that is sent."""
    given = acts.statement(
        customer, first=first, last=last, size=size, **language, scope=session.scope
    )
    return send_paper(given)


@router.get("/accounts/statement/{code:path}")
def statement(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    code: str,
    first: date | None = None,
    last: date | None = None,
    as_: As = "",
) -> Response:
    """Show what happened to a customer's account, as a paper that is sent, or the file of it."""
    until = last or site.today()
    since = first or until.replace(day=1)
    if since > until:
        raise HTTPException(422)
    with site.ground.database.read() as connection:
        customer = None
        if code.isprintable():
            customer = read_customer(connection, code, scope=session.scope, day=until)
        if customer is None:
            raise HTTPException(404)
        found = read_statement(connection, code, first=since, last=until, scope=session.scope)
        ages = read_ages(connection, code, on=until, basis="due", scope=session.scope)
        seller = letterhead_above(connection, code, scope=session.scope)
    if as_ == "csv":
        words = words_of(request)
        rows = [
            (
                *(row.day.isoformat(), words.named("account_kind", row.kind), row.number),
                *(shown(row.amount, HOUSE_SCALE), shown(row.balance, HOUSE_SCALE)),
            )
            for row in found.rows
        ]
        heads = ("accounts.day", "accounts.what", "invoices.number", "payment_field.amount")
        head = [tuple(map(words.text, (*heads, "accounts.balance")))]
        begin = [(since.isoformat(), "", "", "", shown(found.opening, HOUSE_SCALE))]
        return _file(f"statement-{since}-{until}.csv", [*head, *begin, *rows])
    return draw(
        request,
        "statement.html",
        session=session,
        customer=customer,
        seller=seller,
        found=found,
        ages=ages,
        buckets=BUCKETS,
        first=since,
        last=until,
        back=f"/customers/{quote(code, safe='')}" if session.may("customers.read") else "/",
    )


def _sum(rows: Sequence[CustomerAges]) -> Ages:
    buckets = tuple(sum(one.ages.buckets[at] for one in rows) for at in range(len(BUCKETS)))
    return Ages(buckets, sum(one.ages.unallocated for one in rows))


def _ageing_rows(rows: Sequence[CustomerAges], words: PageWords) -> Iterable[Sequence[str]]:
    yield (
        *(words.text(one) for one in ("word.customer", "customer_field.name")),
        *(words.named("account_bucket", one) for one in BUCKETS),
        *map(words.text, ("accounts.outstanding", "credit.unallocated", "accounts.balance")),
    )
    for one in rows:
        amounts = (
            *one.ages.buckets,
            one.ages.outstanding,
            one.ages.unallocated,
            one.ages.balance,
        )
        yield (_plain(one.code), _plain(one.name), *(str(shown(n, HOUSE_SCALE)) for n in amounts))


def _file(name: str, rows: Iterable[Sequence[object]]) -> Response:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + stream.getvalue(), media_type="text/csv", headers=headers)


def _plain(text: str) -> str:
    """Keep a text from being a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
