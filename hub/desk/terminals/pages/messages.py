"""Messages that were not taken, readable without harm."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.base.access import Session
from hub.desk.terminals.reads.messages import count_refused, list_refused
from hub.web.formats import readable
from hub.web.pages import draw, is_part
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("messages.read"))]


@router.get("/messages")
def messages(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    code: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Show the counts and the newest refused messages, or what is live of the page."""
    seen = site.feed.number
    with site.ground.database.read() as connection:
        counts = count_refused(connection, scope=session.scope)
        rows = list_refused(connection, code, scope=session.scope)
    return draw(
        request,
        "messages_live.html" if is_part(request) else "messages.html",
        session=session,
        counts=counts,
        rows=rows,
        code=code,
        seen=seen,
        here=f"/messages?{urlencode({'code': code})}" if code else "/messages",
        payload=_payload,
    )


def _payload(payload: bytes) -> str:
    """Show bytes as text: what is not UTF-8 or cannot be seen as escapes."""
    return readable(payload.decode("utf-8", "backslashreplace"))
