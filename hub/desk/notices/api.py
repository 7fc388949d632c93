"""Notices for programs: who hears of what, and what was sent to whom."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import ROLES, Session
from hub.base.words import PageWords
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.model import RECEIVERS, Rule
from hub.desk.notices.reads import list_rules, list_sent
from hub.desk.notices.words import read_rule, write_notice
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import SiteOf, acts_of

router = Router(prefix="/api/v1/notices")
Ruler = Annotated[Session, Depends(token_for("notices.rules"))]
Acts = Annotated[NoticeActs, Depends(acts_of(NoticeActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100


class ToKeep(msgspec.Struct, forbid_unknown_fields=True):
    """A rule by the names and texts that the page has: `{"event": "order_held", ...}`."""

    fields: dict[str, str]


@router.get("/rules")
def rules(site: SiteOf, session: Ruler) -> JSONResponse:
    """Give the rules that hold; amounts in minor units, times in minutes."""
    with site.ground.database.read() as connection:
        found = list_rules(connection, scope=session.scope)
    return JSONResponse([asdict(one) for one in found])


@router.post("/rules")
def add(session: Ruler, *, acts: Acts, body: Body) -> JSONResponse:
    """Have somebody told of an event from now on."""
    asked = read_said(body, ToKeep)
    rule = read_rule(asked.fields, {*RECEIVERS, *ROLES})
    if not isinstance(rule, Rule):
        text = PageWords().named("notice_fault", rule)
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "notice_rule_wrong", text, why=rule)
    return JSONResponse({"id": acts.rules.add(rule, by=session.user)}, HTTPStatus.CREATED)


@router.post("/rules/{number}/end")
def end(session: Ruler, *, acts: Acts, number: int) -> JSONResponse:
    """Have nobody told by a rule any more."""
    if not acts.rules.end(number, by=session.user):
        raise ApiError(HTTPStatus.NOT_FOUND, "notice_rule_unknown", "there is no such rule")
    return JSONResponse({"id": number})


@router.get("/sent")
def sent(site: SiteOf, session: Ruler) -> JSONResponse:
    """Give the newest notices to anybody, 100 at most."""
    with site.ground.database.read() as connection:
        rows = list_sent(connection, most=_MOST, scope=session.scope)
    return JSONResponse([write_notice(one) for one in rows])
