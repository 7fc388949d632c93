"""Accounts for programs: what customers owed on a day, and the statement of one."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.accounts.reads import list_open, read_ageing, read_standing, read_statement
from hub.web.noun import Router
from hub.web.programs import ApiError, token_for
from hub.web.site import SiteOf

router = Router(prefix="/api/v1/accounts")
Reader = Annotated[Session, Depends(token_for("accounts.read"))]


@router.get("/ageing")
def ageing(
    site: SiteOf, session: Reader, *, on: date | None = None, basis: Literal["due", "day"] = "due"
) -> JSONResponse:
    """Give what each customer owed on a day by how old it was, in minor units."""
    day = on or site.today()
    with site.ground.database.read() as connection:
        rows = read_ageing(connection, on=day, basis=basis, scope=session.scope)
    return JSONResponse(
        [
            {
                "customer": one.code,
                "name": one.name,
                "buckets": list(one.ages.buckets),
                "unallocated": one.ages.unallocated,
                "balance": one.ages.balance,
            }
            for one in rows
        ]
    )


@router.get("/statement/{code:path}")
def statement(
    site: SiteOf,
    session: Reader,
    *,
    code: str,
    first: date | None = None,
    last: date | None = None,
) -> JSONResponse:
    """Give what happened to a customer's account, and what is open of it."""
    until = last or site.today()
    since = first or until.replace(day=1)
    with site.ground.database.read() as connection:
        if read_standing(connection, code, scope=session.scope) is None:
            text = "there is no such customer"
            raise ApiError(HTTPStatus.NOT_FOUND, "customer_not_found", text)
        found = read_statement(connection, code, first=since, last=until, scope=session.scope)
        rows = list_open(connection, code, scope=session.scope)
    written: dict[str, object] = {"opening": found.opening, "closing": found.closing}
    written |= {"rows": found.rows, "open": rows, **site.distributor().money.document()}
    return JSONResponse(msgspec.to_builtins(written))
