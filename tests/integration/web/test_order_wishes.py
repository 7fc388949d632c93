"""What orders wish beside goods: discounts, gifts, coupons and a day, whoever places them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.base.access import EVERYTHING
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder, WantedOn
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market, packed
from tests.builders.peopled_market import open_peopled
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_entry_pages import TYPING, entered, fields, typed, words

SignIn = Callable[[Role], TestClient]
SUNIL = Requester("user", "sunil")
RULES = """
discounts:
  - {id: D-SALES, percent: 5, above: approve}
approvals:
  - {id: AP-OFF, on: discount_above_limit, levels: [{role: manager}]}
schemes:
  - id: SPOON
    when: {sku: TEA}
    count: {over: line, of: qty}
    free: {every: 6, give: 1, item: {choice: [HONEY, SOAP], pick: dearest}, optional: decline}
  - {id: SPRING, when: {sku: RICE, coupon: SPRING26}, slabs: [{from: 1, percent: 10}]}
"""


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub whose rules know discounts, a gift to choose and a coupon."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        opened.publish(packed(2, more=RULES))
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def newest(market: Market) -> tuple[object, ...]:
    """Read what the newest order came to."""
    return market.rows(
        "SELECT o.status, r.discount, r.delivery_date FROM order_ o JOIN order_revision r "
        "ON r.order_id = o.id AND r.revision = o.revision ORDER BY o.id DESC LIMIT 1"
    )[0]


def goods_given(market: Market, revision: int) -> set[object]:
    """Read which products were given in a revision."""
    statement = "SELECT sku FROM order_line WHERE free AND revision = :revision"
    return {sku for (sku,) in market.rows(statement, revision=revision)}


def program(market: Market, client: TestClient) -> TestClient:
    """Let a program in that may do what sales does."""
    secret = market.hub.ground.part(PeopleActs).tokens.add("webshop", roles=("sales",), by=OPERATOR)
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


def test_a_discount_within_the_limit_is_given_and_above_it_a_person_is_asked(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    shown = entered(client, "10*RICE")

    within = client.post("/orders/new", data=typed(shown, percent_off="5 %"), headers=TYPING)
    placed = client.post("/orders/new", data=typed(within))
    given = newest(market)
    again = entered(client, "10*RICE", customer="C4")
    above = client.post("/orders/new", data=typed(again, off_each="4.00"), headers=TYPING)
    wrong = client.post("/orders/new", data=typed(again, percent_off="101"), headers=TYPING)
    record = client.get(placed.headers["location"])

    assert given == ("allocated", 2500, None)
    assert "Held" in words(above)
    assert "no discount: write a percentage from 0 to 100" in words(wrong)
    assert "5 % off was asked for" in words(record)
    assert market.broken() == set()


def test_a_gift_is_chosen_or_declined_and_a_coupon_and_a_day_are_kept(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    shown = entered(client, "6*TEA", "10*RICE")

    chosen = typed(shown, wish="SOAP", coupons="spring26", delivery_date="2026-12-01")
    seen = client.post("/orders/new", data=chosen, headers=TYPING)
    placed = client.post("/orders/new", data=typed(seen))
    order = placed.headers["location"]
    amended = typed(client.get(f"{order}/amend"), wish="none", coupons="", why="no gift")
    difference = client.post(f"{order}/amend", data=amended, headers=TYPING)
    done = client.post(f"{order}/amend", data=typed(difference, why="no gift"))
    late, far = (
        client.post(
            f"{order}/amend",
            data=typed(client.get(f"{order}/amend?fresh=1"), delivery_date=day),
            headers=TYPING,
        )
        for day in ("2026-11-01", "9999-12-31")
    )

    assert fields(shown)["gift"] == ["SPOON"]
    assert [goods_given(market, revision) for revision in (1, 2)] == [{"HONEY", "SOAP"}, {"HONEY"}]
    assert "other free goods are chosen" in words(difference)
    assert "no coupons any more" in words(difference)
    assert done.status_code == 303
    assert newest(market) == ("allocated", 0, "2026-12-01")
    assert "the first day is 21 Nov 2026" in at_day(late)
    assert "the last day is 22 Nov 2027" in at_day(far)
    assert market.broken() == set()


def test_staff_a_program_and_a_shop_get_one_price_for_the_same_wishes(
    client: TestClient, market: Market
) -> None:
    said: dict[str, Any] = {"coupons": ["SPRING26"], "choices": {"SPOON": "none"}}
    lines = (AskedLine("TEA", 6), AskedLine("RICE", 10))
    counter = market.place(("TEA", 6), ("RICE", 10), terminal="shop-2", **said)
    asked = AskedOrder("k", "staff", "C2", lines, coupons=("SPRING26",), choices={"SPOON": "none"})
    staff = market.orders.place(asked, by=SUNIL, scope=EVERYTHING)
    body = {"key": "k", "customer": "C2", "lines": [one._asdict() for one in lines], **said}
    for line in body["lines"]:
        line |= {"percent_off": "0", "off_each": "0"}
    over_http = program(market, client).post("/api/v1/orders", json=body)

    hashes = market.rows("SELECT price_hash FROM order_revision WHERE revision = 1")
    assert counter.status == "confirmed"
    assert isinstance(staff, PlacedOrder)
    assert over_http.status_code == 201
    assert len(hashes) == 3
    assert len(set(hashes)) == 1


def test_a_notice_stands_at_the_bell_until_it_was_read_and_looking_changes_nothing(
    sign_in: SignIn, market: Market
) -> None:
    asked = AskedOrder("k", "staff", "C1", (AskedLine("RICE", 30),))
    market.orders.place(asked, by=SUNIL, scope=EVERYTHING)
    market.hub.jobs.run_due("test")
    client = sign_in("manager")

    home = client.get("/").text
    page = client.get("/notices").text
    newest = re.search(r'name="up_to" value="(\d+)"', page)
    assert newest
    client.post("/notices/read", data={"up_to": newest[1]})
    later = client.get("/").text
    wrong = client.post("/notices/mail", data={"mail": "meena"})

    assert 'aria-label="1 notice not read"' in home
    assert 'aria-label="1 notice not read"' in page
    assert 'aria-label="0 notices not read"' in later
    assert wrong.status_code == 422


def test_the_owner_says_who_hears_of_what(sign_in: SignIn, market: Market) -> None:
    client = sign_in("admin")
    rule = {"event": "order_cancelled", "receiver": "manager", "channel": "mail"}
    hours = {"after": "8", "quiet_from": "18:00", "quiet_until": "9:00", "above": "500.00"}

    added = client.post("/notices/rules", data={**rule, **hours})
    wrong = client.post("/notices/rules", data={**rule, "quiet_from": "9:00"})
    page = client.get("/notices/rules").text

    kept = "SELECT above, after, quiet_from FROM notice_rule WHERE event = 'order_cancelled'"
    assert (added.status_code, wrong.status_code) == (303, 422)
    assert market.rows(kept) == [(50_000, 480, 1_080)]
    assert "after 8 working hours" in page
    assert "quiet from 18:00 to 09:00" in page


def at_day(page: Response) -> str:
    """Read what is said at the day on which the goods are wanted."""
    said = re.search(r'id="f-delivery_date-said">(.*?)</div>', page.text, re.DOTALL)
    assert said is not None
    return said[1]


def over_api(client: TestClient, **said: Any) -> Response:
    """Place an order of a program with something to be taken off."""
    line = {"sku": "RICE", "quantity": 10, "percent_off": "2.5", "off_each": "0.50"}
    body = {"key": "k1", "customer": "C2", "lines": [line], "delivery_date": "2026-12-02"}
    return client.post("/api/v1/orders", json={**body, **said})


def test_a_program_asks_for_discounts_as_people_write_them_and_reads_them_back(
    client: TestClient, market: Market
) -> None:
    shop = program(market, client)

    placed = over_api(shop)
    order = placed.json()
    address = placed.headers["location"]
    later = shop.patch(address, json={"delivery_date": None, "choices": {}}).json()
    number = over_api(shop, key="k2", lines=[{"sku": "RICE", "quantity": 1, "percent_off": 2}])
    past = over_api(shop, key="k3", delivery_date="2026-11-20")
    far = over_api(shop, key="k4", delivery_date="9999-12-31")

    (line,) = order["lines"]
    assert (line["percent_off"], line["off_each"], line["discount"]) == ("2.5", "0.50", 1750)
    assert order["delivery_date"] == "2026-12-02"
    assert (later["delivery_date"], later["lines"][0]["percent_off"]) == (None, "2.5")
    assert number.status_code == 400
    assert past.json()["code"] == "delivery_past"
    assert (far.status_code, far.json()["code"]) == (422, "delivery_far")
    assert "31 Dec 9999: the last day is 22 Nov 2027" in far.text


def test_an_amendment_asks_for_another_discount_and_keeps_what_it_does_not_name(
    market: Market,
) -> None:
    lines = (AskedLine("RICE", 10, percent_off=50_000),)
    asked = AskedOrder("k", "staff", "C2", lines, choices={"SPOON": "none"})
    placed = market.orders.place(asked, by=SUNIL, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)

    change = Amendment(lines=(AskedLine("RICE", 10, percent_off=20_000),))
    market.orders.amend(placed.uuid, change, by="sunil")
    day = WantedOn(None)
    unchanged = market.orders.amend(placed.uuid, Amendment(delivery=day), by="sunil")

    assert not isinstance(unchanged, Refused)
    assert newest(market) == ("allocated", 1000, None)
    assert unchanged.order.request.order.choices == {"SPOON": "none"}
    assert market.broken() == set()
