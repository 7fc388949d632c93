"""The leases: what each terminal may give of limited schemes while it is offline."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from hub.base.access import Session
from hub.desk.terminals.reads.leases import LeaseKey, list_leases, read_money
from hub.web.pages import draw, is_part
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("packs.read"))]


class Asked(BaseModel):
    """The page's address; the page begins after the lease that the last three name."""

    q: str = Field(default="", max_length=100)
    rule: str = Field(default="", max_length=200)
    scope: str = Field(default="", max_length=200)
    terminal: str = Field(default="", max_length=32)

    @property
    def after(self) -> LeaseKey | None:
        """Give the lease that the page begins after, None for the first page."""
        return (self.rule, self.scope, self.terminal) if self.rule else None

    def address(self, after: LeaseKey | None = None) -> str:
        """Write the address of the page that begins after a lease."""
        rule, scope, terminal = after or ("", "", "")
        values = {"q": self.q, "rule": rule, "scope": scope, "terminal": terminal}
        given = {key: value for key, value in values.items() if value}
        return f"/leases?{urlencode(given)}" if given else "/leases"


@router.get("/leases")
def leases(
    request: Request, site: SiteOf, session: Reader, *, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the open leases, or what is live of the page."""
    seen, now_ms = site.feed.number, site.now_ms()
    with site.ground.database.read() as connection:
        page = list_leases(
            connection,
            now_ms=now_ms,
            search=asked.q.strip(),
            after=asked.after,
            scope=session.scope,
        )
        money = read_money(connection, now_ms, scope=session.scope)
    return draw(
        request,
        "leases_live.html" if is_part(request) else "leases.html",
        session=session,
        asked=asked,
        page=page,
        unit=money,
        seen=seen,
    )
