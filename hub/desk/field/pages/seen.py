"""The pages of what the team saw: interactions, tasks, one visit, and photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentence
from hub.base.history import Entry
from hub.base.words import PageWords
from hub.desk.field.acts import FieldActs
from hub.desk.field.acts.settle_task import TaskFields
from hub.desk.field.model.entries import is_id
from hub.desk.field.pages.listing import (
    VISITS,
    interactions_frame,
    read_list,
    read_seen,
    read_tasks,
    tasks_frame,
)
from hub.desk.field.reads.beats import BeatOf, list_beats_of, list_walkers
from hub.desk.field.reads.interactions import (
    InteractionDetail,
    InteractionRow,
    read_first_photos,
    read_interaction,
    read_of_outlet,
    read_photo_digest,
)
from hub.desk.field.reads.visits import read_visit
from hub.desk.field.words import TASKS, VERDICTS
from hub.desk.parties.model import moment_of
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.parties.reads import read_distributor
from hub.web.frames.lists import show_list
from hub.web.frames.records import Action, Actions, Linked, Record, show_record, told_of
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.papers import send_photo
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Holder = Annotated[Session, Depends(signed_in_for("field.phone"))]
Reader = Annotated[Session, Depends(signed_in_for("field.read"))]
Settler = Annotated[Session, Depends(signed_in_for("field.settle"))]
Acts = Annotated[FieldActs, Depends(acts_of(FieldActs))]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
Typed = Annotated[str, Form(max_length=64)]
LATER: Final = {"Retry-After": "2"}
"""What a phone is told that waited for long: come again in so many seconds."""
_TITLES: Final = {
    "complaint": "complained",
    "stock_seen": "stock_seen",
    "competitor_price": "price_seen",
    "goods_back": "goods_back",
}
"""By what an interaction is about, the kind of entry that its page is called by."""


@router.get("/field/visits")
def visits(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=VISITS, read=read)


@router.get("/field/visits/{visit}")
def visit(request: Request, site: SiteOf, session: Reader, *, visit: str) -> Response:
    """Show one visit with all that was kept in it."""
    seen, words = site.feed.number, words_of(request)
    with site.ground.database.read() as connection:
        found = read_visit(connection, visit, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    row = found.row
    record = Record(
        noun="visit",
        key=row.uuid,
        number=row.outlet,
        name=row.user,
        address=f"/field/visits/{row.uuid}",
        back="/field/visits",
        topics=("field",),
        name_href=_customer_address(row.code) if session.may("customers.read") else "",
        state=VERDICTS[row.verdict],
        linked=tuple(_papers(found.entries, words)),
        notes=False,
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="field_visit.html",
        seen=seen,
        visit=found,
        entries=[one for one in found.entries if one.kind not in {"visit_begun", "visit_ended"}],
        begun=[one for one in found.entries if one.kind in {"visit_begun", "visit_ended"}],
    )


def _papers(entries: Sequence[object], words: PageWords) -> Iterator[Linked]:
    """Link the orders and payments of a visit."""
    for one in entries:
        kind, document = getattr(one, "kind", ""), getattr(one, "document", "")
        address = {"ordered": "/orders/", "collected": "/payments/"}.get(kind)
        if address:
            number = document[:8] if kind == "ordered" else document
            yield Linked(words.named("field_entry", kind), number, address + document)


@router.get("/field/interactions")
def interactions(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_seen, day=site.today(), scope=session.scope)
    frame = interactions_frame(site.distributor().money)
    return show_list(request, site, session, frame=frame, read=read)


@router.get("/field/tasks")
def tasks(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    day, money = site.today(), site.distributor().money
    read = partial(read_tasks, day=day, scope=session.scope)
    return show_list(request, site, session, frame=tasks_frame(day, money), read=read)


@router.get("/field/interactions/{interaction}")
def interaction(request: Request, site: SiteOf, session: Reader, *, interaction: str) -> Response:
    """Show one interaction; a complaint with who has it, and what became of it."""
    return _show(request, site, session, uuid=interaction)


@router.post("/field/interactions/{interaction}/settle")
def settle(
    request: Request,
    site: SiteOf,
    session: Settler,
    *,
    acts: Acts,
    interaction: str,
    owner: Typed = "",
    due: Typed = "",
    answer: Annotated[str, Form(pattern="^(done|open|)$")] = "",
    why: Why = "",
) -> Response:
    """Give a task another owner or day, or say that it is done, or open again."""
    day, words = _day(due), words_of(request)
    if due.strip() and day is None:
        fault = words.text("beats.day_wrong")
        return _show(request, site, session, uuid=interaction, fault=fault)
    wanted = TaskFields(owner.strip() or None, day, {"done": True, "open": False}.get(answer))
    done = acts.settle(interaction, wanted, why=why, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        if done.reasons[0].code == "task_unknown":
            raise HTTPException(404)
        fault = sentence(done.reasons[0], language=words.language)
        return _show(request, site, session, uuid=interaction, fault=fault)
    return RedirectResponse(f"/field/interactions/{interaction}", 303)


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/field/photos/{photo}")
async def keep_photo(
    request: Request,
    session: Holder,
    *,
    acts: Acts,
    photo: str,
    user: str,
    entry: str,
    size: Annotated[int, Query(ge=1)],
    start: Annotated[int, Query(ge=0)],
    body: Annotated[bytes, Depends(_body)],
) -> Response:
    """Take a part of a photo of an entry that the hub has, and tell how much of it is there.

    409 where another person is signed in. A photo waits for its turn as entries do, and 503 tells
    a phone that waited for long to come again.
    """
    if user != session.user:
        return JSONResponse({"user": session.user}, HTTPStatus.CONFLICT)
    if not (is_id(photo) and is_id(entry)):
        raise HTTPException(404)
    add = partial(acts.photos.add, photo, body, start=start, size=size, entry=entry, by=session)
    try:
        done = await acts.in_turn(add)
    except TimeoutError:
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=LATER)
    if isinstance(done, int):
        return JSONResponse({"id": photo, "state": "part", "have": done})
    if isinstance(done, Refused):
        said = sentence(done.reasons[0], language=words_of(request).language)
        return JSONResponse({"id": photo, "state": "refused", "words": said})
    return JSONResponse({"id": photo, "state": "kept", "again": done.again})


@router.get("/field/photos/{photo}")
def show_photo(
    request: Request, site: SiteOf, session: Reader, *, acts: Acts, photo: str
) -> Response:
    """Give a photo to whoever sees what it is of."""
    with site.ground.database.read() as connection:
        digest = read_photo_digest(connection, photo, scope=session.scope)
    return send_photo(request, None if digest is None else acts.photos.files.read(digest))


@dataclass(frozen=True, slots=True)
class SeenAt:
    """What was said and seen at an outlet, the photos that it was found with, and its beats."""

    rows: Sequence[InteractionRow]
    photos: Sequence[str]
    beats: Sequence[BeatOf]


def read_of_customer(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> SeenAt | None:
    """Read what the customer's page shows of the field; None where there is nothing."""
    if not session.may("field.read"):
        return None
    zone = read_distributor(connection).zone
    day = moment_of(now_ms, zone).day
    beats = list_beats_of(connection, key, day=day, scope=session.scope)
    rows = read_of_outlet(connection, key, scope=session.scope)
    photos = read_first_photos(connection, key, scope=session.scope)
    return SeenAt(rows, photos, beats) if rows or photos or beats else None


def _show(
    request: Request, site: Site, session: Session, *, uuid: str, fault: str = ""
) -> Response:
    seen, words = site.feed.number, words_of(request)
    with site.ground.database.read() as connection:
        found = read_interaction(connection, uuid, scope=session.scope)
        people = list_walkers(connection, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return show_record(
        request,
        site,
        session,
        record=_record(found, session, words, day=site.today()),
        template="field_interaction.html",
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        found=found,
        people=people,
        taking=_taking(found.row),
    )


def _taking(row: InteractionRow) -> str:
    """Write what the form of returns is opened with, for goods that an outlet gives back."""
    back = {f"{row.condition}.{sku}": pieces for sku, pieces in row.shelf}
    return urlencode({"customer": row.code, "why": row.text, **back})


def _record(found: InteractionDetail, session: Session, words: PageWords, *, day: date) -> Record:
    row = found.row
    is_task = row.owner is not None
    linked = [Linked(words.text("seen.visit"), row.outlet, f"/field/visits/{row.visit}")]
    return Record(
        noun="interaction",
        key=row.uuid,
        number=words.named("field_entry", _TITLES.get(row.about, "noted")),
        name=row.outlet,
        address=f"/field/interactions/{row.uuid}",
        back="/field/tasks" if is_task else "/field/interactions",
        topics=("field",),
        name_href=_customer_address(row.code) if session.may("customers.read") else "",
        state=TASKS[row.state(day)] if is_task else None,
        actions=_actions(row, words) if is_task and session.may("field.settle") else Actions(),
        linked=tuple(linked) if row.visit else (),
        timeline=told_of(_told(found.history, words), lambda name: words.named("task_field", name)),
        notes=False,
    )


def _actions(row: InteractionRow, words: PageWords) -> Actions:
    hand = Action(words.text("tasks.hand"), "users", opens="hand")
    if row.done_at is not None:
        return Actions(others=(Action(words.text("tasks.again"), "arrow-back-up", opens="again"),))
    return Actions(next=Action(words.text("tasks.done"), "check", opens="done"), beside=(hand,))


def _told(entries: Sequence[Entry], words: PageWords) -> Iterator[Entry]:
    """Word what was changed in a task."""
    for one in entries:
        if one.field == "done":
            old, new = (
                None if value is None else words.text(TASKS["done" if value else "open"].words)
                for value in (one.old, one.new)
            )
            yield Entry(one.field, old, new, one.at_ms, one.who, one.why)
        else:
            yield one


def _customer_address(code: str) -> str:
    return f"/customers/{quote(code, safe='')}"


def _day(typed: str) -> date | None:
    try:
        return read_day(typed) if typed.strip() else None
    except CellError:
        return None
