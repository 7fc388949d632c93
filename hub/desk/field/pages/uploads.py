"""Entries of a phone taken in: orders and money by their own acts, then all by the field's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from msgspec.structs import asdict

from hub.base.access import Session
from hub.base.fields import Duplicate, Reason
from hub.base.fields import Refused as FieldRefused
from hub.base.fields.words import sentence as field_sentence
from hub.base.money import money
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.model.asked import read_outcome
from hub.desk.deliveries.words import STATES as NOTE_STATES
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.entries import (
    NEW_OUTLET as OUTLET_FIELDS,
)
from hub.desk.field.model.entries import (
    Brought,
    Collected,
    Entry,
    EntryError,
    Kept,
    Ordered,
    OutletAdded,
    OutletChanged,
    TaskDone,
    moment_of,
    read_entry,
)
from hub.desk.field.reads.orders import read_told
from hub.desk.field.reads.snapshot import read_joined
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.deciding import DryDecision
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlaceReply
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.words import look_of, sentence
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import Taken
from hub.web.site import Site

_MOST_REASONS: Final = 10
"""So many reasons a small screen has room for."""
Answer = Mapping[str, Any]
Done = TypeVar("Done")
_OF_OTHERS: Final = frozenset({"ordered", "collected"})
"""The kinds of entries that another noun's act takes first."""
_KEY_USED: Final = frozenset({"key_used", "payment_key_used"})
NEEDS_OF_ENTRIES: Final[Mapping[type, str]] = {
    OutletAdded: "field.outlet",
    OutletChanged: "field.outlet",
    TaskDone: "field.settle",
    Ordered: "orders.place",
    Collected: "payments.take",
    Brought: "deliveries.record",
}
_VISITS: Final = "field.visit"
"""What entries need their sender to be permitted: of those that are not named, to visit outlets."""


async def _body_of(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body_of)]
"""What a phone sent, whole."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who sends, in which words they are answered, and the acts that take what they send."""

    site: Site
    session: Session
    words: PageWords
    field: FieldActs
    orders: OrderActs
    payments: PaymentActs
    deliveries: DeliveryActs
    joined: Mapping[str, str] | None = None
    """Outlets that turned out to be others, by code: what comes for one is of the other."""


@dataclass(frozen=True, slots=True)
class Made:
    """What another noun's act made of an entry: its document, what is told of it, or a refusal."""

    document: str = ""
    told: Answer = field(default_factory=dict)
    refused: Answer | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry, None where it goes no further, with what another noun's act made of it."""

    made: Made
    entry: Entry | None = None


def keep_all(
    entrance: Entrance, written: Sequence[Mapping[str, Any]], *, sent_at_ms: int
) -> Sequence[Answer]:
    """Take entries; gives of each its id, whether it is kept, and what the person is told of it.

    Orders, money and goods that were brought go through their own acts first, each alone; then all
    entries are kept at once.
    """
    if any(str(one.get("kind")) in _OF_OTHERS for one in written):
        with entrance.site.ground.database.read() as connection:
            joined = read_joined(connection, scope=entrance.session.scope)
        entrance = replace(entrance, joined=joined)
    read = [_read(entrance, one, sent_at_ms=sent_at_ms) for one in written]
    whole = [(one.entry, one.made.document) for one in read if one.entry is not None]
    kept = iter(
        entrance.field.keep.all(whole, by=entrance.session, sent_at_ms=sent_at_ms) if whole else ()
    )
    return [
        one.made.refused or {}
        if one.entry is None
        else _tell(entrance, one.entry, one.made, done=next(kept))
        for one in read
    ]


def _read(entrance: Entrance, written: Mapping[str, Any], *, sent_at_ms: int) -> _Read:
    """Read an entry, and have the act of another noun take what is that noun's."""
    entry_id = str(written.get("id", ""))
    try:
        entry = read_entry(written)
    except EntryError as error:
        refused = _refuse(entrance, entry_id, Reason("entry_wrong", {"text": str(error)}))
        return _Read(Made(refused=refused))
    if not entrance.session.may(NEEDS_OF_ENTRIES.get(type(entry), _VISITS)):
        return _Read(Made(refused=_refuse(entrance, entry_id, Reason("entry_not_permitted", {}))))
    made = Made()
    if isinstance(entry, Ordered):
        made = _place(entrance, entry)
    elif isinstance(entry, Collected):
        made = _collect(entrance, entry)
    elif isinstance(entry, Brought):
        made = _bring(entrance, entry, sent_at_ms=sent_at_ms)
    return _Read(made, entry if made.refused is None else None)


def _tell(entrance: Entrance, entry: Entry, made: Made, *, done: Kept | FieldRefused) -> Answer:
    if isinstance(done, FieldRefused):
        return _refuse(entrance, entry.id, done.reasons[0], duplicates=done.duplicates)
    told = {"words": _say_waiting(entrance.words, done)} if done.waiting else {}
    return {"id": entry.id, "state": "kept", "again": done.again, **told, **made.told}


def _say_waiting(words: PageWords, done: Kept) -> str:
    """Say what of an outlet a second person lets pass."""
    if done.waiting == ("new",):
        return words.text("field_page.new_waits")
    fields = ", ".join(words.named("customer_field", name) for name in done.waiting)
    return words.text("field_page.waits", fields=fields)


def asked_of(entry: Ordered, outlet: str = "") -> AskedOrder:
    """Give an order of a phone as the desk asks for it, of `outlet` where the entry's is that one.

    The entry's id is its key.
    """
    return AskedOrder(
        key=entry.id,
        source="field",
        customer=outlet or entry.outlet,
        lines=tuple(AskedLine(one.sku, one.quantity, one.unit) for one in entry.lines),
        payment=entry.payment,
        delivery_date=entry.delivery_date,
    )


def tell_price(dry: DryDecision, words: PageWords) -> Answer:
    """Tell a phone what an order would come to, and what is to be said of it."""
    revision = dry.revision
    scale, currency = revision.scale, revision.currency
    said = [
        sentence(one, scale, language=words.language, currency=currency) for one in revision.reasons
    ]
    _, near = dry.told(words.language)
    return {
        "total": money(revision.payable, currency, scale),
        "status": words.text(look_of(revision.status, changed=revision.changed).words),
        "reasons": said[:_MOST_REASONS],
        "near": [one.text for one in near][:_MOST_REASONS],
    }


def _place(entrance: Entrance, entry: Ordered) -> Made:
    session, words = entrance.session, entrance.words
    by = Requester("user", session.user)

    def place(outlet: str) -> PlaceReply:
        return entrance.orders.place(asked_of(entry, outlet), by=by, scope=session.scope)

    placed = _take_for(entrance, entry.outlet, place)
    if isinstance(placed, Refused):
        if placed.reason.code == "customer_unknown":
            return Made(refused=_refuse(entrance, entry.id, _unseen(entry.outlet)))
        said = sentence(placed.reason, language=words.language)
        return Made(refused={"id": entry.id, "state": "refused", "words": said})
    return Made(placed.uuid, _tell_order(entrance, placed.uuid))


def _take_for(entrance: Entrance, code: str, act: Callable[[str], Done]) -> Done:
    """Have an act take an entry for the outlet that its outlet turned out to be.

    What the act had taken before that was known stays where it was, and is found there.
    """
    joined = entrance.joined or {}
    done = act(joined.get(code, code))
    return act(code) if code in joined and _is_known(done) else done


def _is_known(done: object) -> bool:
    """Say whether an act has something else under an entry's key."""
    if isinstance(done, Refused):
        return done.reason.code in _KEY_USED
    return isinstance(done, FieldRefused) and done.reasons[0].code in _KEY_USED


def _tell_order(entrance: Entrance, uuid: str) -> Answer:
    """Tell what became of an order: its number, its state and why, and what it comes to."""
    words = entrance.words
    with entrance.site.ground.database.read() as connection:
        found = read_told(connection, uuid, scope=entrance.session.scope, language=words.language)
    if found is None:
        return {}
    said = [
        sentence(
            one,
            found.scale,
            language=words.language,
            names=found.names,
            currency=found.currency,
        )
        for one in found.reasons
    ]
    return {
        "number": found.number,
        "status": found.status,
        "status_words": words.text(look_of(found.status, changed=found.changed).words),
        "total": money(found.payable, found.currency, found.scale),
        "words": "; ".join(said[:_MOST_REASONS]),
        "paper": f"/orders/{uuid}/paper.pdf",
    }


def _collect(entrance: Entrance, entry: Collected) -> Made:
    session = entrance.session
    fields = {**entry.fields, "collector": session.user, "oldest": "1"}

    def take(outlet: str) -> Taken | FieldRefused:
        # Collected at two times, it comes in at one: there is nobody to be asked about it.
        key, by, scope = entry.id, session.user, session.scope
        return entrance.payments.take(outlet, fields, key=key, by=by, scope=scope, ask_alike=False)

    done = _take_for(entrance, entry.outlet, take)
    if isinstance(done, FieldRefused):
        # The answer was lost, and the outlet is another's by now: the money is at the hub.
        if isinstance(entrance.field.keep.find(entry, by=session), Kept):
            return Made()
        reason = done.reasons[0]
        if reason.code == "payment_customer_unknown":
            reason = _unseen(entry.outlet)
        return Made(refused=_refuse(entrance, entry.id, reason))
    paper = f"/payments/{done.payment}/paper.pdf"
    return Made(str(done.payment), {"number": done.number, "paper": paper})


def _bring(entrance: Entrance, entry: Brought, *, sent_at_ms: int) -> Made:
    """Record what became of a note; just the same is recorded once, whoever sends it how often."""
    rows = [{name: str(value) for name, value in asdict(one).items()} for one in entry.lines]
    fields = {"outcome": entry.outcome, "receiver": entry.receiver, "word": entry.word}
    fields |= {"note": entry.text, "signature": entry.signature}
    asked, faults = read_outcome(fields, rows)
    if faults:
        return Made(refused=_refuse(entrance, entry.id, faults[0]))
    at_ms = moment_of(entry.at, sent_at_ms=sent_at_ms, now_ms=entrance.site.now_ms())
    asked = replace(asked, redeliver=entry.redeliver, at_ms=at_ms)
    session = entrance.session
    done = entrance.deliveries.record(entry.delivery, asked, by=session.user, scope=session.scope)
    if isinstance(done, FieldRefused):
        return Made(refused=_refuse(entrance, entry.id, done.reasons[0]))
    told = {
        "status_words": entrance.words.text(NOTE_STATES[done.state].words),
        "paper": f"/deliveries/{done.delivery}/proof.pdf",
    }
    if entry.rest is True and done.state == "part":
        told["words"] = _order_rest(entrance, entry.delivery)
    return Made(str(done.delivery), told)


def _order_rest(entrance: Entrance, note: int) -> str:
    """Order what a note did not bring once more; says under which number, or why not."""
    session, words = entrance.session, entrance.words
    by = Requester("user", session.user)
    done = entrance.deliveries.order_rest(note, by=by, scope=session.scope)
    if isinstance(done, FieldRefused):
        return field_sentence(done.reasons[0], language=words.language)
    return words.text("field_page.rest_ordered", number=done.number)


def _unseen(outlet: str) -> Reason:
    return Reason("outlet_unknown", {"outlet": outlet}, "outlet")


def _refuse(
    entrance: Entrance, entry_id: str, reason: Reason, *, duplicates: Sequence[Duplicate] = ()
) -> dict[str, Any]:
    said = field_sentence(reason, language=entrance.words.language)
    told = {"id": entry_id, "state": "refused", "code": reason.code, "words": said}
    if reason.field in OUTLET_FIELDS:
        told["words"] = f"{entrance.words.named('customer_field', reason.field)}: {said}"
    if not duplicates:
        return told
    named = [
        {"code": one.code, "name": one.name, "by": entrance.words.named("same", one.by)}
        for one in duplicates
    ]
    return {**told, "duplicates": named}
