"""Deliveries for programs: the notes as they stand, and the acts of pages."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.kept.photos import MOST_BYTES
from hub.base.listing import Place, Wanted
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.acts.give_labels import MOST_PARCELS
from hub.desk.deliveries.model.asked import read_outcome
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.model.life import State
from hub.desk.deliveries.reads.documents import write_note
from hub.desk.deliveries.reads.notes import (
    NEWEST_FIRST,
    lines_of,
    list_notes,
    notes_of,
    read_note,
)
from hub.desk.deliveries.reads.proof import read_photo_digest, read_proof
from hub.desk.orders.model.request import Requester
from hub.web.frames.files import FileRoom, add_file_programs, row_in
from hub.web.noun import Router
from hub.web.papers import ProgramLanguage, send_paper, send_photo
from hub.web.programs import ApiError, Why, body_of, bytes_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/deliveries")
Reader = Annotated[Session, Depends(token_for("deliveries.read"))]
Picker = Annotated[Session, Depends(token_for("deliveries.pick"))]
Sender = Annotated[Session, Depends(token_for("deliveries.dispatch"))]
Recorder = Annotated[Session, Depends(token_for("deliveries.record"))]
Passer = Annotated[Session, Depends(token_for("deliveries.pass"))]
Acts = Annotated[DeliveryActs, Depends(acts_of(DeliveryActs))]
Body = Annotated[bytes, Depends(body_of)]
File = Annotated[bytes, Depends(bytes_of)]
_MOST: Final = 100
_LARGEST: Final = 2**53
Number = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
_STATUS: Final = {
    "delivery_unknown": HTTPStatus.NOT_FOUND,
    "delivery_no_orders": HTTPStatus.NOT_FOUND,
    "delivery_settled": HTTPStatus.CONFLICT,
    "delivery_gate": HTTPStatus.CONFLICT,
    "delivery_not_sent": HTTPStatus.CONFLICT,
    "delivery_order_on_note": HTTPStatus.CONFLICT,
    "delivery_order_state": HTTPStatus.CONFLICT,
}


class PickBody(msgspec.Struct, forbid_unknown_fields=True):
    """Orders by their own ids, all of one warehouse."""

    orders: list[str]


class ScanBody(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned: a bar code, a SKU, `12*code`; `batch` where the code has none."""

    code: str
    batch: str = ""


class EnterBody(msgspec.Struct, forbid_unknown_fields=True):
    """How many were picked, `12.3` being line 3 of note 12; none says that all is there."""

    lines: dict[str, Number] = {}


class ShortBody(msgspec.Struct, forbid_unknown_fields=True):
    """A line of which what is left is taken off, and why."""

    line: Number
    reason: str


class SendBody(msgspec.Struct, forbid_unknown_fields=True):
    """Notes that leave on one vehicle."""

    deliveries: list[Number]
    vehicle: str
    driver: str
    carrier: str = ""
    carrier_gstin: str = ""
    distance: str = ""


class WhyBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why something is let pass."""

    why: Why


class OutcomeBody(msgspec.Struct, forbid_unknown_fields=True):
    """What became of a note: `fields` and the cells of `lines` are texts, as on the page."""

    fields: dict[str, str] = {}
    lines: list[dict[str, str]] = []


@router.get("")
def notes(
    site: SiteOf,
    session: Reader,
    *,
    state: Annotated[State | None, Query()] = None,
    customer: Annotated[str, Query(max_length=100)] = "",
    before: Annotated[int | None, Query(ge=1, le=_LARGEST)] = None,
) -> JSONResponse:
    """List notes, newest first, 100 at a time; `before` is the id of the last one seen."""
    chosen: dict[str, tuple[str, ...]] = {"state": (state,)} if state else {}
    if customer:
        chosen["customer"] = (customer,)
    place = Place(str(before), str(before)) if before else None
    wanted = Wanted(NEWEST_FIRST, chosen=chosen, place=place, size=_MOST)
    with site.ground.database.read() as connection:
        found = list_notes(connection, wanted, today=site.today(), scope=session.scope)
    after = found.after.key if found.after else None
    return JSONResponse({"deliveries": [write_note(row) for row in found.rows], "before": after})


@router.get("/{note}")
def note(site: SiteOf, session: Reader, *, note: int) -> JSONResponse:
    """Give a note with its lines."""
    return JSONResponse(_document(site, session, note))


@router.get("/{note}/labels.pdf")
def labels(
    session: Reader,
    *,
    acts: Acts,
    language: ProgramLanguage,
    note: int,
    parcels: Annotated[int, Query(ge=1, le=MOST_PARCELS)] = 1,
) -> Response:
    """Give the labels of a note's parcels as a file."""
    return send_paper(acts.labels(note, parcels=parcels, **language, scope=session.scope))


@router.get("/{note}/proof.pdf")
def proof(session: Reader, *, acts: Acts, language: ProgramLanguage, note: int) -> Response:
    """Give what proves that a note was brought as a file; 404 while nobody said what became."""
    return send_paper(acts.papers.proof(note, **language, scope=session.scope))


@router.get("/{note}/photos/{number}")
def photo(
    request: Request, site: SiteOf, session: Reader, *, acts: Acts, note: int, number: int
) -> Response:
    """Give a photo of a note, as a JPEG."""
    with site.ground.database.read() as connection:
        digest = read_photo_digest(connection, note, number, scope=session.scope)
    return send_photo(request, None if digest is None else acts.keep_photo.files.read(digest))


@router.post("/{note}/photos", max_body_size=MOST_BYTES)
def keep_photo(
    site: SiteOf, session: Recorder, *, acts: Acts, note: int, body: File
) -> JSONResponse:
    """Keep a photo of a note whose goods have left: the body is a JPEG, sent twice it is one."""
    done = acts.keep_photo(note, body, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse(_document(site, session, note), status)


@router.post("/pick")
def pick(site: SiteOf, session: Picker, *, acts: Acts, body: Body) -> JSONResponse:
    """Begin to pick orders: their notes and the number of their pick list."""
    said = read_said(body, PickBody)
    done = acts.begin(said.orders, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    written = {"wave": done.wave, "deliveries": _all(site, session, done.notes)}
    return JSONResponse(written, status)


@router.post("/waves/{wave}/scan")
def scan(session: Picker, *, acts: Acts, wave: int, body: Body) -> JSONResponse:
    """Count a scan towards a pick list; one that is wrong counts nothing."""
    said = read_said(body, ScanBody)
    done = acts.pick.scan(wave, said.code, batch=said.batch, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse(
        {"sku": done.sku, "batch": done.batch, "quantity": done.quantity, "left": done.left}
    )


@router.post("/waves/{wave}/enter")
def enter(site: SiteOf, session: Picker, *, acts: Acts, wave: int, body: Body) -> JSONResponse:
    """Write how many were picked of lines, or all that is left."""
    said = read_said(body, EnterBody)
    counted = {name: str(many) for name, many in said.lines.items()}
    done = acts.pick.enter(wave, counted, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse({"deliveries": _wave(site, session, wave)})


@router.post("/waves/{wave}/finish")
def finish(site: SiteOf, session: Picker, *, acts: Acts, wave: int) -> JSONResponse:
    """Finish a pick list: what was not picked is left out."""
    ids = [one["id"] for one in _wave(site, session, wave)]
    done = acts.finish(ids, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse({"deliveries": _wave(site, session, wave)})


@router.post("/dispatch")
def dispatch(site: SiteOf, session: Sender, *, acts: Acts, body: Body) -> JSONResponse:
    """Send picked notes off on one vehicle, all of them or none."""
    said = read_said(body, SendBody)
    done = acts.dispatch(
        said.deliveries,
        vehicle=said.vehicle,
        driver=said.driver,
        carrier=said.carrier,
        carrier_gstin=said.carrier_gstin,
        distance=said.distance,
        by=session.user,
        scope=session.scope,
    )
    if isinstance(done, Refused):
        raise _refusal(done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    written = {"trip": done.trip, "deliveries": _all(site, session, said.deliveries)}
    return JSONResponse(written, status)


@router.post("/{note}/short")
def take_off(site: SiteOf, session: Picker, *, acts: Acts, note: int, body: Body) -> JSONResponse:
    """Take off a note what is left of a line."""
    said = read_said(body, ShortBody)
    done = acts.take_off(note, said.line, said.reason, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{note}/undo")
def undo(site: SiteOf, session: Picker, *, acts: Acts, note: int) -> JSONResponse:
    """Undo a pick: the goods are put back and stay the order's."""
    return _answer(site, session, acts.finish.undo(note, by=session.user, scope=session.scope))


@router.post("/{note}/pass")
def let_pass(site: SiteOf, session: Passer, *, acts: Acts, note: int, body: Body) -> JSONResponse:
    """Let a note out that credit would keep here."""
    said = read_said(body, WhyBody)
    done = acts.pass_gate(note, said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{note}/outcome")
def record(site: SiteOf, session: Recorder, *, acts: Acts, note: int, body: Body) -> JSONResponse:
    """Record what became of a note's goods; a row of `lines` has `line`, `back` and the like."""
    said = read_said(body, OutcomeBody)
    asked, faults = read_outcome(said.fields, said.lines)
    if faults:
        raise _refusal(Refused(tuple(faults)))
    done = acts.record(note, asked, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{note}/rest")
def order_rest(session: Recorder, *, acts: Acts, note: int) -> JSONResponse:
    """Order once more what a note did not bring."""
    by = Requester("token", session.user)
    done = acts.order_rest(note, by=by, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse({"order": done.order, "number": done.number}, status)


def _answer(site: Site, session: Session, done: Moved | Refused) -> JSONResponse:
    """Give the note as it is now; raises ApiError where it was refused."""
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse(_document(site, session, done.delivery))


def _refusal(done: Refused) -> ApiError:
    first = done.reasons[0]
    status = _STATUS.get(first.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    texts = {one.field: sentence(one) for one in done.reasons}
    return ApiError(status, first.code, sentence(first), fields=texts)


def _document(site: Site, session: Session, note: int) -> dict[str, Any]:
    with site.ground.database.read() as connection:
        found = read_note(connection, note, scope=session.scope)
        lines = lines_of(connection, [note], scope=session.scope)
        proof = read_proof(connection, note, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "delivery_unknown", "there is no such note")
    return write_note(found, lines, proof)


def _all(site: Site, session: Session, ids: Sequence[int]) -> list[dict[str, Any]]:
    return [_document(site, session, one) for one in ids]


def _wave(site: Site, session: Session, wave: int) -> list[dict[str, Any]]:
    with site.ground.database.read() as connection:
        found = notes_of(connection, wave=wave, scope=session.scope)
    if not found:
        raise ApiError(HTTPStatus.NOT_FOUND, "delivery_unknown", "there is no such pick list")
    return _all(site, session, [one.id for one in found])


def _see(site: Site, session: Session, note: str) -> None:
    """See that a note is among those that a program sees; raises ApiError."""
    row = row_in(note)
    if row is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "delivery_unknown", "there is no such note")
    _document(site, session, row)


add_file_programs(
    router, "", FileRoom("delivery", "deliveries", "deliveries.read", "deliveries.record", see=_see)
)
