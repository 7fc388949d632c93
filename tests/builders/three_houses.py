"""The company and two distributors on one hub, each with its own people and rows of every kind.

It is the network of `tests.builders.partners`, with three houses: the company serves C2, NORTH
serves N1, EAST serves E1. Each has staff (`east-boss`) and a field rep (`east-rep`), and rows that
end in `of E1`; no page of a person of another house may show these words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from hub.base.access import EVERYTHING, Actor
from hub.base.fields import Change, Refused
from hub.base.kept.files import Files, KeptFile, SentFile
from hub.desk.bank.acts import BankActs
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import BeatFields
from hub.desk.field.model.surveys import SurveyFields, read_survey_fields
from hub.desk.imports.acts import ImportActs
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.parties.tables import HOUSE
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.model.schedules import Schedule
from hub.desk.stock.acts import StockActs
from hub.desk.targets.acts import TargetActs
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import RefusedMessage
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.workdays.acts import WorkdayActs
from tests.builders.bank import HEAD
from tests.builders.field_team import EVERY_DAY, entry, field_of, keep, session_of
from tests.builders.market import Market, new_uuid
from tests.builders.partners import PASSWORD, SHOPS, open_network
from tests.builders.photos import jpeg

DESK: Final = ("admin", "manager", "sales", "warehouse", "accounts", "rule_writer")
"""The roles of who works at the desk of a house."""
_TODAY: Final = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class House:
    """One of the three: its seller's code, the shop that it serves, where its goods lie."""

    name: str
    seller: str
    shop: str
    warehouse: str
    terminal: str


HOUSES: Final[Mapping[str, House]] = {
    "house": House("house", "", "C2", "MAIN", "shop-2"),
    "north": House("north", "NORTH", "N1", "NSTORE", "north-1"),
    "east": House("east", "EAST", "E1", "ESTORE", "east-1"),
}
NAMES: Final[Mapping[str, str]] = {**SHOPS, "C2": "Second Shop"}
"""The parties that have rows, with their names."""


@pytest.fixture(scope="module", name="market")
def open_three_houses(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give the hub of the three houses."""
    folder = tmp_path_factory.mktemp("houses")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{folder / 'hub.db'}"
    with open_network(url, folder / "files", also=("C2",)) as market:
        for house in HOUSES.values():
            furnish(market, house)
        yield market


def furnish(market: Market, house: House) -> None:
    """Give a house its people, and a row of every kind that no order brings."""
    boss = _add(market, f"{house.name}-boss", DESK, house)
    _add(market, f"{house.name}-rep", ("field_rep",), house)
    span = Span(f"{house.name}-rep", date(2026, 11, 1))
    customers = market.hub.ground.part(CustomerActs)
    customers.map(house.shop, "rep", span, by=boss.name, scope=EVERYTHING)
    _plan(market, house, boss)
    _visit(market, house)
    _say(market, house, boss)
    _deliver(market, house, boss)
    _keep_files(market, house, boss)


_FIRST_OF: Final = (
    "SELECT r.id FROM {} r JOIN party p ON p.id = r.customer_id WHERE p.code = :c "
    "ORDER BY r.id LIMIT 1"
)
_OF_SHOPS: Final = {"delivery": "delivery", "payment": "payment", "return": "goods_return"}
"""Records at which papers are kept, with the tables of their rows."""


def _keep_files(market: Market, house: House, boss: Actor) -> None:
    """Have the house keep a paper at its shop and at the first of each kind of record of it."""
    files, shop = market.hub.ground.part(Files), house.shop
    found = {
        "customer": "SELECT code FROM party WHERE code = :c",
        "order": "SELECT uuid FROM order_ WHERE customer_code = :c ORDER BY id LIMIT 1",
        **{noun: _FIRST_OF.format(rows) for noun, rows in _OF_SHOPS.items()},
    }
    for noun, statement in found.items():
        for (key,) in market.rows(statement, c=shop):
            paper = SentFile(f"%PDF-1.7 {noun} {shop}".encode(), "x.pdf", f"{noun} of {shop}")
            kept = files.add(noun, str(key), paper, by=boss.name, topic="orders")
            assert isinstance(kept, KeptFile), kept


def _add(market: Market, name: str, roles: tuple[str, ...], house: House) -> Actor:
    acts = market.hub.ground.part(PeopleActs)
    acts.add(name, roles=roles, password=PASSWORD)
    account = acts.sign_in.find_account(name)
    assert account is not None
    rows = [("seller", house.seller)] if house.seller else []
    acts.lines.set_rows(account.id, rows, by=OPERATOR)
    return Actor(name, roles, acts.sign_in.scope(account))


def _plan(market: Market, house: House, boss: Actor) -> None:
    """Have the house plan a beat and ask a survey, both its own."""
    said: Any = {"by": boss.name, "scope": boss.scope}
    field, shop = field_of(market), house.shop
    _done(field.plan.add(BeatFields(f"B-{shop}", f"Beat of {shop}", (shop,)), **said))
    walk = Journey(0, f"{house.name}-rep", 0, EVERY_DAY, 1, date(2026, 11, 2))
    _done(field.plan.walk(f"B-{shop}", walk, **said))
    texts = {
        "code": f"S-{shop}",
        "title": f"Survey of {shop}",
        "from_day": "2026-11-01",
        "questions": "text | What is asked for?",
    }
    fields = read_survey_fields(texts)
    assert isinstance(fields, SurveyFields)
    _done(field.surveys.add(fields, **said))


def _visit(market: Market, house: House) -> None:
    """Have the rep work a day at the shop: a visit, notes, a photo, a task, answers."""
    rep, shop = session_of(market, f"{house.name}-rep"), house.shop
    begun = entry("visit_begun", outlet=shop)
    seen = [
        begun,
        entry("noted", about="note", outlet=shop, visit=begun["id"], text=f"note of {shop}"),
        entry("complained", outlet=shop, text=f"leak of {shop}", due=_TODAY.isoformat()),
        entry("surveyed", outlet=shop, survey=f"S-{shop}", answers={"q1": f"answer of {shop}"}),
        entry("leave", day="2026-11-23", why=f"leave of {shop}"),
    ]
    for one in seen:
        _done(keep(market, rep, one))
    field_of(market).photos(new_uuid(), jpeg(), entry=seen[1]["id"], by=rep)


def _say(market: Market, house: House, boss: Actor) -> None:
    """Have the house say what only it is to read: files, endpoints, days, targets, reports."""
    ground, shop = market.hub.ground, house.shop
    said: Any = {"by": boss.name, "scope": boss.scope}
    file = f"file of {shop}.csv"
    ground.part(ImportActs).take(
        "customers", f"code,name\nX-{shop},New of {shop}\n", file=file, by=boss.name
    )
    kinds = ("order.changed",)
    hook = ground.part(WebhookActs).keep.add
    _done(hook(f"Hook of {shop}", "https://example.test/", kinds=kinds, by=boss.name))
    if house.seller:  # a day of the company is for all sellers below it
        day = {"day": f"2026-12-{20 + len(house.name)}", "name": f"Feast of {shop}"}
        _done(ground.part(WorkdayActs).set.mark(day, **said))
    target = {"measure": "order_value", "month": "2026-11", "amount": "1000"}
    one = {**target, "kind": "customer", "who": shop, "why": f"target of {shop}"}
    _done(ground.part(TargetActs).set(one, **said))
    assert boss.scope.user is not None
    schedule = Schedule(
        *(0, boss.name, f"Mail of {shop}", "orders", "", "csv", "day", 8), active=True, next_at=0
    )
    ground.part(ReportActs).schedule(schedule, user_id=boss.scope.user)
    text = HEAD + f"20/11/2026,NEFT of {shop},R-{shop},,5.00,5.00\n"
    act = ground.part(BankActs).take
    _done(act(text, file=f"bank of {shop}.csv", seller=house.seller or HOUSE, **said))
    refused = RefusedMessage(house.terminal, "t", b"{", "malformed", f"not JSON of {shop}")
    market.wire.refuse([refused])
    ground.part(EnrolmentActs).cards.add_operator(
        house.terminal, name=f"Clerk of {shop}", pin="4711", by=boss
    )


def _deliver(market: Market, house: House, boss: Actor) -> None:
    """Have goods come in, and a customer's limit and an order wait for a second person."""
    ground, shop = market.hub.ground, house.shop
    head = {"warehouse": house.warehouse, "reference": f"goods of {shop}", "note": f"of {shop}"}
    row = {"code": "RICE", "batch": f"lot of {shop}", "quantity": "5", "expiry": "2028-01-01"}
    said: Any = {"by": boss.name, "scope": boss.scope}
    _done(ground.part(StockActs).receive(head, [row], key=new_uuid(), **said))
    seen = "2000.00" if shop == "N1" else "none"
    limit = {"credit_limit": Change(seen, "900.00")}
    _done(ground.part(CustomerActs).change(shop, limit, why=f"limit of {shop}", **said))
    asked = AskedOrder(
        new_uuid(), "staff", shop, (AskedLine("RICE", 2),), po_number=f"po of {shop}"
    )
    done = market.orders.place(asked, by=Requester("user", boss.name), scope=boss.scope)
    assert isinstance(done, PlacedOrder), done


def _done(done: object) -> None:
    assert not isinstance(done, Refused), done


def actor_of(market: Market, name: str) -> Actor:
    """Give somebody as who changes something, with the rows that this person sees."""
    session = market.hub.ground.part(PeopleActs).sign_in.session_for(name)
    assert session is not None
    return session.actor
