"""The addresses of webhooks: the endpoints, one with its messages, and what is done with it."""

from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.words import PageWords
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.webhooks.acts.keep_webhook import KeptWebhook
from hub.desk.webhooks.model import EVENTS, KEPT_DAYS
from hub.desk.webhooks.reads import count_stopped, list_webhooks, read_webhook
from hub.desk.webhooks.words import RUNNING, STATES
from hub.web.frames.forms import draw_once, take_once
from hub.web.noun import Router, WorkItem
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Changer = Annotated[Session, Depends(signed_in_for("webhooks.change"))]
Acts = Annotated[WebhookActs, Depends(acts_of(WebhookActs))]
Name = Annotated[str, Form(max_length=100)]
Address = Annotated[str, Form(max_length=500)]
Kinds = Annotated[list[str], Form()]
Key = Annotated[str, Form(max_length=36)]
_SHOWN: Final = 100


class Typed(NamedTuple):
    """What the form of an endpoint shows: what is kept, or what was typed and is refused."""

    name: str
    url: str
    kinds: tuple[str, ...]


@router.get("/webhooks")
def webhooks(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    state: Annotated[str, Query(pattern="^(|stopped)$")] = "",
) -> Response:
    """Show the endpoints, or those alone that the hub gave up, with the form of a new one."""
    return _list_page(request, site, session, stopped=state == "stopped")


@router.post("/webhooks")
def add(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    acts: Acts,
    name: Name = "",
    url: Address = "",
    kinds: Kinds = [],  # noqa: B006 -- FastAPI copies it
    once: Key = "",
) -> Response:
    """Keep an endpoint, and show its secret this once; a reload keeps no second one."""
    sent = take_once(site, session, name="webhook", key=once, led_to="/webhooks")
    if sent is not None:
        return sent
    chosen = _known(kinds)
    done = acts.keep.add(name, url.strip(), kinds=chosen, by=session.user)
    if isinstance(done, Refused):
        typed = Typed(name, url, chosen)
        return _list_page(request, site, session, fault=_why(request, done), typed=typed)
    return _show(request, site, session, number=done.id, secret=done.secret)


@router.get("/webhooks/{number}")
def show(request: Request, site: SiteOf, session: Changer, *, number: int) -> Response:
    """Show one endpoint with its newest messages."""
    return _show(request, site, session, number=number)


@router.post("/webhooks/{number}")
def change(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    acts: Acts,
    number: int,
    name: Name = "",
    url: Address = "",
    kinds: Kinds = [],  # noqa: B006 -- likewise
) -> Response:
    """Give an endpoint another name, address or other kinds."""
    typed = Typed(name, url.strip(), _known(kinds))
    done = acts.keep.change(
        number, name, url=typed.url, kinds=typed.kinds, by=session.user, scope=session.scope
    )
    return _done(request, site, session, number=number, done=done, typed=typed)


@router.post("/webhooks/{number}/turn")
def turn(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    acts: Acts,
    number: int,
    on: Annotated[str, Form(pattern="^(yes|no)$")],
) -> Response:
    """Turn an endpoint on or off."""
    done = acts.keep.turn(number, on=on == "yes", by=session.user, scope=session.scope)
    return _done(request, site, session, number=number, done=done)


@router.post("/webhooks/{number}/rotate")
def rotate(
    request: Request, site: SiteOf, session: Changer, *, acts: Acts, number: int, once: Key = ""
) -> Response:
    """Give an endpoint a new secret, and show it this once; a reload makes no further one."""
    address = f"/webhooks/{number}"
    sent = take_once(site, session, name="webhook_secret", key=once, led_to=address)
    if sent is not None:
        return sent
    done = acts.keep.rotate(number, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise HTTPException(404)
    return _show(request, site, session, number=number, secret=done.secret)


@router.post("/webhooks/{number}/test")
def test(request: Request, site: SiteOf, session: Changer, *, acts: Acts, number: int) -> Response:
    """Have an endpoint told of a test."""
    done = acts.keep.test(number, by=session.user, scope=session.scope)
    return _done(request, site, session, number=number, done=done)


@router.post("/webhooks/{number}/deliveries/{delivery}/again")
def again(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    acts: Acts,
    number: int,
    delivery: int,
) -> Response:
    """Have a message sent once more."""
    done = acts.keep.again(number, delivery, by=session.user, scope=session.scope)
    return _done(request, site, session, number=number, done=done)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many endpoints the hub gave up."""
    del now_ms
    count = count_stopped(connection, scope=session.scope)
    if not count:
        return None
    return WorkItem(count, words.counted("home.webhooks", count), "/webhooks?state=stopped")


def _known(kinds: list[str]) -> tuple[str, ...]:
    """Give the kinds in the order of the catalogue; one that there is not makes all of it wrong."""
    if not set(kinds) <= EVENTS.keys():
        return ()
    return tuple(one for one in EVENTS if one in kinds)


def _why(request: Request, done: Refused) -> str:
    return sentence(done.reasons[0], language=words_of(request).language)


def _done(
    request: Request,
    site: Site,
    session: Session,
    *,
    number: int,
    done: KeptWebhook | Refused,
    typed: Typed | None = None,
) -> Response:
    if isinstance(done, Refused):
        if done.reasons[0].code == "webhook_unknown":
            raise HTTPException(404)
        fault = _why(request, done)
        return _show(request, site, session, number=number, fault=fault, typed=typed)
    return RedirectResponse(f"/webhooks/{number}", 303)


def _list_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    fault: str = "",
    typed: Typed | None = None,
    stopped: bool = False,
) -> Response:
    with site.ground.database.read() as connection:
        rows = list_webhooks(connection, scope=session.scope)
    if stopped:
        rows = [one for one in rows if one.stopped_at is not None]
    return draw(
        request,
        "webhooks.html",
        session=session,
        status=422 if fault else 200,
        rows=rows,
        stopped=stopped,
        events=tuple(EVENTS),
        looks=RUNNING,
        typed=typed or Typed("", "", ()),
        once=draw_once(),
        fault=fault,
    )


def _show(
    request: Request,
    site: Site,
    session: Session,
    *,
    number: int,
    secret: str = "",
    fault: str = "",
    typed: Typed | None = None,
) -> Response:
    with site.ground.database.read() as connection:
        found = read_webhook(connection, number, most=_SHOWN, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    page = draw(
        request,
        "webhook.html",
        session=session,
        status=422 if fault else 200,
        found=found,
        row=found.row,
        typed=typed or Typed(found.row.name, found.row.url, found.row.kinds),
        kept_days=KEPT_DAYS,
        events=tuple(EVENTS),
        looks=RUNNING,
        states=STATES,
        secret=secret,
        now_ms=site.now_ms(),
        once=draw_once(),
        fault=fault,
    )
    if secret:
        page.headers["Cache-Control"] = "no-store"
    return page
