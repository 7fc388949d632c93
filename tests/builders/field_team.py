"""A market with a rep who serves two of its shops and walks a beat with both."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from hub.base.access import EVERYTHING, Session
from hub.base.fields import Change, Refused
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.entries import Kept, read_entry
from hub.desk.field.model.fields import BeatFields
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import Taken
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from tests.builders.hub_records import Shelves
from tests.builders.market import NOON, Market, new_uuid
from tests.builders.photos import jpeg

REP: Final = "ravi"
TODAY: Final = date(2026, 11, 21)
EVERY_DAY: Final = 0b1111111
AT_C2: Final = {"latitude": 12_971_600, "longitude": 77_594_600, "accuracy_m": 15}


def send_rep(market: Market, *, beat: tuple[str, ...] = ("C2", "C1")) -> Session:
    """Have ravi serve C1, C2 and the blocked C3, and walk a beat every day; gives his session."""
    Shelves(market.database).user(REP, "field_rep")
    customers, field = market.hub.ground.part(CustomerActs), field_of(market)
    for code in ("C1", "C2", "C3"):
        customers.map(code, "rep", Span(REP, date(2026, 11, 1)), by="asha", scope=EVERYTHING)
    place = {"place": Change("", "12.9716, 77.5946")}
    customers.change("C2", place, by="asha", scope=EVERYTHING)
    field.plan.add(BeatFields("B-1", "Station road", beat), by="asha", scope=EVERYTHING)
    walk = Journey(0, REP, 0, EVERY_DAY, 1, date(2026, 11, 2))
    field.plan.walk("B-1", walk, by="asha", scope=EVERYTHING)
    return session_of(market, REP)


def field_of(market: Market) -> FieldActs:
    """Give the acts of the field."""
    return market.hub.ground.part(FieldActs)


def session_of(market: Market, name: str) -> Session:
    """Sign somebody in, and give the session as the hub's pages find it."""
    people = market.hub.ground.part(PeopleActs).sign_in
    account = people.find_account(name)
    assert account is not None
    token = people.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)
    session = people.find(token, now_ms=market.clock.ms, touch=False)
    assert session is not None
    return session


def entry(kind: str, **said: Any) -> dict[str, Any]:
    """Write an entry as a phone does, at noon unless it says otherwise."""
    return {"id": new_uuid(), "at": NOON, "kind": kind, **said}


def work_a_day(market: Market) -> None:
    """Have the rep visit a shop, take an order and money there, as a phone sends it."""
    rep = send_rep(market)
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    ordered = entry(
        "ordered", outlet="C2", visit=begun["id"], lines=[{"sku": "TEA", "quantity": 1}]
    )
    paid = entry("collected", outlet="C2", fields={"amount": "5.00", "mode": "cash"})
    keep(market, rep, begun)
    complaint = entry("complained", outlet="C2", text="broken seal", due=TODAY.isoformat())
    keep(market, rep, complaint)
    field_of(market).photos(new_uuid(), jpeg(), entry=complaint["id"], by=rep)
    placed = market.orders.place(
        AskedOrder(ordered["id"], "field", "C2", (AskedLine("TEA", 1),)),
        by=Requester("user", rep.user),
        scope=rep.scope,
    )
    assert isinstance(placed, PlacedOrder)
    taken = market.hub.ground.part(PaymentActs).take(
        "C2", paid["fields"], key=paid["id"], by=rep.user, scope=rep.scope
    )
    assert isinstance(taken, Taken)
    keep(market, rep, ordered, document=placed.uuid)
    keep(market, rep, paid, document=str(taken.payment))


def keep(
    market: Market, session: Session, written: dict[str, Any], *, document: str = ""
) -> Kept | Refused:
    """Have the hub keep an entry that the phone sends now by a right clock."""
    act = field_of(market).keep
    entry_ = read_entry(written)
    return act(entry_, by=session, sent_at_ms=market.clock.ms, document=document)


def rows_of(told: dict[str, Any], name: str, held: Mapping[str, Any] | None = None) -> list[Any]:
    """Give a list of a snapshot as a phone puts it together: from what is told and what it held."""
    known = {**(held or {}), **told["pieces"]}
    return [row for mark in told["marks"][name] for row in known[mark]]
