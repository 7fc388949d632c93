"""A held order's page: who decides, and what becomes of the word."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from hub.desk.orders.model.events import Refused
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def held(market: Market) -> str:
    """Place an order of twelve teas, and have it held; gives its id."""
    placed = market.place(("TEA", 12))
    done = market.orders.hold(placed.order, by="sunil", why="new address")
    assert not isinstance(done, Refused)
    return placed.order


def _words(page: str) -> str:
    """Give what a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _content(page: str) -> str:
    """Give the hash of what the page shows."""
    found = re.search(r'name="content" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_who_is_in_charge_releases_a_held_order_and_it_is_confirmed(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("manager")
    page = client.get(f"/orders/{held}").text

    answer = client.post(f"/orders/{held}/release", data={"content": _content(page)})

    assert answer.status_code == 303
    words = _words(client.get(f"/orders/{held}").text)
    assert "Held by staff : ₹" in _words(page).replace("\u00a0", " ")
    assert "meena , as manager , said yes (Held by staff)" in words
    assert "Revisions side by side" in words
    assert "Waits for a decision" not in words
    assert market.rows("SELECT status, revision FROM order_") == [("allocated", 3)]


@pytest.mark.usefixtures("held")
def test_who_asks_for_my_approvals_in_words_is_led_to_those_for_the_own_word(
    sign_in: SignIn, market: Market
) -> None:
    manager, question = sign_in("manager"), {"q": "orders waiting for my approval"}
    led = manager.get("/ask", params=question).headers["location"]
    number = market.rows("SELECT number FROM order_")[0][0]
    pages = {role: _words(sign_in(role).get(led).text) for role in ("manager", "auditor")}

    assert "mine=yes" in led
    assert "Mine Yours to decide" in pages["manager"]
    assert number in pages["manager"]
    assert number not in pages["auditor"]


def test_a_smaller_offer_is_decided_anew_and_shown_beside_what_was_asked(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("manager")
    page = client.get(f"/orders/{held}").text
    offered = {"content": _content(page), "line": 1, "quantity": 8, "payment": "cash"}

    answer = client.post(f"/orders/{held}/offer", data={**offered, "why": "eight for now"})

    assert answer.status_code == 303
    words = _words(client.get(f"/orders/{held}").text)
    assert "meena offers this instead: eight for now" in words
    (quantities,) = re.findall(r"Tea (\d+) [\d,.]+ (\d+) [\d,.]+ (\d+) [\d,.]+ Total", words)
    assert quantities == ("12", "12", "8")
    assert market.rows("SELECT status FROM order_") == [("allocated",)]


def test_a_word_on_an_order_that_has_changed_meanwhile_changes_nothing(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("manager")

    answer = client.post(f"/orders/{held}/release", data={"content": "0" * 64})

    assert answer.status_code == 409
    assert "the order has changed meanwhile" in answer.text
    assert market.rows("SELECT status, revision FROM order_") == [("held", 2)]


def test_where_a_mail_leads_nothing_is_decided_by_looking_and_an_old_link_says_what_changed(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("manager")
    link = f"/approvals/orders/{held}?of=2"
    for _ in range(20):  # as the scanners of mails do
        first = client.get(link).text
    market.orders.cancel(held, why="not wanted", by="sunil")
    placed = market.place(("TEA", 12), seq=2)
    market.orders.hold(placed.order, by="sunil", why="once more")
    newer = client.get(f"/approvals/orders/{placed.order}?of=1").text
    old = client.post(f"/orders/{held}/release", data={"content": _content(first)})

    assert "What is asked" in first
    assert "It is not held any more." in _words(client.get(link).text)
    assert "it was revision 1, and is revision 2" in _words(newer)
    assert old.status_code == 409
    assert market.rows("SELECT count(*) FROM approval_decision") == [(0,)]


def test_who_does_not_decide_sees_who_does_and_is_turned_down(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("sales")
    page = client.get(f"/orders/{held}").text
    content = market.rows("SELECT content_hash FROM order_revision WHERE revision = 2")[0][0]

    answer = client.post(f"/orders/{held}/refuse", data={"content": content, "why": "no"})

    assert "Not yours to decide: manager or admin or owner may." in _words(page)
    assert 'action="/orders/' + held + '/release"' not in page
    assert answer.status_code == 409
    assert market.rows("SELECT status FROM order_") == [("held",)]


def test_who_asked_for_an_order_is_told_that_somebody_else_decides(
    sign_in: SignIn, market: Market, held: str
) -> None:
    market.change("UPDATE order_ SET requester_kind = 'user', requester = 'Meena'")

    page = sign_in("manager").get(f"/orders/{held}").text

    told = "You asked for this order, so somebody else decides: manager or admin or owner"
    assert told in _words(page)


def test_an_auditor_reads_what_is_waited_for_and_may_not_press(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("auditor")
    page = client.get(f"/orders/{held}").text

    answer = client.post(f"/orders/{held}/release", data={"content": "0" * 64})

    assert "Waits for a decision" in page
    assert "/release" not in page
    assert answer.status_code == 403
    assert market.rows("SELECT status FROM order_") == [("held",)]


def test_an_order_without_a_price_is_not_released_but_decided_again(
    sign_in: SignIn, market: Market
) -> None:
    held = market.place(("OIL", 1)).order
    client = sign_in("manager")
    page = client.get(f"/orders/{held}").text

    answer = client.post(f"/orders/{held}/release", data={"content": _content(page)})

    assert "Decide again" in page
    assert ">Release<" not in page
    assert answer.status_code == 409
    assert "there is still no price" in answer.text
    assert market.rows("SELECT status FROM order_") == [("held",)]


def test_the_inbox_shows_the_most_urgent_as_a_whole_and_who_decided(
    sign_in: SignIn, market: Market, held: str
) -> None:
    client = sign_in("manager")
    asked = market.place(("RICE", 30), terminal="shop-1")
    before = client.get("/approvals")
    first = re.search(r'action="/orders/([^"]+)/release"', before.text)
    assert first

    said = {"content": _content(before.text), "then": "inbox"}
    done = client.post(f"/orders/{first[1]}/release", data=said)
    after = client.get("/approvals")

    assert asked.status == "held"
    assert "The most urgent for you: shop-2-1 Second Shop" in _words(before.text)
    assert (first[1], done.headers["location"]) == (held, "/approvals")
    assert "The most urgent for you: shop-1-1 First Shop" in _words(after.text)
    assert "Asked for ₹1,500.00" in _words(after.text)
    assert "Credit limit ₹1,000.00 Owes by now ₹100.00" in _words(after.text)
    assert "Decided lately meena :" in _words(after.text)


def test_nobody_decides_on_or_changes_an_order_of_others(
    sign_in: SignIn, market: Market, held: str
) -> None:
    market.change(
        "INSERT INTO user_grant (user_id, kind, ref) "
        "SELECT id, 'customer', 'C1' FROM user_account WHERE name = 'meena'"
    )
    client = sign_in("manager")
    given = {"content": "0" * 64, "why": "no", "reason": "no", "seen": "2"}

    answers = [
        client.post(f"/orders/{held}/{step}", data=given).status_code
        for step in ("cancel", "hold", "release", "refuse")
    ]

    assert answers == [404] * 4
    assert market.rows("SELECT status, revision FROM order_") == [("held", 2)]


def test_a_program_reads_what_waits_and_says_its_word_of_what_it_read(
    client: TestClient, market: Market, held: str
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    clerk, head = (
        {"Authorization": f"Bearer {tokens.add(name, roles=(role,), by=OPERATOR)}"}
        for name, role in (("clerk", "auditor"), ("head", "manager"))
    )
    (row,) = client.get("/api/v1/approvals?who=me", headers=head).json()["orders"]
    said = {"content": row["content"]}
    order = f"/api/v1/approvals/{row['number']}"

    stale = client.post(f"{order}/release", json={"content": "0" * 64}, headers=head)
    silent = client.post(f"{order}/refuse", json={**said, "reason": " "}, headers=head)
    forbidden = client.post(f"{order}/release", json=said, headers=clerk)
    asked = client.get(order, headers=head).json()
    offer = {**said, "lines": {"1": 8}, "payment": "cash", "reason": "eight for now"}
    offered = client.post(f"{order}/offer", json=offer, headers=head)
    late = client.post(f"{order}/release", json=said, headers=head)
    unknown = client.get("/api/v1/approvals/S-9", headers=head)
    (word,) = client.get("/api/v1/approvals/decided", headers=head).json()

    assert (row["order"], row["deciders"], row["mine"]) == (held, asked["needs"][0]["next"], True)
    assert (stale.status_code, stale.json()["code"]) == (409, "order_changed")
    assert (silent.status_code, forbidden.status_code, unknown.status_code) == (400, 403, 404)
    assert (offered.status_code, offered.json()["status"]) == (200, "allocated")
    assert offered.json()["lines"][0]["quantity"] == 8
    assert late.status_code in {409, 422}
    assert (word["by"], word["answer"], word["why"]) == ("head", "counter", "eight for now")


def test_a_program_lets_no_order_pass_that_it_asked_for(client: TestClient, market: Market) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    head = {"Authorization": f"Bearer {tokens.add('head', roles=('manager',), by=OPERATOR)}"}
    asked = {"key": "1", "customer": "C1", "lines": [{"sku": "RICE", "quantity": 30}]}
    placed = client.post("/api/v1/orders", json=asked, headers=head).json()
    (row,) = client.get("/api/v1/approvals", headers=head).json()["orders"]

    own = client.post(
        f"/api/v1/approvals/{placed['number']}/release",
        json={"content": row["content"]},
        headers=head,
    )

    assert placed["status"] == "held"
    assert (own.status_code, own.json()["code"]) == (403, "self_approval")


def test_a_program_decides_what_of_a_customer_waits_but_never_what_it_asked_itself(
    client: TestClient, market: Market
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    asks, decides = (
        {"Authorization": f"Bearer {tokens.add(name, roles=('admin',), by=OPERATOR)}"}
        for name in ("asks", "decides")
    )
    change = {
        "seen": {"gstin": ""},
        "fields": {"gstin": "29AAGCB7383J1Z4", "gst_kind": "registered"},
    }
    client.patch("/api/v1/customers/C2", json=change, headers=asks)
    (waits,) = client.get("/api/v1/customer-requests", headers=decides).json()
    address = f"/api/v1/customer-requests/{waits['request']}"

    own = client.post(address, json={"granted": True}, headers=asks)
    granted = client.post(address, json={"granted": True, "why": "seen"}, headers=decides)
    twice = client.post(address, json={"granted": False}, headers=decides)
    none = client.post("/api/v1/customer-requests/99", json={"granted": True}, headers=decides)

    assert (waits["customer"], waits["asked_by"]) == ("C2", "asks")
    assert waits["fields"]["gstin"] == ["", "29AAGCB7383J1Z4"]
    assert (own.status_code, own.json()["code"]) == (403, "request_own")
    assert granted.json()["fields"]["gstin"] == "29AAGCB7383J1Z4"
    assert (twice.status_code, none.status_code) == (409, 404)
