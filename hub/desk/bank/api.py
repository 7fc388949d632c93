"""Bank statements for programs: taken, read with whose money each row may be, and booked."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentences
from hub.base.sheets import SheetError
from hub.desk.bank.acts import BankActs
from hub.desk.bank.model.reading import DayOrder
from hub.desk.bank.reads import list_statements, read_statement
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/bank")
Reader = Annotated[Session, Depends(token_for("bank.read"))]
Taker = Annotated[Session, Depends(token_for("bank.take"))]
Acts = Annotated[BankActs, Depends(acts_of(BankActs))]
Body = Annotated[bytes, Depends(body_of)]


class ToTake(msgspec.Struct, forbid_unknown_fields=True):
    """A statement: its file's name and text; `dates` where its days in figures are unclear."""

    file: str
    text: str
    dates: DayOrder = ""
    seller: str = ""


class ToConfirm(msgspec.Struct, forbid_unknown_fields=True):
    """What rows are, by their ids: the `choice` of a candidate, or a customer's code."""

    rows: dict[int, str]


class ToLeave(msgspec.Struct, forbid_unknown_fields=True):
    """A row that is no customer's money, and why; `again` has it open."""

    row: int
    why: Why = ""
    again: bool = False


@router.get("")
def statements(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the newest statements, 100 at most."""
    with site.ground.database.read() as connection:
        rows = list_statements(connection, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/{statement}")
def one_statement(site: SiteOf, session: Reader, *, statement: int) -> JSONResponse:
    """Give one statement with its rows; amounts are in minor units, below zero went out."""
    return JSONResponse(_document(site, session, statement))


@router.post("")
def take(site: SiteOf, session: Taker, *, acts: Acts, body: Body) -> JSONResponse:
    """Keep a statement; nothing is booked."""
    said = read_said(body, ToTake, strict=False)
    try:
        done = acts.take(
            said.text,
            file=said.file or "-",
            order=said.dates,
            seller=said.seller,
            by=session.user,
            scope=session.scope,
        )
    except SheetError as error:
        text = f"line {error.fault.row}: {error.fault.text}"
        raise ApiError(HTTPStatus.CONFLICT, "file_invalid", text) from error
    if isinstance(done, Refused):
        raise _refusal(site, done)
    return JSONResponse(_document(site, session, done), HTTPStatus.CREATED)


@router.post("/{statement}/confirm")
def confirm(
    site: SiteOf, session: Taker, *, acts: Acts, statement: int, body: Body
) -> JSONResponse:
    """Book rows, all of them or none."""
    said = read_said(body, ToConfirm, strict=False)
    done = acts.confirm(statement, said.rows, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(site, done)
    return JSONResponse(_document(site, session, statement))


@router.post("/{statement}/leave")
def leave(site: SiteOf, session: Taker, *, acts: Acts, statement: int, body: Body) -> JSONResponse:
    """Leave a row out, or have it open again."""
    said = read_said(body, ToLeave, strict=False)
    done = acts.leave(
        statement, said.row, why=said.why, again=said.again, by=session.user, scope=session.scope
    )
    if isinstance(done, Refused):
        raise _refusal(site, done)
    return JSONResponse(_document(site, session, statement))


def _refusal(site: Site, done: Refused) -> ApiError:
    first = done.reasons[0]
    status = HTTPStatus.NOT_FOUND if first.code == "bank_unknown" else HTTPStatus.CONFLICT
    texts = sentences(reversed(done.reasons), money=site.distributor().money)
    return ApiError(status, first.code, texts[first.field], fields=texts)


def _document(site: Site, session: Session, statement: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_statement(connection, statement, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "bank_unknown", "there is no such statement")
    document = msgspec.to_builtins(asdict(found))
    for row, shown in zip(document["rows"], found.rows, strict=True):
        for said, one in zip(row["match"]["candidates"], shown.match.candidates, strict=True):
            said["choice"] = one.choice
    return document
