"""The pages on which a new hub is begun, a step after the other, left and taken up at any time."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.model.first_pack import TAXES, FirstPackError, read_first_pack
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import SetupError
from hub.desk.terminals.reads.setup import STEPS, next_step
from hub.web.noun import Router, WorkItem
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Beginner = Annotated[Session, Depends(signed_in_for("setup.begin"))]
Text = Annotated[str, Form(max_length=300)]
_PAGE: Final = "/setup/hub"
_OPEN: Final = frozenset({"", "counter"})
_ZONE: Final = "Asia/Kolkata"
"""What stands in the form at first: most distributors are there."""


@router.get("/setup/hub")
def show(request: Request, site: SiteOf, session: Beginner) -> Response:
    """Show the next step, or that all are done."""
    return _page(request, site, session)


@router.get("/setup/hub/house")
@router.get("/setup/hub/store")
@router.get("/setup/hub/rules")
def again(session: Beginner) -> Response:
    """Lead from the address of a step, as it stands above what was wrong with it, to its page."""
    del session
    return RedirectResponse(_PAGE, 303)


@router.post("/setup/hub/house")
def name_house(
    request: Request, site: SiteOf, session: Beginner, *, name: Text, timezone: Text
) -> Response:
    """Say whose hub it is."""
    begin = site.ground.part(EnrolmentActs).begin
    work = partial(begin.name_house, name, timezone=timezone.strip(), by=session.user)
    return _do(request, site, session, work=work)


@router.post("/setup/hub/store")
def add_store(
    request: Request, site: SiteOf, session: Beginner, *, code: Text, name: Text = ""
) -> Response:
    """Make the first warehouse."""
    begin = site.ground.part(EnrolmentActs).begin
    work = partial(begin.add_warehouse, code, name=name, by=session.user)
    return _do(request, site, session, work=work)


@router.post("/setup/hub/rules")
def make_rules(
    request: Request,
    site: SiteOf,
    session: Beginner,
    *,
    currency: Text,
    taxes: Text,
    below: Text,
    home: Text = "",
    with_tax: Annotated[bool, Form()] = False,
) -> Response:
    """Make the first rules; they decide at once."""
    try:
        asked = read_first_pack(
            currency=currency,
            zone=str(site.distributor().zone),
            taxes=taxes,
            home=home,
            with_tax=with_tax,
            below=below,
        )
    except FirstPackError as error:
        fault = words_of(request).named("setup_fault", error.field)
        return _page(request, site, session, fault=fault)
    site.ground.part(PackActs).begin(asked, by=session.user)
    return RedirectResponse(_PAGE, 303)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell on the first page what a new hub still needs."""
    del now_ms
    step = next_step(connection, scope=session.scope)
    # A hub may do without terminals: the last step is offered on its own page alone.
    return WorkItem(1, words.named("setup_step", step), _PAGE) if step not in _OPEN else None


def _do(request: Request, site: Site, session: Session, *, work: Callable[[], None]) -> Response:
    try:
        work()
    except SetupError as error:
        fault = words_of(request).named("setup_fault", error.field)
        return _page(request, site, session, fault=fault)
    return RedirectResponse(_PAGE, 303)


def _page(request: Request, site: Site, session: Session, *, fault: str = "") -> Response:
    with site.ground.database.read() as connection:
        step = next_step(connection, scope=session.scope)
    return draw(
        request,
        "setup_hub.html",
        session=session,
        status=422 if fault else 200,
        step=step,
        steps=STEPS,
        taxes=TAXES,
        zone=_ZONE,
        fault=fault,
        folder=str(site.ground.folder),
    )
