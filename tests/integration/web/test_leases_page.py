"""The leases as drawn for staff: which scheme, which terminal, how much of what, until when."""

import re
from collections.abc import Callable
from html import unescape

from fastapi.testclient import TestClient

from tests.builders.hub_records import MINUTE, NOON
from tests.builders.lease_records import put_lease
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]


def rows(page: str) -> list[str]:
    """Give what a reader sees of each row of the table."""
    found = re.findall(r'<tr id="leases-.*?</tr>', page, re.DOTALL)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]
    return [one.replace("\u2013", "-") for one in words]


def test_a_lease_shows_what_is_held_of_what_by_whom_until_when(sign_in: SignIn, site: Site) -> None:
    put_lease(site.shelves, "LAUNCH")
    put_lease(
        site.shelves,
        "RICE",
        "shop-2",
        scope="total@2026-11",
        of_uses=None,
        amount=1_050,
        of_amount=123_456_700,
    )
    put_lease(site.shelves, "TEA", "shop-2", of_uses=None, pieces=3, of_pieces=40)

    launch, rice, tea = rows(sign_in("sales").get("/leases").text)

    assert (
        launch == "LAUNCH shop-1 Gupta Kirana Store 5 of 100 uses - - - 22 Nov 2026, 12:00:00 IST"
    )
    assert rice.startswith("RICE in 2026-11 shop-2 Al-Noor Market - ₹10.50 ₹12,34,567.00 - 22 Nov")
    assert "3 of 40 pieces" in tea


def test_a_lease_that_has_run_out_is_not_shown(sign_in: SignIn, site: Site) -> None:
    put_lease(site.shelves, "LAUNCH", until_ms=NOON + MINUTE)
    staff = sign_in("sales")

    before = rows(staff.get("/leases").text)
    site.clock.step(MINUTE)

    assert len(before) == 1
    assert rows(staff.get("/leases").text) == []


def test_leases_are_found_by_scheme_terminal_and_customer(sign_in: SignIn, site: Site) -> None:
    put_lease(site.shelves, "LAUNCH")
    put_lease(site.shelves, "RICE", "shop-2")
    staff = sign_in("sales")

    found = {q: rows(staff.get(f"/leases?q={q}").text) for q in ("laun", "shop-2", "noor", "%")}

    assert [len(one) for one in found.values()] == [1, 1, 1, 0]
    assert found["laun"][0].startswith("LAUNCH")
    assert found["noor"] == found["shop-2"]


def test_many_leases_are_paged_and_none_is_left_out(sign_in: SignIn, site: Site) -> None:
    for number in range(51):
        put_lease(site.shelves, f"RULE-{number:03}")
    staff = sign_in("sales")

    first = staff.get("/leases").text
    more = re.search(r'href="([^"]+)" rel="next"', first)
    assert more
    second = staff.get(unescape(more[1])).text

    assert len(rows(first)) == 50
    assert [row.split()[0] for row in rows(second)] == ["RULE-050"]


def test_a_hub_without_leases_says_so(sign_in: SignIn) -> None:
    assert "No terminal holds any" in sign_in("sales").get("/leases").text
