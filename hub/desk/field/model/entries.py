"""What a phone keeps until the hub has it: entries, each with an id of the phone's own."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from hub.desk.deliveries.model.life import Outcome as NoteOutcome
from hub.desk.deliveries.model.outcome import LineReason
from hub.desk.deliveries.model.signature import MOST_POINTS
from hub.desk.field.model.places import Place

Outcome = Literal[
    "order", "no_need", "stock_left", "closed", "owner_away", "other_supplier", "debt"
]
"""How a visit ended; `order` is what the others give the reason for not being."""
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
NOT_ENDED: Final = "not_ended"
"""How a visit ended that nobody ended on its day: at midnight, by itself; its minutes are none."""
NoteKind = Literal["note", "call", "complaint", "stock_seen", "competitor_price", "goods_back"]
NOTE_KINDS: Final[tuple[NoteKind, ...]] = get_args(NoteKind)
TASKS: Final[tuple[NoteKind, ...]] = ("complaint", "goods_back")
"""What somebody has to deal with by a day: a complaint, and goods that an outlet gives back."""
Condition = Literal["good", "damaged", "expired"]
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
"""How goods are that an outlet gives back; all of one entry are alike."""
NotedKind = Literal["note", "call", "complaint", "stock_seen", "competitor_price"]
"""What may be said in a text alone; goods that are given back have pieces, and a day."""
MissReason = Literal["closed", "no_time", "far", "vehicle", "weather", "other"]
MISS_REASONS: Final[tuple[MissReason, ...]] = get_args(MissReason)
"""Why an outlet of the day's way was not visited."""
NEW_OUTLET: Final = (
    *("name", "phone", "contact", "address", "city", "pin", "gstin", "hours"),
    "place",
)
"""What a phone says of an outlet that nobody knew, by the names of customers' fields."""
EDITED_OUTLET: Final = ("phone", "contact", "address", "city", "pin", "hours", "place")
"""What a phone may ask to have changed of an outlet."""
MOST_ENTRIES: Final = 50
"""Entries of one upload at most."""
CLOCK_OFF_MS: Final = 120_000
"""A phone's clock that is off by more is put right by the moment of the upload."""
OLDEST_MS: Final = 90 * 24 * 3_600_000
"""An entry that says to be older was made by a clock that was set since: it counts as of now."""

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_Id = Annotated[str, msgspec.Meta(min_length=36, max_length=36)]
# What every database can hold: no NUL in a text, and no moment that no clock can say.
_PLAIN: Final = r"\A[^\x00]*\Z"
_MOST_MS: Final = 8_640_000_000_000_000
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=_PLAIN)]
_Text = Annotated[str, msgspec.Meta(max_length=500, pattern=_PLAIN)]
_Said = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=_PLAIN)]
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=_PLAIN)]
_MOST_COUNT: Final = 9_999_999
_MOST_ID: Final = 2**53 - 1
_Count = Annotated[int, msgspec.Meta(ge=0, le=_MOST_COUNT)]
_MOST_INK: Final = 10 * MOST_POINTS


class _Entry(
    msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True, kw_only=True
):
    """What every entry has: its id, and the moment by the phone's own clock, in Unix ms."""

    id: _Id
    at: Annotated[int, msgspec.Meta(ge=-_MOST_MS, le=_MOST_MS)]


class DayBegun(_Entry, frozen=True, tag="day_begun"):
    """The field day begins."""

    place: Place = Place()


class DayEnded(_Entry, frozen=True, tag="day_ended"):
    """The field day ends."""

    place: Place = Place()


class Leave(_Entry, frozen=True, tag="leave"):
    """The person is on leave on a day, as `2026-11-30`."""

    day: date
    why: _Text = ""


class VisitBegun(_Entry, frozen=True, tag="visit_begun"):
    """A visit of an outlet begins: the check-in."""

    outlet: _Code
    place: Place = Place()


class VisitEnded(_Entry, frozen=True, tag="visit_ended"):
    """A visit ends; `visit` is the id of the entry that it began with."""

    visit: _Id
    outcome: Outcome
    why: _Text = ""


class Noted(_Entry, frozen=True, tag="noted"):
    """An interaction with an outlet, in a visit or by itself."""

    outlet: _Code
    about: NotedKind
    text: _Said
    visit: _Id | None = None


class Complained(_Entry, frozen=True, tag="complained"):
    """A complaint of an outlet: who deals with it, by which day; without an owner, who noted it."""

    outlet: _Code
    text: _Said
    due: date
    owner: _Code | None = None
    visit: _Id | None = None


class SeenLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many base units of a product on an outlet's shelf."""

    sku: _Code
    pieces: Annotated[int, msgspec.Meta(ge=0, le=9_999_999)]


class StockSeen(_Entry, frozen=True, tag="stock_seen"):
    """What stands on an outlet's shelf."""

    outlet: _Code
    lines: Annotated[tuple[SeenLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    text: _Text = ""
    visit: _Id | None = None


class PriceSeen(_Entry, frozen=True, tag="price_seen"):
    """What another supplier asks at an outlet: for what, and the price in minor units."""

    outlet: _Code
    text: _Said
    price: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_00)]
    visit: _Id | None = None


class GoodsBack(_Entry, frozen=True, tag="goods_back"):
    """Goods that an outlet gives back, as they stand there: the desk takes them, and credits them.

    Who deals with it is whom the person reports to, or else the person, three days later.
    """

    outlet: _Code
    lines: Annotated[tuple[SeenLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    condition: Condition
    text: _Said
    visit: _Id | None = None


class TaskDone(_Entry, frozen=True, tag="task_done"):
    """A complaint was dealt with; `task` is the id of the entry that it was noted by."""

    task: _Id
    why: _Said


class OutletAdded(_Entry, frozen=True, tag="outlet_added"):
    """An outlet that nobody knew, by the fields of `NEW_OUTLET`; its code follows from the id.

    `anyway` says that those which the hub took it for are others.
    """

    fields: dict[_Word, _Text]
    anyway: bool = False


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field as the person saw it, and as the person wants it."""

    seen: _Text
    wanted: _Text


class OutletChanged(_Entry, frozen=True, tag="outlet_changed"):
    """What of an outlet is otherwise than the hub has it, by the fields of `EDITED_OUTLET`."""

    outlet: _Code
    changes: Annotated[dict[_Word, Edit], msgspec.Meta(min_length=1)]


class VisitMissed(_Entry, frozen=True, tag="visit_missed"):
    """An outlet of the day's way that was not visited, and why."""

    outlet: _Code
    reason: MissReason
    text: _Text = ""


class Surveyed(_Entry, frozen=True, tag="surveyed"):
    """Answers of an outlet to the questions of a survey, by the questions' own codes."""

    outlet: _Code
    survey: _Code
    answers: Annotated[dict[_Word, _Text], msgspec.Meta(min_length=1, max_length=20)]
    visit: _Id | None = None


class OrderedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of a product: base units, or whole packs where `unit` names a pack size."""

    sku: _Code
    quantity: int
    unit: _Text | None = None


class Ordered(_Entry, frozen=True, tag="ordered"):
    """An order of an outlet; the hub decides it, whatever the phone showed."""

    outlet: _Code
    lines: Annotated[tuple[OrderedLine, ...], msgspec.Meta(min_length=1, max_length=500)]
    payment: Literal["cash", "credit", "advance"] = "credit"
    visit: _Id | None = None
    delivery_date: date | None = None


class Collected(_Entry, frozen=True, tag="collected"):
    """Money taken at an outlet; `fields` are those of the page of payments."""

    outlet: _Code
    fields: dict[Annotated[str, msgspec.Meta(max_length=64)], _Text]
    visit: _Id | None = None


class BroughtLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a note's line a shop did not take, in base units, and why."""

    line: Annotated[int, msgspec.Meta(ge=1, le=_MOST_COUNT)]
    back: _Count = 0
    damaged: _Count = 0
    lost: _Count = 0
    reason: LineReason | Literal[""] = ""


class Brought(_Entry, frozen=True, tag="brought"):
    """What became of a delivery note at the shop, and who signed for it.

    `delivery` is the note's row id; without an `outcome` the lines say it, and what no line names
    was taken. `word` is what the shop said to the driver, `signature` the strokes of the receiver;
    `rest` has what was not delivered ordered once more. Unset, it counts in no hash.
    """

    delivery: Annotated[int, msgspec.Meta(ge=1, le=_MOST_ID)]
    outcome: NoteOutcome | Literal[""] = ""
    lines: Annotated[tuple[BroughtLine, ...], msgspec.Meta(max_length=500)] = ()
    receiver: Annotated[str, msgspec.Meta(max_length=200, pattern=_PLAIN)] = ""
    word: Annotated[str, msgspec.Meta(max_length=32, pattern=_PLAIN)] = ""
    redeliver: date | None = None
    text: _Text = ""
    signature: Annotated[str, msgspec.Meta(max_length=_MOST_INK, pattern=_PLAIN)] = ""
    rest: bool | msgspec.UnsetType = msgspec.UNSET


Interaction = Noted | Complained | StockSeen | PriceSeen | GoodsBack
"""What is kept on an outlet's timeline."""
Entry = (
    DayBegun
    | DayEnded
    | Leave
    | VisitBegun
    | VisitEnded
    | VisitMissed
    | Interaction
    | TaskDone
    | OutletAdded
    | OutletChanged
    | Surveyed
    | Ordered
    | Collected
    | Brought
)
KINDS: Final = (
    *("day_begun", "day_ended", "leave", "visit_begun", "visit_ended", "visit_missed"),
    *("noted", "complained", "stock_seen", "price_seen", "goods_back", "task_done"),
    *("outlet_added", "outlet_changed", "surveyed", "ordered", "collected"),
    "brought",
)


class Upload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone sends at once: whose it is, its clock as it sends, and its entries in order.

    Each entry is read by itself, so that one that cannot be read keeps no other back.
    """

    user: str
    sent_at: int
    entries: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST_ENTRIES)]


class EntryError(Exception):
    """An entry is none: what is wrong with it, and where."""


def read_entry(written: Mapping[str, Any]) -> Entry:
    """Read one entry; raises EntryError."""
    try:
        entry: Entry = msgspec.convert(dict(written), Entry)
    except msgspec.ValidationError as error:
        raise EntryError(str(error)) from error
    named = (getattr(entry, name, None) or entry.id for name in ("id", "visit", "task"))
    if not all(is_id(one) for one in named):
        raise EntryError("Expected an id such as 0190f3c8-1111-7222-8333-444455556666 - at `$.id`")
    _check_fields(entry)
    return entry


def is_id(text: str) -> bool:
    """Say whether a text is an id as phones make them."""
    return _ID.fullmatch(text) is not None


def _check_fields(entry: Entry) -> None:
    """See that a phone tells what it may of an outlet, and each product once; raises EntryError."""
    unknown: set[str] = set()
    if isinstance(entry, OutletAdded):
        unknown = entry.fields.keys() - set(NEW_OUTLET)
    elif isinstance(entry, OutletChanged):
        unknown = entry.changes.keys() - set(EDITED_OUTLET)
    elif isinstance(entry, StockSeen | GoodsBack):
        skus = [one.sku for one in entry.lines]
        unknown = {sku for sku in skus if skus.count(sku) > 1}
    if unknown:
        raise EntryError(
            f"Expected each field and product that is known, once - at `{min(unknown)}`"
        )


def code_of_new(entry: str) -> str:
    """Give the code of an outlet that an entry adds: the phone knows it before the hub does.

    `0190f3c8-1111-7222-8333-444455556666` adds `N-4455556666`.
    """
    return f"N-{entry[-10:].upper()}"


def about_of(entry: Interaction) -> NoteKind:
    """Say what an interaction is about."""
    match entry:
        case Complained():
            return "complaint"
        case StockSeen():
            return "stock_seen"
        case PriceSeen():
            return "competitor_price"
        case GoodsBack():
            return "goods_back"
        case Noted(about=about):
            return about


def kind_of(entry: Entry) -> str:
    """Name an entry's kind."""
    return str(type(entry).__struct_config__.tag)


def digest_of(entry: Entry) -> str:
    """Hash what an entry says: the same id with another digest is another entry."""
    return hashlib.sha256(msgspec.json.encode(entry, order="sorted")).hexdigest()


def moment_of(at_ms: int, *, sent_at_ms: int, now_ms: int) -> int:
    """Give the true moment of an entry, by how far the phone's clock was off as it sent.

    A phone that is two hours behind sends at 10:00 by its clock what it kept at 9:30: at 12:00 by
    the hub's, that is 11:30. No moment is in the future, and none is older than 90 days.
    """
    off = now_ms - sent_at_ms
    moment = min(at_ms + off if abs(off) > CLOCK_OFF_MS else at_ms, now_ms)
    return moment if moment > now_ms - OLDEST_MS else now_ms


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an entry: kept now or before, with what it made, or why it was not.

    `state` is `kept` or `refused`; `document` the id of the order, the payment or the visit, or
    the code of a new outlet. `waiting` are the fields of an outlet that a second person lets pass.
    """

    state: Literal["kept", "refused"]
    document: str = ""
    again: bool = False
    waiting: tuple[str, ...] = ()
