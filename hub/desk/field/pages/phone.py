"""The phone's page, what a phone keeps to go on unconnected, and the entrance of what it sends."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.model.outcome import LINE_REASONS, RESTS
from hub.desk.deliveries.store.photos import MOST_PHOTOS
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.entries import (
    CONDITIONS,
    KINDS,
    MISS_REASONS,
    NOTE_KINDS,
    OUTCOMES,
    Ordered,
    Upload,
)
from hub.desk.field.model.pieces import Piece, cut, marks_in, whole
from hub.desk.field.pages.deciding import read_deciding
from hub.desk.field.pages.seen import LATER
from hub.desk.field.pages.uploads import Body, Entrance, asked_of, keep_all, tell_price
from hub.desk.field.reads.bringing import read_notes_to_bring
from hub.desk.field.reads.calls import read_own_figures
from hub.desk.field.reads.interactions import read_own_tasks
from hub.desk.field.reads.past import read_past_goods
from hub.desk.field.reads.snapshot import (
    KeptCatalogue,
    read_joined,
    read_outlets,
    read_own_day,
    read_own_leaves,
    read_owners,
    read_unended,
    reads_selfie,
)
from hub.desk.field.reads.surveys import read_open_surveys
from hub.desk.field.reads.targets import OwnTargets
from hub.desk.field.reads.ways import read_rest, read_ways
from hub.desk.field.store.photos import MOST_OF_ENTRY
from hub.desk.notices.reads import count_unread, list_of_work, list_own
from hub.desk.notices.words import show_told
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.words import sentence
from hub.desk.payments.acts import PaymentActs
from hub.desk.targets.model import AIMS
from hub.web.noun import Router
from hub.web.pages import STATIC, draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Visitor = Annotated[Session, Depends(signed_in_for("field.visit"))]
Holder = Annotated[Session, Depends(signed_in_for("field.phone"))]
"""Who opens the page at all: to visit outlets, to bring goods, or both."""
_DAYS_AHEAD: Final = 7
"""The way of so many days to come is known to a phone that has no line then."""
_MOST_NOTICES: Final = 20
_PARTS: Final = ("outlets", "products", "past", "notes")
"""What of a snapshot is long, and seldom another."""
_MOST_HELD: Final = 16_384
Held = Annotated[str, Query(max_length=_MOST_HELD)]
"""The marks of the pieces that a phone holds already, one behind the other."""
_WORTH_PACKING: Final = 1_000
_PACKED_FAST: Final = 1
_NOTHING: Final[Mapping[str, object]] = {
    "outlets": (),
    "products": (),
    "ways": {},
    "past": (),
    "joined": {},
    "selfie": False,
    "begun": None,
    "ended": None,
    "visits": (),
    "unended": (),
    "targets": (),
    "tasks": (),
    "owners": (),
    "leaves": (),
    "surveys": (),
    "rest": None,
}
"""What a phone keeps of outlets and days whose person brings goods, and visits nobody."""
_PAGE_HEADERS: Final = {
    # The place of a check-in is asked for here, and nowhere else; the camera reads bar codes.
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
APP_WORDS: Final = (
    *("all", "balance", "begin_day", "begin_visit", "begun", "call", "collect", "day"),
    *("day_over", "discard", "discard_sure", "end_day", "end_visit", "find", "kept", "limit"),
    *("forbidden", "mend", "money", "new_order", "no_line", "no_line_none", "no_outlets"),
    *("no_price", "no_route", "not_kept", "note", "of_planned", "oldest"),
    *("outcome", "own", "payment", "pieces", "place_order", "price", "price_of", "queue"),
    *("queue_empty", "reference", "refused", "remove", "retry", "rows_of", "save", "send"),
    *("sending", "sign_in", "sign_out", "sign_out_waits", "text", "total", "visited"),
    *("waiting", "why", "wrong_user", "closed", "amount", "no_rows", "today"),
    *("targets", "target_of", "target_needed", "target_reached", "target_as_of"),
    *(
        "alike",
        "choose",
        "cleared",
        "reason",
        "due",
        "due_day",
        "edit_outlet",
        "leave",
        "leave_day",
        "leave_asked",
        "leave_granted",
        "leave_refused",
        "not_visited",
    ),
    *("new_outlet", "no_change", "other_outlet", "outlet_here", "owner", "pending", "photo"),
    *("give_back_reason", "no_product", "photo_many", "decide_beyond"),
    *("photo_large", "photo_room", "photo_taking", "photo_wrong", "photos_wait", "price_seen"),
    *("remove_photo", "same_outlet", "survey_over", "task_done", "task_gone", "tasks", "to_outlet"),
    *("unknown_outlet", "what_was_done", "selfie_none", "selfie_why", "unended"),
    *("rest", "rest_named", "condition", "give_back", "give_back_why", "figures", "fig_covered"),
    *("fig_days", "fig_kept", "fig_strike_made", "fig_strike_planned", "fig_verified"),
    *("paper", "price_other", "receipt", "scan", "scan_hint", "scan_denied", "close", "paste"),
    *("paste_add", "paste_hint"),
    *("paste_read", "last_order", "usual", "usual_row", "notices", "notices_device"),
    *("notices_none", "notices_read", "deciding", "decide_asked", "decide_by", "decide_change"),
    *("decide_count", "decide_done", "decide_exposure", "decide_gone", "decide_limit"),
    *("decide_new", "decide_no", "decide_no_line", "decide_none", "decide_offer", "decide_own"),
    *("decide_since", "decide_unsure", "decide_until", "decide_yes"),
    *("bring_again", "bring_count", "bring_gone", "bring_kept", "bring_left", "bring_more"),
    *("bring_none", "bring_short", "bring_whole", "wanted_for", "wanted_on"),
)
BROUGHT_WORDS: Final = (
    *("back", "damaged", "lost", "receiver", "redeliver", "word", "word_hint", "signature"),
    *(
        "signature_wipe",
        "notes",
        "outcome",
        "outcome_hint",
        "record",
        "remark",
        "proof_paper",
        "rest",
    ),
)
OUTLET_WORDS: Final = (
    *("name", "contact", "phone", "address", "city", "pin", "gstin", "hours", "place"),
    "outlet_class",
)


@router.get("/field")
def phone(request: Request, session: Holder) -> Response:
    """Show the phone's page: the same for everybody, so that a phone may keep it."""
    words = words_of(request)
    said = _named(words, "field_app", APP_WORDS)
    families = {
        "outcomes": _named(words, "visit_outcome", OUTCOMES),
        "notes": _named(words, "field_note", NOTE_KINDS),
        "payments": _named(words, "payment", ("cash", "credit", "advance")),
        "measures": _named(words, "measure", tuple(AIMS)),
        "modes": _named(words, "payment_mode", ("cash", "upi", "cheque", "bank")),
        "conditions": _named(words, "goods_condition", CONDITIONS),
        "kinds": _named(words, "field_entry", KINDS),
        "missed": _named(words, "missed_reason", MISS_REASONS),
        "brought": _named(words, "delivery", BROUGHT_WORDS),
        "pages": _named(words, "menu", ("home", "team")),
        "ends": _named(words, "delivery_end", ("lines", "refused", "closed_shop")),
        "reasons": _named(words, "delivery_reason", LINE_REASONS),
        "rests": _named(words, "delivery_rest", RESTS),
        "customer": _named(words, "customer_field", OUTLET_WORDS),
    }
    page = draw(
        request,
        "field_phone.html",
        session=session,
        most_photos=MOST_OF_ENTRY,
        most_note_photos=MOST_PHOTOS,
        words=json.dumps({**said, **families}, ensure_ascii=False),
    )
    page.headers.update(_PAGE_HEADERS)
    return page


@router.get("/field/worker.js")
def worker() -> Response:
    """Give the script that opens the page without a connection; it may keep `/field` alone."""
    headers = {"Service-Worker-Allowed": "/field", "Cache-Control": "no-cache"}
    return FileResponse(STATIC / "field-worker.js", media_type="text/javascript", headers=headers)


@router.get("/field/manifest.webmanifest")
def manifest(request: Request, site: SiteOf) -> Response:
    """Say what the page is called on the phone's own screen, and how it looks there."""
    name = words_of(request).text("field_page.title")
    body = {
        "name": f"{site.distributor().name}: {name}",
        "short_name": name,
        "start_url": "/field",
        "scope": "/field",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0f5e9c",
        "icons": [{"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return JSONResponse(body, media_type="application/manifest+json")


@router.get("/field/snapshot")
def snapshot(request: Request, site: SiteOf, session: Holder, *, held: Held = "") -> Response:
    """Give what the phone keeps; 304 where it has just that.

    `marks` name the pieces that its long lists are made of now, and `pieces` has those that the
    phone does not say to hold: a visit that began sends no list of products over a slow line, and a
    product that has another name sends no list of all others.
    """
    words, walks, day = words_of(request), session.may("field.visit"), site.today()
    with site.ground.database.read() as connection:
        deciding, beyond = read_deciding(site, connection, day, session=session, words=words)
        said = {
            **(
                _read_walk(site, connection, session, day=day, language=words.language)
                if walks
                else _NOTHING
            ),
            "user": session.user,
            "day": day,
            "walks": walks,
            "notes": _read_notes(connection, session),
            "deciding": deciding,
            "beyond": beyond,
            "looks_on": session.may("field.read"),
            "notices": _notices(connection, session, words),
        }
    parts = {name: said.pop(name) for name in _PARTS}
    said["marks"] = {name: [one.mark for one in pieces] for name, pieces in parts.items()}
    mark = f'"{hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    known = marks_in(held)
    said["pieces"] = {
        one.mark: msgspec.Raw(one.body)
        for one in chain.from_iterable(parts.values())
        if one.mark not in known
    }
    body = msgspec.json.encode(said)
    if len(body) >= _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, _PACKED_FAST, mtime=0), "gzip"
    return Response(body, media_type="application/json", headers=headers)


@router.get("/field/figures")
def figures(site: SiteOf, session: Visitor) -> Response:
    """Give what the person's plan and visits of this month come to, apart: they cost the most."""
    with site.ground.database.read() as connection:
        found = read_own_figures(connection, site.today(), user=session.user, scope=session.scope)
    return JSONResponse({"figures": found and asdict(found)})


@router.post("/field/entries")
async def entries(
    request: Request,
    site: SiteOf,
    session: Holder,
    *,
    field: Annotated[FieldActs, Depends(acts_of(FieldActs))],
    orders: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    payments: Annotated[PaymentActs, Depends(acts_of(PaymentActs))],
    deliveries: Annotated[DeliveryActs, Depends(acts_of(DeliveryActs))],
    body: Body,
) -> Response:
    """Take what a phone kept: each entry is kept or refused by itself, in the order they came.

    409 is for entries of another person than is signed in: they stay on the phone for that one. A
    team that comes back into the network together keeps no counter waiting: one upload is taken at
    a time, the others wait in a row, and 503 tells a phone that waited for long to come again.
    """
    try:
        upload = msgspec.json.decode(body, type=Upload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return JSONResponse({"text": str(error)}, HTTPStatus.BAD_REQUEST)
    if upload.user != session.user:
        return JSONResponse({"user": session.user}, HTTPStatus.CONFLICT)
    entrance = Entrance(site, session, words_of(request), field, orders, payments, deliveries)
    taking = partial(keep_all, entrance, upload.entries, sent_at_ms=upload.sent_at)
    try:
        answers = await field.in_turn(taking)
    except TimeoutError:
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=LATER)
    return JSONResponse({"answers": answers})


@router.post("/field/price")
def price(
    request: Request,
    session: Visitor,
    *,
    orders: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    body: Body,
) -> Response:
    """Tell what an order would come to now; nothing is kept."""
    try:
        entry = msgspec.json.decode(body, type=Ordered)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return JSONResponse({"text": str(error)}, HTTPStatus.BAD_REQUEST)
    words = words_of(request)
    by = Requester("user", session.user)
    dry = orders.foresee.place(asked_of(entry), by=by, scope=session.scope)
    if isinstance(dry, Refused):
        said = sentence(dry.reason, language=words.language)
        return JSONResponse({"text": said}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return JSONResponse(tell_price(dry, words))


def _read_walk(
    site: Site, connection: Connection, session: Session, *, day: date, language: str
) -> dict[str, Any]:
    """Read what a phone keeps of who visits outlets."""
    user, scope = session.user, session.scope
    outlets = _read_outlets(site, connection, session, day=day)
    resting = None if outlets["ways"][day] else read_rest(connection, day, user=user, scope=scope)
    return {
        **outlets,
        **_read_own(site, connection, session, day=day),
        "surveys": read_open_surveys(connection, day, scope=scope, language=language),
        "rest": resting and resting.words(language),
    }


def _read_outlets(
    site: Site, connection: Connection, session: Session, *, day: date
) -> dict[str, Any]:
    """Read the outlets with the ways of these days, what they ordered before, and products."""
    scope = session.scope
    days = [day + timedelta(days=one) for one in range(_DAYS_AHEAD + 1)]
    ways = read_ways(connection, days, user=session.user, scope=scope)
    outlets = read_outlets(connection, first=ways[day], scope=scope)
    past = read_past_goods(connection, [*chain.from_iterable(ways.values())], scope=scope)
    return {
        "outlets": cut("outlets", [(one.code, one) for one in outlets]),
        "ways": ways,
        "past": cut(
            "past", [(code, (code, (one.at, one.lines, one.usual))) for code, one in past.items()]
        ),
        "joined": read_joined(connection, scope=scope),
        "products": site.ground.part(KeptCatalogue).read(connection, scope=scope),
        "selfie": reads_selfie(connection, scope=scope),
    }


def _read_own(site: Site, connection: Connection, session: Session, *, day: date) -> dict[str, Any]:
    """Read the person's own day, visits, targets, tasks and leaves, and who may own a task."""
    user, scope = session.user_id, session.scope
    own, visits = read_own_day(connection, day, user=user, scope=scope)
    targets = site.ground.part(OwnTargets).read(connection, session, now_ms=site.now_ms())
    tasks = read_own_tasks(connection, user=user, scope=scope)
    return {
        "begun": own[0] if own else None,
        "ended": own[1] if own else None,
        "visits": visits,
        "unended": read_unended(connection, day, user=user, scope=scope),
        "targets": targets,
        "tasks": [
            {
                "uuid": one.uuid,
                "outlet": one.code,
                "outlet_name": one.outlet,
                "text": one.text,
                "due": one.due_day,
            }
            for one in tasks
        ],
        "owners": read_owners(connection, day, user=user, scope=scope),
        "leaves": read_own_leaves(connection, day, user=user, scope=scope),
    }


def _read_notes(connection: Connection, session: Session) -> Sequence[Piece]:
    """Read what is on its way to shops, for whoever may say what became of it."""
    if not session.may("deliveries.record"):
        return ()
    notes = read_notes_to_bring(connection, driver=session.user, scope=session.scope)
    return whole("notes", notes)


def _notices(connection: Connection, session: Session, words: PageWords) -> Mapping[str, object]:
    """Give what the person was told, newest first; `up_to` and `own_up_to` mark it as read."""
    user, scope = session.user_id, session.scope
    of_orders = list_own(connection, user, most=_MOST_NOTICES, scope=scope)
    of_work = list_of_work(connection, user, most=_MOST_NOTICES, scope=scope)
    shown = show_told(of_orders, of_work, words, staff=session.is_staff)[:_MOST_NOTICES]
    return {
        "unread": count_unread(connection, user, scope=scope),
        "up_to": max((one.id for one in of_orders), default=0),
        "own_up_to": max((one.id for one in of_work), default=0),
        "rows": shown,
    }


def _named(words: PageWords, family: str, codes: tuple[str, ...]) -> dict[str, str]:
    return {one: words.named(family, one) for one in codes}
