"""The terminals: who is there, what waits in them, who is behind."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from hub.db.views.terminals import list_remarks, list_terminals, read_wanted
from hub.services.sign_in import Session
from hub.web.pages import draw, is_part
from hub.web.sessions import SiteOf, signed_in_for

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("terminals.read"))]


@router.get("/terminals")
def terminals(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show every terminal, or what is live of the page."""
    seen = site.feed.number
    with site.hub.database.read() as connection:
        wanted = read_wanted(connection)
        rows = list_terminals(connection, now_ms=site.now_ms(), wanted=wanted)
        remarks = list_remarks(connection)
    return draw(
        request,
        "terminals_live.html" if is_part(request) else "terminals.html",
        session=session,
        rows=rows,
        presences=Counter(row.presence for row in rows if not row.revoked),
        wanted=wanted,
        remarks=remarks,
        seen=seen,
    )
