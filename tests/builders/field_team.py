"""A market with a rep who serves two of its shops and walks a beat with both."""

from datetime import date
from typing import Any, Final

from hub.base.access import EVERYTHING, Session
from hub.base.fields import Change, Refused
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.entries import Kept, read_entry
from hub.desk.field.model.fields import BeatFields
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from tests.builders.hub_records import Shelves
from tests.builders.market import NOON, Market, new_uuid

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


def keep(market: Market, session: Session, written: dict[str, Any]) -> Kept | Refused:
    """Have the hub keep an entry that the phone sends now by a right clock."""
    act = field_of(market).keep
    return act(read_entry(written), by=session, sent_at_ms=market.clock.ms)
