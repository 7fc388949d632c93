"""The field for programs: visits, and what a period's plan and visits come to."""

from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.listing import Wanted
from hub.desk.field.model.beats import MOST_DAYS
from hub.desk.field.reads.beats import list_beats, read_performance
from hub.desk.field.reads.visits import NEWEST, list_visits
from hub.web.noun import Router
from hub.web.programs import ApiError, token_for
from hub.web.site import SiteOf

router = Router(prefix="/api/v1/field")
Reader = Annotated[Session, Depends(token_for("field.read"))]
_MOST: Final = 100


@router.get("/visits")
def visits(
    site: SiteOf,
    session: Reader,
    *,
    user: str = "",
    customer: str = "",
    first: date | None = None,
    last: date | None = None,
) -> JSONResponse:
    """Give the newest visits, 100 at most, of a person, an outlet or a period."""
    chosen: dict[str, tuple[str, ...]] = {}
    if user:
        chosen["user"] = (user[:64],)
    if customer:
        chosen["customer"] = (customer[:64],)
    if first or last:
        chosen["day"] = (first.isoformat() if first else "", last.isoformat() if last else "")
    with site.ground.database.read() as connection:
        page = list_visits(connection, Wanted(NEWEST, "", chosen, size=_MOST), scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in page.rows]))


@router.get("/performance")
def performance(site: SiteOf, session: Reader, *, first: date, last: date) -> JSONResponse:
    """Give what each person's plan and visits of a period come to; a year at most."""
    if first > last or (last - first).days >= MOST_DAYS:
        text = f"a period ends no earlier than it begins, and has {MOST_DAYS} days at most"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "period_wrong", text)
    with site.ground.database.read() as connection:
        rows = read_performance(connection, first, last, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/beats")
def beats(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the beats with how many outlets each has today, and who walks it."""
    with site.ground.database.read() as connection:
        rows = list_beats(connection, day=site.today(), scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))
