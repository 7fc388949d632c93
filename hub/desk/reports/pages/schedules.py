"""The page of reports that are sent by mail: one's own, with what came of the last mail."""

from typing import Annotated, Final, cast

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.transaction import Transaction
from hub.base.words import PageWords
from hub.desk.notices.reads import mail_of
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.model.schedules import (
    EVERY,
    FAILURES,
    FILES,
    Delivery,
    Every,
    schedule_of,
)
from hub.desk.reports.pages.addresses import PLACE, request_at
from hub.desk.reports.pages.filing import sheet_of
from hub.desk.reports.pages.printing import print_report
from hub.desk.reports.pages.showing import chips_of
from hub.desk.reports.reads.asking import local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.schedules import list_schedules
from hub.desk.reports.reads.sources import Asked
from hub.web.frames import exports
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("reports.read"))]
Acts = Annotated[ReportActs, Depends(acts_of(ReportActs))]
_PLACE: Final = "/reports/schedules"
_LONGEST: Final = 2_000
_USUAL_HOUR: Final = 8


@router.get(_PLACE)
def show_schedules(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    of: Annotated[str, Query(max_length=_LONGEST)] = "",
) -> Response:
    """Show what the reader has sent; `of` is the address of a report to have sent."""
    return _page(request, site, session, of=of)


@router.post(_PLACE)
def add_schedule(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    acts: Acts,
    of: Annotated[str, Form(max_length=_LONGEST)],
    name: Annotated[str, Form(max_length=100)],
    every: Annotated[str, Form(max_length=10)],
    hour: Annotated[int, Form(ge=0, le=23)],
    file: Annotated[str, Form(max_length=10)],
) -> Response:
    """Have a report sent from now on."""
    today = local_date(site.now_ms(), site.distributor().zone)
    wanted = request_at(of, today)
    found = DEFINITIONS.get(wanted.report) if wanted else None
    if wanted is None or found is None or not session.may(found.permission):
        raise HTTPException(422)
    sent = Delivery(" ".join(name.split()), file, cast("Every", every), hour)
    if not sent.is_sound:
        fault = words_of(request).text("schedule.wrong")
        return _page(request, site, session, of=of, fault=fault)
    acts.schedule(schedule_of(session.user, wanted, sent), user_id=session.user_id)
    return RedirectResponse(_PLACE, 303)


@router.get(f"{_PLACE}/{{number}}")
def show_schedule(request: Request, site: SiteOf, session: Reader, *, number: int) -> Response:
    """Show one of the reader's own with the form by which it is changed."""
    return _page(request, site, session, number=number)


@router.post(f"{_PLACE}/{{number}}")
def change_schedule(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    acts: Acts,
    number: int,
    name: Annotated[str, Form(max_length=100)],
    every: Annotated[str, Form(max_length=10)],
    hour: Annotated[int, Form(ge=0, le=23)],
    file: Annotated[str, Form(max_length=10)],
) -> Response:
    """Have a report sent in another way from now on."""
    wanted = Delivery(" ".join(name.split()), file, cast("Every", every), hour)
    if not wanted.is_sound:
        fault = words_of(request).text("schedule.wrong")
        return _page(request, site, session, number=number, fault=fault, typed=wanted)
    if not acts.schedule.change(number, wanted, user_id=session.user_id, by=session.user):
        raise HTTPException(404)
    return RedirectResponse(_PLACE, 303)


@router.post(f"{_PLACE}/{{number}}/end")
def end_schedule(session: Reader, *, acts: Acts, number: int) -> Response:
    """Have a report sent no more."""
    if not acts.schedule.end(number, user_id=session.user_id, by=session.user):
        raise HTTPException(404)
    return RedirectResponse(_PLACE, 303)


def write_file(t: Transaction, asked: Asked, session: Session, *, kind: str) -> bytes:
    """Write the file of a report as a mail takes it, in its receiver's language."""
    words = PageWords(session.language or "en")
    if kind == "pdf":
        return print_report(t.connection, asked, session.scope, words=words)
    return exports.written(sheet_of(t.connection, asked, session.scope, words=words), kind)


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    of: str = "",
    number: int | None = None,
    fault: str = "",
    typed: Delivery | None = None,
) -> Response:
    """Draw the page, with the form of a new schedule or of the one that is changed."""
    words = words_of(request)
    today = local_date(site.now_ms(), site.distributor().zone)
    with site.ground.database.read() as connection:
        rows = list_schedules(connection, session.user_id, scope=session.scope)
        mail = mail_of(connection, session.user_id, scope=session.scope)
    changed = next((one for one in rows if one.id == number), None)
    if number is not None and changed is None:
        raise HTTPException(404)
    if changed is not None:
        of = f"{PLACE}/{changed.report}?{changed.query}"
        typed = typed or Delivery(changed.name, changed.file, changed.every, changed.hour)
    wanted = request_at(of, today) if of else None
    name = words.named("report_name", wanted.report) if wanted else ""
    return draw(
        request,
        "report_schedules.html",
        session=session,
        status=422 if fault else 200,
        place=_PLACE,
        fault=fault,
        rows=rows,
        of=of if wanted else "",
        changed=changed,
        typed=typed or Delivery(name, FILES[0], "day", _USUAL_HOUR),
        name=name,
        chips=chips_of(wanted, words) if wanted else (),
        mail=mail,
        every=EVERY,
        files=FILES,
        failures=FAILURES,
        hours=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
