"""Bank statements: a file is taken, and each row of it is confirmed by a person."""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, File, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.money import HouseMoney
from hub.base.sheets import LARGEST, SheetError, decode_file
from hub.base.words import PageWords
from hub.desk.bank.acts import BankActs
from hub.desk.bank.model.reading import DAY_ORDERS, DayOrder
from hub.desk.bank.reads import list_statements, read_statement
from hub.desk.bank.words import LOOKS
from hub.desk.parties.reads.sellers import list_sellers
from hub.web.frames.forms import read_form
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("bank.read"))]
Taker = Annotated[Session, Depends(signed_in_for("bank.take"))]
Acts = Annotated[BankActs, Depends(acts_of(BankActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]
PAGE: Final = 200
"""Rows of a statement that a page shows, and books at once."""
_LONGEST_ID: Final = 16
_CHOICE: Final = "choice."
_OTHER: Final = "other."


@router.get("/bank")
def statements(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the form for a file, and the newest statements."""
    return _list_page(request, site, session)


@router.post("/bank", max_body_size=2 * LARGEST)
def take(
    request: Request,
    site: SiteOf,
    session: Taker,
    *,
    acts: Acts,
    file: Annotated[UploadFile, File()],
    dates: Annotated[DayOrder, Form()] = "",
    seller: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Keep a file's rows; nothing is booked yet."""
    words = words_of(request)
    again = partial(_list_page, request, site, session, dates=dates, seller=seller)
    try:
        done = acts.take(
            decode_file(file.file.read(LARGEST + 1)),
            file=file.filename or "-",
            order=dates,
            seller=seller,
            by=session.user,
            scope=session.scope,
        )
    except SheetError as error:
        fault = words.text("imports.row_text", row=error.fault.row, text=error.fault.text)
        return again(faults=[fault])
    if isinstance(done, Refused):
        return again(faults=_told(done, words, money=site.distributor().money))
    return RedirectResponse(f"/bank/{done}", 303)


@router.get("/bank/{statement}")
def statement(
    request: Request, site: SiteOf, session: Reader, *, statement: int, skip: Skip = 0
) -> Response:
    """Show one statement, each row with whose money it may be, so many rows at once."""
    return _show(request, site, session, statement=statement, skip=skip)


@router.post("/bank/{statement}/confirm")
def confirm(
    request: Request,
    site: SiteOf,
    session: Taker,
    *,
    acts: Acts,
    statement: int,
    given: Given,
    skip: Skip = 0,
) -> Response:
    """Book the rows that were chosen, all of them or none."""
    choices = dict(_chosen(given))
    done = acts.confirm(statement, choices, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return _show(
            request, site, session, statement=statement, skip=skip, refused=done, given=given
        )
    return RedirectResponse(_address(statement, skip), 303)


@router.post("/bank/{statement}/leave")
def leave(
    request: Request,
    site: SiteOf,
    session: Taker,
    *,
    acts: Acts,
    statement: int,
    given: Given,
    skip: Skip = 0,
) -> Response:
    """Leave a row out, or have it open again."""
    row = given.get("row", "")
    done = acts.leave(
        statement,
        int(row) if row.isdecimal() and len(row) < _LONGEST_ID else 0,
        why=given.get("why", ""),
        again=given.get("again", "") == "1",
        by=session.user,
        scope=session.scope,
    )
    if isinstance(done, Refused):
        return _show(
            request, site, session, statement=statement, skip=skip, refused=done, given=given
        )
    return RedirectResponse(f"{_address(statement, skip)}#row-{row}", 303)


def _address(statement: int, skip: int) -> str:
    return f"/bank/{statement}?skip={skip}" if skip else f"/bank/{statement}"


def _chosen(given: Mapping[str, str]) -> Sequence[tuple[int, str]]:
    """Read `choice.12` and, where that names nobody, `other.12`: a customer's code."""
    found = []
    for name, text in given.items():
        head, _, row = name.partition(".")
        if head != _CHOICE[:-1] or not row.isdecimal():
            continue
        said = text.strip()
        if said == "other":
            said = given.get(f"{_OTHER}{row}", "").strip()
        if said:
            found.append((int(row), said))
    return found


def _show(
    request: Request,
    site: Site,
    session: Session,
    *,
    statement: int,
    skip: int = 0,
    refused: Refused | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    seen = site.feed.number
    with site.ground.database.read() as connection:
        found = read_statement(connection, statement, skip=skip, most=PAGE, scope=session.scope)
    faults, wrong = _sorted_out(refused, words_of(request), money=site.distributor().money)
    if found is None:
        raise HTTPException(404)
    return draw(
        request,
        "bank_statement.html",
        session=session,
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        found=found,
        looks=LOOKS,
        faults=faults,
        wrong=wrong,
        skip=skip,
        page=PAGE,
        given=given or {},
        seen=seen,
    )


def _sorted_out(
    refused: Refused | None, words: PageWords, *, money: HouseMoney
) -> tuple[list[str], dict[int, str]]:
    """Tell what is wrong with the whole, and with each row by its id: that stands beside it."""
    faults, wrong = [], {}
    for one in refused.reasons if refused else ():
        text = sentence(one, language=words.language, money=money)
        head, _, row = one.field.partition(".")
        if head == "row" and row.isdecimal():
            wrong[int(row)] = text
        else:
            faults.append(text)
    return faults, wrong


def _list_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    faults: Sequence[str] = (),
    dates: DayOrder = "",
    seller: str = "",
) -> Response:
    seen = site.feed.number
    with site.ground.database.read() as connection:
        rows = list_statements(connection, scope=session.scope)
        sellers = list_sellers(connection, scope=session.scope)
    return draw(
        request,
        "bank.html",
        session=session,
        status=HTTPStatus.CONFLICT if faults else HTTPStatus.OK,
        rows=rows,
        faults=faults,
        orders=DAY_ORDERS,
        dates=dates,
        sellers=sellers if len(sellers) > 1 else (),
        seller=seller,
        largest=LARGEST,
        seen=seen,
    )


def _told(done: Refused, words: PageWords, *, money: HouseMoney) -> list[str]:
    told = []
    for one in done.reasons:
        text = sentence(one, language=words.language, money=money)
        at = one.field.removeprefix("line ")
        line = words.text("bank.line", line=at)
        told.append(f"{line}: {text}" if at != one.field else text)
    return told
