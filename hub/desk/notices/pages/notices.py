"""The addresses of notices: a person's own, what was sent to whom, and who hears of what."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import ROLES, Session
from hub.base.engine import Connection
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.model import CHANNELS, EVENTS, GATHERS, RECEIVERS, Rule
from hub.desk.notices.reads import (
    count_unread,
    list_of_work,
    list_own,
    list_rules,
    list_sent,
    mail_of,
)
from hub.desk.notices.words import read_rule, show_told, tell_event, tell_state
from hub.web.frames.forms import read_form
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in, signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Anybody = Annotated[Session, Depends(signed_in)]
Ruler = Annotated[Session, Depends(signed_in_for("notices.rules"))]
Acts = Annotated[NoticeActs, Depends(acts_of(NoticeActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Newest = Annotated[int, Form(ge=0, le=2**62)]
_MOST: Final = 100


@router.get("/notices")
def notices(request: Request, site: SiteOf, session: Anybody, *, acts: Acts) -> Response:
    """Show what the reader was told, and where the reader has mail; looking changes nothing."""
    return _own_page(request, site, session, acts=acts)


@router.post("/notices/read")
def read(session: Anybody, *, acts: Acts, up_to: Newest, own_up_to: Newest = 0) -> Response:
    """Mark what the page showed as read."""
    acts.read(session.user_id, up_to=up_to, own_up_to=own_up_to, by=session.user)
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
        return _own_page(request, site, session, acts=acts, fault=fault, typed=mail)
    return RedirectResponse("/notices", 303)


@router.get("/notices/rules")
def rules(request: Request, site: SiteOf, session: Ruler) -> Response:
    """Show who hears of what, and what was sent to whom."""
    return _rules_page(request, site, session)


@router.post("/notices/rules")
def add_rule(
    request: Request, site: SiteOf, session: Ruler, *, acts: Acts, given: Given
) -> Response:
    """Have somebody told of an event from now on."""
    rule = read_rule(given, {*RECEIVERS, *ROLES})
    if not isinstance(rule, Rule):
        fault = words_of(request).named("notice_fault", rule)
        return _rules_page(request, site, session, fault=fault, typed=given)
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


def _own_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    acts: NoticeActs,
    fault: str = "",
    typed: str | None = None,
) -> Response:
    words = words_of(request)
    with site.ground.database.read() as connection:
        rows = list_own(connection, session.user_id, most=_MOST, scope=session.scope)
        own = list_of_work(connection, session.user_id, most=_MOST, scope=session.scope)
        mail = mail_of(connection, session.user_id, scope=session.scope)
    shown = show_told(rows, own, words, staff=session.is_staff)
    return draw(
        request,
        "notices.html",
        session=session,
        status=422 if fault else 200,
        rows=shown,
        newest=max((one.id for one in rows), default=0),
        own_newest=max((one.id for one in own), default=0),
        unread=any(one.unread for one in shown),
        mail=mail if typed is None else typed,
        push_key=acts.devices.public_key(),
        fault=fault,
    )


def _rules_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    fault: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
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
        sent=[(one, tell_event(one, words), tell_state(one, words)) for one in sent],
        gathers=GATHERS,
        typed=typed or {},
        events=EVENTS,
        receivers=(*RECEIVERS, *ROLES),
        special=RECEIVERS,
        channels=CHANNELS,
        clock=lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}",
        fault=fault,
    )
