"""The page on which a person settles what a terminal keeps and cannot give back."""

from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import TerminalError
from hub.desk.terminals.reads.awaited import AwaitedRow, count_awaited, read_awaited
from hub.web.noun import Router, WorkItem
from hub.web.pages import draw
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Settler = Annotated[Session, Depends(signed_in_for("terminals.settle"))]
_LIST: Final = "/terminals"


@router.get("/terminals/{terminal}/settle")
def show(request: Request, site: SiteOf, session: Settler, *, terminal: str) -> Response:
    """Say what waits for the terminal, and what settling does."""
    row = _found(site, session, terminal)
    return draw(request, "settle_terminal.html", session=session, row=row, fault=False)


@router.post("/terminals/{terminal}/settle")
def settle(
    request: Request,
    site: SiteOf,
    session: Settler,
    *,
    terminal: str,
    why: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
) -> Response:
    """Await the terminal no more."""
    row = _found(site, session, terminal)
    try:
        site.ground.part(EnrolmentActs).settle(terminal, by=session.user, why=why)
    except TerminalError:
        return draw(
            request, "settle_terminal.html", session=session, status=422, row=row, fault=True
        )
    return RedirectResponse(_LIST, 303)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page for how many terminals orders wait."""
    del now_ms
    count = count_awaited(connection, scope=session.scope)
    if not count:
        return None
    return WorkItem(count, words.counted("terminals.awaited_work", count), _LIST)


def _found(site: Site, session: Session, terminal: str) -> AwaitedRow:
    with site.ground.database.read() as connection:
        row = read_awaited(connection, terminal, scope=session.scope)
    if row is None:
        raise HTTPException(404)
    return row
