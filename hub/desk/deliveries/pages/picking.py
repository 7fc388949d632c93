"""The pages of a pick list: scanned or typed, what is not there taken off, and finished."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence, sentences
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.model.life import SHORT_REASONS
from hub.desk.deliveries.pages.listing import QUEUE, read_queue_list
from hub.desk.deliveries.reads.notes import NoteLineRow, NoteRow, lines_of, notes_of
from hub.desk.deliveries.words import STATES
from hub.web.frames.forms import read_form
from hub.web.frames.lists import show_list
from hub.web.frames.records import Action, Actions, Record, show_record
from hub.web.noun import Router
from hub.web.pages import draw, with_camera, words_of
from hub.web.papers import PageLanguage, PaperSize, paper_actions, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("deliveries.read"))]
Picker = Annotated[Session, Depends(signed_in_for("deliveries.pick"))]
Acts = Annotated[DeliveryActs, Depends(acts_of(DeliveryActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_LINE: Final = "line_"


@router.get("/deliveries/to-pick")
def to_pick(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the orders that wait to be picked, or a file of them."""
    read = partial(read_queue_list, today=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=QUEUE, read=read)


@router.post("/deliveries/pick")
def begin(
    request: Request,
    session: Picker,
    *,
    acts: Acts,
    order: Annotated[list[str], Form(max_length=36)],
) -> Response:
    """Begin to pick orders, and show their pick list."""
    done = acts.begin(order, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return _refused(request, session, done)
    return RedirectResponse(f"/deliveries/waves/{done.wave}", 303)


@router.get("/deliveries/waves/{wave}")
def show_wave(request: Request, site: SiteOf, session: Reader, *, wave: int) -> Response:
    """Show a pick list: what is to be fetched, from which batch, for whom."""
    return _page(request, site, session, wave=wave)


@router.get("/deliveries/waves/{wave}/print")
def print_wave(request: Request, site: SiteOf, session: Reader, *, wave: int) -> Response:
    """Show a pick list as it is printed."""
    notes, lines = _found(site, session, wave)
    return draw(
        request,
        "wave_print.html",
        session=session,
        wave=wave,
        notes=notes,
        lines=lines,
        by_bin=any(one.bin for one in lines),
        back=f"/deliveries/waves/{wave}",
    )


@router.get("/deliveries/waves/{wave}/paper.pdf")
def wave_paper(
    session: Reader, *, acts: Acts, language: PageLanguage, wave: int, size: PaperSize = "a4"
) -> Response:
    """Give a pick list as a file to print."""
    return send_paper(acts.papers.wave(wave, size=size, language=language, scope=session.scope))


@router.post("/deliveries/waves/{wave}/scan")
def scan(
    request: Request,
    site: SiteOf,
    session: Picker,
    *,
    acts: Acts,
    wave: int,
    code: Annotated[str, Form(max_length=200)] = "",
    batch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Count a scan; the page then says what was counted, or why nothing was."""
    done = acts.pick.scan(wave, code, batch=batch, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return _page(request, site, session, wave=wave, done=done, typed=code)
    said = urlencode({"n": done.quantity, "sku": done.sku, "batch": done.batch})
    return RedirectResponse(f"/deliveries/waves/{wave}?{said}", 303)


@router.post("/deliveries/waves/{wave}/enter")
def enter(
    request: Request, site: SiteOf, session: Picker, *, acts: Acts, wave: int, given: Given
) -> Response:
    """Write how many were picked of each line; with the button for all, all that is left."""
    counts = {
        name.removeprefix(_LINE): text for name, text in given.items() if name.startswith(_LINE)
    }
    asked = {} if given.get("all") else counts
    done = acts.pick.enter(wave, asked, by=session.user, scope=session.scope)
    return _done(request, site, session, wave=wave, done=done)


@router.post("/deliveries/waves/{wave}/finish")
def finish(request: Request, site: SiteOf, session: Picker, *, acts: Acts, wave: int) -> Response:
    """Finish a pick list: what was not picked is left out."""
    notes, _ = _found(site, session, wave)
    done = acts.finish([one.id for one in notes], by=session.user, scope=session.scope)
    return _done(request, site, session, wave=wave, done=done)


@router.post("/deliveries/{note}/short")
def take_off(
    request: Request,
    site: SiteOf,
    session: Picker,
    *,
    acts: Acts,
    note: int,
    line: Annotated[int, Form(ge=1, le=100_000)],
    reason: Annotated[str, Form(max_length=32)],
    wave: Annotated[int, Form(ge=1)],
) -> Response:
    """Take off a note what is left of a line."""
    done = acts.take_off(note, line, reason, by=session.user, scope=session.scope)
    return _done(request, site, session, wave=wave, done=done)


def _done(request: Request, site: Site, session: Session, *, wave: int, done: object) -> Response:
    if isinstance(done, Refused):
        return _page(request, site, session, wave=wave, done=done)
    return RedirectResponse(f"/deliveries/waves/{wave}", 303)


def _refused(request: Request, session: Session, done: Refused) -> Response:
    """Show the orders to be picked, with why nothing was begun."""
    words = words_of(request)
    fault = "; ".join(sentence(one, language=words.language) for one in done.reasons)
    return draw(
        request,
        "delivery_refused.html",
        session=session,
        status=409,
        fault=fault,
        back="/deliveries/to-pick",
    )


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    wave: int,
    done: Refused | None = None,
    typed: str = "",
) -> Response:
    seen, words = site.feed.number, words_of(request)
    notes, lines = _found(site, session, wave)
    reasons = done.reasons if done else ()
    fault = "; ".join(sentence(one, language=words.language) for one in reasons)
    picking = any(one.state == "picking" for one in notes)
    record = Record(
        noun="wave",
        key=str(wave),
        number=words.text("delivery.wave_number", number=wave),
        name=notes[0].warehouse,
        address=f"/deliveries/waves/{wave}",
        back="/deliveries",
        topics=("deliveries",),
        actions=_actions(wave, notes, lines, session=session, request=request),
        notes=False,
    )
    asked = request.query_params
    page = show_record(
        request,
        site,
        session,
        record=record,
        template="delivery_wave.html",
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        wave=wave,
        pick_notes=notes,
        lines=lines,
        by_bin=any(one.bin for one in lines),
        looks=STATES,
        typed=typed,
        faults=sentences(reasons, language=words.language),
        counted={name: asked.get(name, "")[:64] for name in ("n", "sku", "batch")},
        may_pick=picking and session.may("deliveries.pick"),
        reasons=SHORT_REASONS,
    )
    return with_camera(page)


def _actions(
    wave: int,
    notes: list[NoteRow],
    lines: list[NoteLineRow],
    *,
    session: Session,
    request: Request,
) -> Actions:
    words = words_of(request)
    printed = Action(
        words.text("delivery.print"), "printer", address=f"/deliveries/waves/{wave}/print"
    )
    files = tuple(paper_actions(f"/deliveries/waves/{wave}", words))
    if any(one.state == "picking" for one in notes) and session.may("deliveries.pick"):
        whole = not any(one.left for one in lines)
        finish = Action(
            words.text("delivery.finish" if whole else "delivery.finish_half"),
            "check",
            address=f"/deliveries/waves/{wave}/finish",
            fields=(("wave", str(wave)),),
        )
        more = files if whole else (*files, finish)
        return Actions(next=finish if whole else None, beside=(printed,), others=more)
    if any(one.state == "picked" for one in notes) and session.may("deliveries.dispatch"):
        chosen = urlencode([("note", one.id) for one in notes if one.state == "picked"])
        send = Action(
            words.text("delivery.dispatch"), "truck", address=f"/deliveries/dispatch?{chosen}"
        )
        return Actions(next=send, beside=(printed,), others=files)
    return Actions(beside=(printed,), others=files)


def _found(site: Site, session: Session, wave: int) -> tuple[list[NoteRow], list[NoteLineRow]]:
    """Read the notes and lines of a pick list that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        notes = list(notes_of(connection, wave=wave, scope=session.scope))
        lines = list(lines_of(connection, [one.id for one in notes], scope=session.scope))
    if not notes:
        raise HTTPException(404)
    return notes, lines
