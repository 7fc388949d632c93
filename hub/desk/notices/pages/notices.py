"""The addresses of notices: a person's own, what was sent to whom, and who hears of what."""

from typing import Annotated, Final, cast

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import ROLES, Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.model import (
    CHANNELS,
    EVENTS,
    RECEIVERS,
    Channel,
    Event,
    NoticeRow,
    Rule,
    has_hours,
)
from hub.desk.notices.reads import count_unread, list_own, list_rules, list_sent, mail_of
from hub.desk.notices.words import tell_event, tell_reasons
from hub.desk.parties.model.cells import CellError, read_amount
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in, signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Anybody = Annotated[Session, Depends(signed_in)]
Ruler = Annotated[Session, Depends(signed_in_for("notices.rules"))]
Acts = Annotated[NoticeActs, Depends(acts_of(NoticeActs))]
Word = Annotated[str, Form(max_length=32)]
Typed = Annotated[str, Form(max_length=20)]
_MOST: Final = 100
_SCALE: Final = 2
_MOST_AFTER_HOURS: Final = 24 * 30


@router.get("/notices")
def notices(request: Request, site: SiteOf, session: Anybody) -> Response:
    """Show what the reader was told, and where the reader has mail; looking changes nothing."""
    return _own_page(request, site, session)


@router.post("/notices/read")
def read(session: Anybody, *, acts: Acts, up_to: Annotated[int, Form(ge=0, le=2**62)]) -> Response:
    """Mark what the page showed as read."""
    acts.read(session.user_id, up_to=up_to, by=session.user)
    return RedirectResponse("/notices", 303)


@router.post("/notices/mail")
def have_mail(
    request: Request,
    site: SiteOf,
    session: Anybody,
    *,
    acts: Acts,
    mail: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep where the reader has mail."""
    if not acts.read.have_mail(session.user_id, mail.strip(), by=session.user):
        fault = words_of(request).text("notices.no_mail_address")
        return _own_page(request, site, session, fault=fault, typed=mail)
    return RedirectResponse("/notices", 303)


@router.get("/notices/rules")
def rules(request: Request, site: SiteOf, session: Ruler) -> Response:
    """Show who hears of what, and what was sent to whom."""
    return _rules_page(request, site, session)


@router.post("/notices/rules")
def add_rule(  # one parameter for each field of the form
    request: Request,
    site: SiteOf,
    session: Ruler,
    *,
    acts: Acts,
    event: Word,
    receiver: Word,
    channel: Word,
    above: Typed = "",
    after: Typed = "",
    quiet_from: Typed = "",
    quiet_until: Typed = "",
) -> Response:
    """Have somebody told of an event from now on."""
    chosen = (event in EVENTS, channel in CHANNELS, receiver in {*RECEIVERS, *ROLES})
    hours = (_minutes(quiet_from), _minutes(quiet_until))
    waits = int(after) if after.isascii() and after.isdigit() else 0 if not after else -1
    try:
        least = read_amount(above, _SCALE) if above.strip() else None
    except CellError:
        least, waits = None, -1
    if not all(chosen) or not has_hours(*hours) or not 0 <= waits <= _MOST_AFTER_HOURS:
        fault = words_of(request).text("notices.rule_wrong")
        return _rules_page(request, site, session, fault=fault)
    rule = Rule(
        *(0, cast("Event", event), receiver, cast("Channel", channel)),
        above=least,
        after=waits * 60,
        quiet_from=hours[0],
        quiet_until=hours[1],
    )
    acts.rules.add(rule, by=session.user)
    return RedirectResponse("/notices/rules", 303)


@router.post("/notices/rules/{number}/end")
def end_rule(session: Ruler, *, acts: Acts, number: int) -> Response:
    """Have nobody told by a rule any more."""
    if not acts.rules.end(number, by=session.user):
        raise HTTPException(404)
    return RedirectResponse("/notices/rules", 303)


def ring(connection: Connection, session: Session) -> int:
    """Count what the reader has not read."""
    return count_unread(connection, session.user_id, scope=session.scope)


def _minutes(typed: str) -> int | None:
    """Read `18:00` as minutes of the day; -1, which no hours have, for what is no time."""
    if not typed.strip():
        return None
    hours, _, minutes = typed.strip().partition(":")
    right = all(one.isascii() and one.isdigit() for one in (hours, minutes or "0"))
    return int(hours) * 60 + int(minutes or "0") if right else -1


def _own_page(
    request: Request, site: Site, session: Session, *, fault: str = "", typed: str | None = None
) -> Response:
    words = words_of(request)
    with site.ground.database.read() as connection:
        rows = list_own(connection, session.user_id, most=_MOST, scope=session.scope)
        mail = mail_of(connection, session.user_id, scope=session.scope)
    return draw(
        request,
        "notices.html",
        session=session,
        status=422 if fault else 200,
        rows=[(one, *_told(one, words, session)) for one in rows],
        newest=max((one.id for one in rows), default=0),
        unread=any(one.read_at is None for one in rows),
        mail=mail if typed is None else typed,
        fault=fault,
    )


def _rules_page(request: Request, site: Site, session: Session, *, fault: str = "") -> Response:
    words = words_of(request)
    with site.ground.database.read() as connection:
        found = list_rules(connection, scope=session.scope)
        sent = list_sent(connection, most=_MOST, scope=session.scope)
    return draw(
        request,
        "notice_rules.html",
        session=session,
        status=422 if fault else 200,
        rules=found,
        sent=[(one, *_told(one, words, session)) for one in sent],
        events=EVENTS,
        receivers=(*RECEIVERS, *ROLES),
        special=RECEIVERS,
        channels=CHANNELS,
        clock=lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}",
        fault=fault,
    )


def _told(one: NoticeRow, words: PageWords, session: Session) -> tuple[str, str]:
    return tell_event(one, words), tell_reasons(one, words, staff=session.is_staff)
