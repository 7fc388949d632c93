"""The pages of delivery notes: the list, one note, its paper, and what became of its goods."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Reason, Refused
from hub.base.fields.words import sentence, sentences
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.acts.give_labels import MOST_PARCELS
from hub.desk.deliveries.model.asked import AskedOutcome, read_outcome
from hub.desk.deliveries.model.life import LEFT
from hub.desk.deliveries.model.outcome import LINE_REASONS, RESTS
from hub.desk.deliveries.model.signature import path_of
from hub.desk.deliveries.pages.listing import NOTES, read_note_list
from hub.desk.deliveries.pages.record import record_of
from hub.desk.deliveries.reads.notes import NoteLineRow, NoteRow, lines_of, read_note
from hub.desk.deliveries.reads.papers import read_paper
from hub.desk.deliveries.reads.proof import read_proof
from hub.desk.deliveries.reads.rest import read_rest
from hub.desk.orders.model.request import Requester
from hub.web.frames.files import HouseRoom, add_house_files
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Option,
    finish_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import show_record
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import PaperLanguage, PaperSize, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("deliveries.read"))]
Picker = Annotated[Session, Depends(signed_in_for("deliveries.pick"))]
Recorder = Annotated[Session, Depends(signed_in_for("deliveries.record"))]
Passer = Annotated[Session, Depends(signed_in_for("deliveries.pass"))]
Acts = Annotated[DeliveryActs, Depends(acts_of(DeliveryActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_CELLS: Final = ("back", "damaged", "lost", "reason")
_OPENED: Final = "opened"
_ENDS: Final = ("refused", "closed_shop")


@router.get("/deliveries")
def notes(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list of notes, or a file of it."""
    read = partial(read_note_list, today=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=NOTES, read=read)


@router.get("/deliveries/{note}")
def show(request: Request, site: SiteOf, session: Reader, *, note: int) -> Response:
    """Show a note with its lines, and what is to be done about it."""
    return note_page(request, site, session, note=note)


@router.get("/deliveries/{note}/print")
def print_note(request: Request, site: SiteOf, session: Reader, *, note: int) -> Response:
    """Show a note as it is printed, with both sides and a place to sign."""
    found, lines = see_note(site, session, note)
    with site.ground.database.read() as connection:
        paper = read_paper(connection, note, scope=session.scope)
    return draw(
        request,
        "delivery_print.html",
        session=session,
        note=found,
        lines=lines,
        paper=paper,
        back=f"/deliveries/{note}",
    )


@router.get("/deliveries/{note}/paper.pdf")
def note_paper(
    session: Reader, *, acts: Acts, language: PaperLanguage, note: int, size: PaperSize = "a4"
) -> Response:
    """Give a note as the file that is printed and sent."""
    return send_paper(acts.papers.note(note, size=size, **language, scope=session.scope))


@router.get("/deliveries/{note}/labels.pdf")
def note_labels(
    session: Reader,
    *,
    acts: Acts,
    language: PaperLanguage,
    note: int,
    parcels: Annotated[int, Query(ge=1, le=MOST_PARCELS)] = 1,
) -> Response:
    """Give the labels of a note's parcels."""
    return send_paper(acts.labels(note, parcels=parcels, **language, scope=session.scope))


@router.post("/deliveries/{note}/undo")
def undo(request: Request, site: SiteOf, session: Picker, *, acts: Acts, note: int) -> Response:
    """Undo a pick: the goods are put back and stay the order's."""
    done = acts.finish.undo(note, by=session.user, scope=session.scope)
    return _done(request, site, session, note=note, done=done)


@router.post("/deliveries/{note}/pass")
def let_pass(
    request: Request,
    site: SiteOf,
    session: Passer,
    *,
    acts: Acts,
    note: int,
    why: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
) -> Response:
    """Let a note out that credit would keep here."""
    done = acts.pass_gate(note, why, by=session.user, scope=session.scope)
    return _done(request, site, session, note=note, done=done)


@router.get("/deliveries/{note}/outcome")
def ask_outcome(request: Request, site: SiteOf, session: Recorder, *, note: int) -> Response:
    """Show the form that says what became of a note's goods."""
    return open_form(_place(request, site, session, note=note), {_OPENED: "yes"})


@router.post("/deliveries/{note}/outcome")
def record_outcome(
    request: Request, site: SiteOf, session: Recorder, *, acts: Acts, note: int, given: Given
) -> Response:
    """Record what became of a note's goods."""
    place = _place(request, site, session, note=note)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.record(note, sent.value, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        errors = _at_cells(done.reasons, words_of(request))
        return refuse_form(place, given, errors=errors)
    if given.get("rest") == "again" and done.state == "part":
        by = Requester("user", session.user)
        acts.order_rest(note, by=by, scope=session.scope)  # refused, the note's page offers it
    return finish_form(place, sent=sent, led_to=f"/deliveries/{note}")


@router.post("/deliveries/{note}/rest")
def order_rest(
    request: Request, site: SiteOf, session: Recorder, *, acts: Acts, note: int
) -> Response:
    """Order once more what a note did not bring, and show that order."""
    by = Requester("user", session.user)
    done = acts.order_rest(note, by=by, scope=session.scope)
    if isinstance(done, Refused):
        return note_page(request, site, session, note=note, fault=_said(request, done))
    return RedirectResponse(f"/orders/{done.order}", 303)


def _at_cells(reasons: Sequence[Reason], words: PageWords) -> dict[str, str]:
    """Word what is wrong, a line's at the cell of what came back."""
    at = [
        one._replace(field=f"{one.field}.back" if one.field.isdecimal() else one.field)
        for one in reasons
    ]
    return sentences(at, language=words.language)


def _rows(values: Mapping[str, str], lines: Sequence[NoteLineRow]) -> list[dict[str, str]]:
    """Give the rows of the form: the cell of line 3 is `back_3`."""
    return [
        {"line": str(one.number)}
        | {name: values.get(f"{name}_{one.number}", "") for name in _CELLS}
        for one in lines
    ]


def _place(request: Request, site: Site, session: Session, *, note: int) -> FormPlace[AskedOutcome]:
    found, lines = see_note(site, session, note)
    with site.ground.database.read() as connection:
        proof = read_proof(connection, note, scope=session.scope)
    words = words_of(request)
    ends = tuple(Option(one, words.named("delivery_end", one)) for one in _ENDS)
    fields = (
        Field("receiver", "delivery.receiver", hint="delivery.receiver_hint"),
        Field("word", "delivery.word", hint="delivery.word_hint", longest=16),
        Field(
            "outcome",
            "delivery.outcome",
            kind="choice",
            options=(Option("", words.named("delivery_end", "lines")), *ends),
        ),
        Field(
            "rest",
            "delivery.rest",
            kind="choice",
            options=tuple(Option(one, words.named("delivery_rest", one)) for one in RESTS),
        ),
        Field("redeliver", "delivery.redeliver", kind="date", hint="delivery.redeliver_hint"),
        Field("note", "delivery.remark"),
    )
    frame = FormFrame(
        "delivery_outcome", "delivery.record", "delivery.record", fields, "delivery_outcome.html"
    )

    def check(values: Mapping[str, str]) -> Checked[AskedOutcome]:
        asked, faults = read_outcome(values, _rows(values, lines))
        faults = [] if _OPENED in values else faults
        shown = {
            "lines": lines,
            "delivery": found,
            "line_reasons": LINE_REASONS,
            "photos": proof.photos,
            "ink": path_of(asked.signature),
        }
        return Checked(asked, errors=_at_cells(faults, words), shown=shown)

    address = f"/deliveries/{note}"
    return FormPlace(
        request, site, session, frame, f"{address}/outcome", address, check, ref=str(note)
    )


def _done(request: Request, site: Site, session: Session, *, note: int, done: object) -> Response:
    if isinstance(done, Refused):
        return note_page(request, site, session, note=note, fault=_said(request, done))
    return RedirectResponse(f"/deliveries/{note}", 303)


def note_page(
    request: Request, site: Site, session: Session, *, note: int, fault: str = ""
) -> Response:
    """Show a note, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found, lines = see_note(site, session, note)
    with site.ground.database.read() as connection:
        rest = read_rest(connection, note, scope=session.scope)
        proof = read_proof(connection, note, scope=session.scope)
        panels = site.panels("delivery", connection, key=str(note), session=session, words=words)
    return show_record(
        request,
        site,
        session,
        record=record_of(found, session, words, rest=rest),
        template="delivery_note.html",
        panels=panels,
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        delivery=found,
        lines=lines,
        photos=proof.photos,
        ink=path_of(proof.signature),
        may_prove=found.state in LEFT and session.may("deliveries.record"),
        late=found.state in {"picking", "picked", "dispatched"} and found.day < site.today(),
    )


def _said(request: Request, done: Refused) -> str:
    language = words_of(request).language
    return "; ".join(sentence(one, language=language) for one in done.reasons)


def see_note(site: Site, session: Session, note: int) -> tuple[NoteRow, Sequence[NoteLineRow]]:
    """Read a note that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        found = read_note(connection, note, scope=session.scope)
        lines = lines_of(connection, [note], scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found, lines


add_house_files(
    router,
    "/deliveries",
    HouseRoom(
        *("delivery", "deliveries", "deliveries.read", "deliveries.record"),
        see=see_note,
        show=lambda request, site, session, note, fault: note_page(
            request, site, session, note=note, fault=fault
        ),
    ),
)
