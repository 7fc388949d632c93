"""The terminals: who is there, what waits in them, who is behind."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from hub.base.access import Session
from hub.desk.terminals.reads.alarms import count_alarms, list_alarms
from hub.desk.terminals.reads.terminals import (
    Presence,
    Shown,
    count_by_presence,
    list_remarks,
    list_terminals,
    read_wanted,
)
from hub.web.pages import draw, is_part
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("terminals.read"))]


class Asked(BaseModel):
    """The page's address: what is in it is what is shown."""

    presence: Presence | None = None
    q: str = Field(default="", max_length=100)
    after: str = Field(default="", max_length=32)

    def address(self, **changed: str | None) -> str:
        """Write the address of the page with some of it changed, from its first page on."""
        values = {"presence": self.presence, "q": self.q, **changed}
        given = {key: value for key, value in values.items() if value}
        return f"/terminals?{urlencode(given)}" if given else "/terminals"


@router.get("/terminals")
def terminals(
    request: Request, site: SiteOf, session: Reader, *, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the terminals, or what is live of the page."""
    seen, now = site.feed.number, site.now_ms()
    shown = Shown(presence=asked.presence, search=asked.q.strip(), after=asked.after)
    with site.ground.database.read() as connection:
        wanted = read_wanted(connection, now)
        page = list_terminals(connection, shown, now_ms=now, wanted=wanted, scope=session.scope)
        presences = count_by_presence(connection, now, scope=session.scope)
        remarks = list_remarks(connection, scope=session.scope)
        alarms = list_alarms(connection, scope=session.scope)
        alarm_count = count_alarms(connection, scope=session.scope)
    return draw(
        request,
        "terminals_live.html" if is_part(request) else "terminals.html",
        session=session,
        asked=asked,
        page=page,
        presences=presences,
        wanted=wanted,
        remarks=remarks,
        alarms=alarms,
        alarm_count=alarm_count,
        seen=seen,
    )
