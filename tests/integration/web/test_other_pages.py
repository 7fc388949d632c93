"""The terminals and the refused messages, as drawn for staff."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.builders.hub_records import MINUTE, NOON
from tests.builders.order_records import SampleOrder, put_order
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]


def _row(page: str, name: str) -> str:
    """Give what a reader sees of one row."""
    found = re.search(rf'<tr id="{name}" data-row>.*?</tr>', page, re.DOTALL)
    assert found, f"no row {name}"
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())
    return words.replace("\u00a0", " ").replace(" ,", ",")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({}, "Online just now"),
        ({"seen_at": NOON - 90_000}, "Online 1 min ago"),
        ({"seen_at": NOON - 10 * MINUTE}, "Lost 10 min ago"),
        ({"state": "offline", "seen_at": NOON - 120 * MINUTE}, "Offline 2 h ago"),
    ],
)
def test_a_terminal_that_falls_silent_is_lost(
    sign_in: SignIn, site: Site, said: dict[str, object], shown: str
) -> None:
    site.shelves.presence("shop-1", **said)

    page = sign_in("auditor").get("/terminals").text

    assert shown in _row(page, "terminals-shop-1")
    assert "Never seen" in _row(page, "terminals-shop-2")


def test_a_terminal_shows_what_waits_in_it_and_whether_it_is_behind(
    sign_in: SignIn, site: Site
) -> None:
    waiting = {"queued": 3, "oldest_ms": 12 * MINUTE, "printer": "paper_out", "slips_waiting": 2}
    site.shelves.presence("shop-1", **waiting, pack="f" * 64)
    put_order(site.shelves)
    put_order(site.shelves, SampleOrder(decided_at=NOON - 5 * MINUTE))

    row = _row(sign_in("auditor").get("/terminals").text, "terminals-shop-1")

    assert "3 oldest 12 min" in row
    assert "Paper out 2 slips wait" in row
    assert "Behind Current" in row


def test_a_terminal_that_two_machines_run_is_named_at_its_page_and_at_the_first_one(
    sign_in: SignIn, site: Site
) -> None:
    site.shelves.presence("shop-1")
    site.shelves.second_machine("shop-1")
    client = sign_in("auditor")

    row = _row(client.get("/terminals").text, "terminals-shop-1")
    first = client.get("/").text
    found = client.get("/terminals?presence=copied").text

    assert "Two machines" in row
    assert "terminal runs on two machines" in first
    assert "/terminals?presence=copied" in first
    assert re.findall(r'<tr id="terminals-([^"]+)"', found) == ["shop-1"]


def test_a_terminal_whose_rule_pack_the_hub_has_forgotten_is_named(
    sign_in: SignIn, site: Site
) -> None:
    site.shelves.presence("shop-1", pack="f" * 64, pack_version=9, pack_reason="pack_version_older")

    row = _row(sign_in("auditor").get("/terminals").text, "terminals-shop-1")

    assert "Ready Not at the hub Current" in row


def test_a_revoked_terminal_is_marked(sign_in: SignIn, site: Site) -> None:
    site.shelves.revoke("shop-2")

    assert "revoked" in _row(sign_in("auditor").get("/terminals").text, "terminals-shop-2")


def test_the_address_says_which_terminals_are_shown(sign_in: SignIn, site: Site) -> None:
    site.shelves.presence("shop-1")
    client = sign_in("auditor")

    online = client.get("/terminals?presence=online").text
    found = client.get("/terminals?q=noor").text

    assert re.findall(r'<tr id="terminals-([^"]+)"', online) == ["shop-1"]
    assert re.findall(r'<tr id="terminals-([^"]+)"', found) == ["shop-2"]
    assert 'hx-get="/terminals?presence=online"' in online
    assert "Nothing matches." in client.get("/terminals?q=nothing").text


def test_many_terminals_are_leafed_through(sign_in: SignIn, site: Site) -> None:
    for number in range(51):
        site.shelves.terminal(f"till-{number:03}")
    client = sign_in("auditor")

    first = client.get("/terminals?q=till").text
    link = re.search(r'href="([^"]+)" rel="next"', first)
    assert link
    second = client.get(unescape(link[1])).text

    assert first.count('<tr id="terminals-') == 50
    assert re.findall(r'<tr id="terminals-([^"]+)"', second) == ["till-050"]


def test_what_terminals_reported_is_shown(sign_in: SignIn, site: Site) -> None:
    site.shelves.remark("Rule pack 8 refused: a case <fails>", level="alarm")

    page = sign_in("auditor").get("/terminals").text

    assert "Alarm</span> <bdi>Rule pack 8 refused: a case &lt;fails&gt;</bdi>" in page


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("pack_cases_failed", "Not taken its own cases fail"),
        ("pack_not_yet", "Waits for its first day"),
        ("a_<reason>_of_next_year", "Not taken a <reason> of next year"),
        (None, "Behind"),
    ],
)
def test_a_terminal_shows_why_it_has_not_taken_the_rule_pack(
    sign_in: SignIn, site: Site, reason: str | None, shown: str
) -> None:
    site.shelves.presence("shop-1", pack="f" * 64, pack_reason=reason)

    row = _row(sign_in("auditor").get("/terminals").text, "terminals-shop-1")

    assert f"Ready {shown} Current" in row


def test_prices_that_differ_are_shown_with_terminal_order_and_both_hashes(
    sign_in: SignIn, site: Site
) -> None:
    before = sign_in("auditor").get("/terminals").text
    order = put_order(site.shelves)
    site.shelves.price_alarm(order)

    page = sign_in("auditor").get("/terminals").text

    assert "Prices that differ" not in before
    assert "Prices that differ" in page
    assert "1 order in all" in page
    assert f'<a class="ow-number" href="/orders/{order}">' in page
    assert "terminal aaaaaaaaaaaa, hub bbbbbbbbbbbb" in page


def test_refused_messages_are_counted_by_reason_and_shown_without_harm(
    sign_in: SignIn, site: Site
) -> None:
    payload = b'\xff\xfe<script>alert(1)</script>\x1b[2J\xe2\x80\xae{"v":1}\n'
    site.shelves.refused("malformed", payload)
    site.shelves.refused("malformed")
    site.shelves.refused("sequence_conflict", order_uuid="nothing")

    page = sign_in("sales").get("/messages").text

    assert r"\xff\xfe&lt;script&gt;alert(1)&lt;/script&gt;\x1b[2J\u202e{&#34;v&#34;:1}\n" in page
    assert "<script>alert" not in page
    chips = re.findall(r'ow-chip" href="[^"]*"[^>]*>([^<]*) <b>(\d+)</b>', page)
    assert chips == [("All", "3"), ("Not a readable message", "2"), ("Number used twice", "1")]


def test_of_messages_that_were_only_counted_no_bytes_are_shown(sign_in: SignIn, site: Site) -> None:
    site.shelves.refused("too_many_messages", b"", topic="", text="500 came too fast")

    page = sign_in("sales").get("/messages").text

    assert "500 came too fast" in page
    assert "0 bytes" not in page


def test_refused_messages_can_be_narrowed_to_one_reason(sign_in: SignIn, site: Site) -> None:
    site.shelves.refused("malformed")
    site.shelves.refused("sequence_conflict")

    page = sign_in("sales").get("/messages?code=malformed").text

    assert page.count('<tr id="messages-') == 1
    assert 'hx-get="/messages?code=malformed"' in page


def test_refused_messages_are_leafed_through(sign_in: SignIn, site: Site) -> None:
    for _ in range(51):
        site.shelves.refused()

    page = sign_in("sales").get("/messages").text

    assert page.count('<tr id="messages-') == 50
    assert "All <b>51</b>" in page
    assert 'rel="next"' in page
