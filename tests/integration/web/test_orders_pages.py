"""The list of orders and one order, as drawn for staff."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from hub.desk.orders.model.reasons import Reason
from tests.builders.hub_records import TODAY, SteppedBeat
from tests.builders.order_records import SampleLine, SampleOrder, put_order
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]
OF_THE_CREDIT = Reason(
    "credit_limit_exceeded", {"text": "the limit is 50,000.00"}, rule="credit-default"
)


def _numbers(page: str) -> list[str]:
    return re.findall(r'<a class="ow-link[^>]*><bdi>(.*?)</bdi>', page)


def _words(page: str) -> str:
    """Give what a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" ,", ",")


def test_the_newest_order_is_first_with_customer_state_and_amount(
    sign_in: SignIn, site: Site
) -> None:
    put_order(site.shelves)
    put_order(site.shelves, SampleOrder(payable=123_456_750, customer="C-002", terminal="shop-2"))

    page = sign_in("auditor").get("/orders").text

    assert _numbers(page) == ["shop-2-1", "shop-1-1"]
    assert (
        "Al-Noor Market C-002 shop-2 1 Confirmed ₹12,34,567.50 1\u00a0min ago 11:59:00"
        in _words(page).replace("1 min", "1\u00a0min")
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?status=held", ["shop-2-1"]),
        ("?q=gupta", ["shop-1-1"]),
        ("?q=SHOP-2", ["shop-2-1"]),
        ("?q=shop-1-1", ["shop-1-1"]),
        ("?q=C-002", ["shop-2-1"]),
        ("?q=shop&status=allocated", ["shop-1-1"]),
        ("?q=%25", []),
        ("?q=_", []),
        ("?q=%27%3B--", []),
    ],
)
def test_the_address_says_which_orders_are_shown(
    sign_in: SignIn, site: Site, query: str, shown: list[str]
) -> None:
    put_order(site.shelves)
    put_order(site.shelves, SampleOrder(status="held", customer="C-002", terminal="shop-2"))

    page = sign_in("sales").get(f"/orders{query}").text

    assert _numbers(page) == shown


def test_chips_count_what_they_would_show(sign_in: SignIn, site: Site) -> None:
    for status in ("allocated", "allocated", "held"):
        put_order(site.shelves, SampleOrder(status=status))
    put_order(site.shelves, SampleOrder(business_date=TODAY - timedelta(days=10)))

    page = _words(sign_in("sales").get("/orders?status=held").text)

    assert "All 3 Held 1 Waits for stock 0 Confirmed 2 Cancelled 0 Rejected 0" in page


def test_older_days_are_shown_when_asked_for(sign_in: SignIn, site: Site) -> None:
    put_order(site.shelves, SampleOrder(business_date=TODAY - timedelta(days=10)))
    client = sign_in("sales")

    counts = {days: len(_numbers(client.get(f"/orders?days={days}").text)) for days in (1, 30, 0)}

    assert counts == {1: 0, 30: 1, 0: 1}


def test_leafing_through_shows_every_order_once_each_way(sign_in: SignIn, site: Site) -> None:
    for _ in range(120):
        put_order(site.shelves)
    client = sign_in("sales")

    def leaf(way: str, path: str) -> tuple[list[str], str]:
        numbers: list[str] = []
        while True:
            page = client.get(path).text
            numbers += _numbers(page) if way == "next" else reversed(_numbers(page))
            link = re.search(rf'href="([^"]+)" rel="{way}"', page)
            if link is None:
                return numbers, path
            path = unescape(link[1])

    forwards, last = leaf("next", "/orders")
    oldest = site.shelves.seqs["shop-1"] - 120
    backwards, _ = leaf("prev", last)

    assert forwards == [f"shop-1-{seq}" for seq in range(120, oldest, -1)]
    assert backwards == list(reversed(forwards))


def test_the_first_page_sums_up_today_and_names_every_open_hold(
    sign_in: SignIn, site: Site
) -> None:
    yesterday = TODAY - timedelta(days=1)
    put_order(site.shelves, SampleOrder(payable=1_000_000_000))
    put_order(site.shelves, SampleOrder(changed=True, payable=234_500_000))
    put_order(site.shelves, SampleOrder(status="rejected", payable=7))
    put_order(site.shelves, SampleOrder(status="held", business_date=yesterday))
    put_order(site.shelves, SampleOrder(business_date=yesterday))

    page = sign_in("sales").get("/").text

    words = _words(page)
    assert "Orders today 3" in words
    assert "Order value today ₹1,23,45,000.00 21 Nov 2026" in words.replace("\u00a0", " ")
    assert "1 order held 1 Held by staff" in words
    assert "Where orders stand 1 pending 3 processing 0 delivered 1 cancelled" in words


def test_orders_are_chosen_by_why_orders_wait_and_not_by_reasons_of_other_documents(
    sign_in: SignIn,
) -> None:
    page = sign_in("auditor").get("/orders").text

    offered = re.findall(r'<option value="(\w+)"', page)

    assert {"credit_limit_exceeded", "customer_on_hold", "quantity_too_small"} <= set(offered)
    assert {"bank_row_unknown", "claim_paid", "cell_empty"}.isdisjoint(offered)


def test_an_order_says_what_the_customers_purchase_order_is_called_and_is_found_by_it(
    sign_in: SignIn, site: Site
) -> None:
    put_order(site.shelves)
    uuid = put_order(site.shelves, SampleOrder(terminal="shop-2", po_number="PO-7/26"))
    client = sign_in("auditor")

    words = _words(client.get(f"/orders/{uuid}").text)
    sheet = client.get("/orders?cols=number,po_number&as=csv").text

    assert "Purchase order PO-7/26" in words
    assert _numbers(client.get("/orders?q=po-7").text) == ["shop-2-1"]
    assert sorted(sheet.splitlines()[-3:]) == [
        "Order,Purchase order",
        "shop-1-1,",
        "shop-2-1,PO-7/26",
    ]


def test_an_order_says_what_was_decided_and_why(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(
        site.shelves,
        SampleOrder(
            changed=True,
            reasons=(OF_THE_CREDIT, Reason("short_stock", {"text": "10 of 12"}, line=1)),
            near=("6 more and you get 2 free",),
            lines=(SampleLine(ordered=14), SampleLine("Soap", 2, unit_price=None, free=True)),
            quoted=130_000,
        ),
    )

    words = _words(sign_in("auditor").get(f"/orders/{uuid}").text).replace("\u00a0", " ")

    assert "the limit is 50,000.00" in words
    # A rule that its pack gave no text is named by its id where the steps are, and nowhere else.
    assert "rule credit-default" not in words
    assert "Not enough stock 10 of 12" in words
    assert "6 more and you get 2 free" in words
    assert "12 from batch B1-1, expires 31 Mar 2027 12 of 14 104.95" in words
    assert "Free goods, scheme scheme-10-plus-1" in words
    assert "The counter showed ₹1,300.00 Difference +₹22.00 Prices changed since" in words
    assert "Total ₹1,322.00" in words
    assert "price 1 Price list of the region priced" in words
    assert "Captured 11:58:58 Confirmed, changed 11:59:00" in words


def test_a_line_in_packs_says_how_many_what_each_costs_and_what_is_printed(
    sign_in: SignIn, site: Site
) -> None:
    case = SampleLine(unit="CASE", pack_size=6, pack_price=6_297_000, mrp=1_500_000, batch="B7")
    opened = SampleLine(quantity=11, unit="CASE", pack_size=6)
    uuid = put_order(site.shelves, SampleOrder(lines=(case, opened)))

    words = _words(sign_in("auditor").get(f"/orders/{uuid}").text).replace("\u00a0", " ")

    assert "asked for batch B7" in words
    assert "2 CASE = 12 629.70 a CASE 104.95 each MRP 150.00" in words
    assert re.search(r"11 104\.95 \S ", words)


def test_the_coupons_of_an_order_are_named_with_those_that_gave_nothing(
    sign_in: SignIn, site: Site
) -> None:
    told = "no scheme knows the coupon EASTER"
    sample = SampleOrder(coupons=("DIWALI", "EASTER"), coupon_notes=(told,))
    uuid = put_order(site.shelves, sample)

    words = _words(sign_in("auditor").get(f"/orders/{uuid}").text)

    assert f"Coupons DIWALI, EASTER {told}" in words


def test_an_order_as_quoted_says_so(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves, SampleOrder(delivery="pending"))

    words = _words(sign_in("auditor").get(f"/orders/{uuid}").text)

    assert "As the counter showed" in words
    assert "Terminal shop-1 its order 1 Answer, revision 1 Not sent yet" in words


def test_an_order_of_an_unknown_customer_shows_the_code_it_came_with(
    sign_in: SignIn, site: Site
) -> None:
    uuid = put_order(site.shelves, SampleOrder(customer="C-999", status="rejected", priced=False))

    words = _words(sign_in("auditor").get(f"/orders/{uuid}").text)

    assert "Customer C-999 not known here" in words
    assert "it was rejected before the rules were asked" in words
    assert "₹0.00" not in words


HOSTILE = '<img src=x onerror=alert(1)> {{ 7*7 }} "quoted" \x00\u202e & पतंजलि شاي 👩\u200d👧'


def test_names_that_hold_markup_stay_text_everywhere(sign_in: SignIn, site: Site) -> None:
    site.shelves.customer("C-003", HOSTILE)
    site.shelves.terminal("shop-3", customer="C-003")
    uuid = put_order(
        site.shelves, SampleOrder(customer="C-003", terminal="shop-3", lines=(SampleLine(HOSTILE),))
    )
    client = sign_in("sales")

    for path in ("/orders", f"/orders/{uuid}", "/terminals", f"/orders?q={HOSTILE[:5]}"):
        page = client.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; {{ 7*7 }}" in page or "q=" in path
        assert "\x00" not in page
        assert "\u202e" not in page


def test_a_page_that_refreshes_itself_gets_only_what_is_live(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("sales")

    for path in ("/orders", f"/orders/{uuid}", "/terminals", "/messages"):
        part = client.get(path, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        assert f'hx-get="{path}"' in part


def test_staff_cancel_an_order_and_its_terminal_will_hear_why(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("sales")

    answer = client.post(f"/orders/{uuid}/cancel", data={"reason": "Shop closed <today>"})

    assert answer.headers["location"] == f"/orders/{uuid}"
    words = _words(client.get(f"/orders/{uuid}").text)
    assert "Cancelled 12:00:00" in words
    assert "Shop closed <today>" in words
    assert "sunil" in words
    assert "given back" in words
    assert "Notice, revision 2 Not sent yet" in words


def test_an_order_is_cancelled_once(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves, SampleOrder(status="rejected"))

    answer = sign_in("sales").post(f"/orders/{uuid}/cancel", data={"reason": "again"})

    assert answer.status_code == 409
    assert (
        "Nothing was changed: the order is rejected: this cannot be done any more." in answer.text
    )


def test_an_order_that_is_not_there_cannot_be_cancelled(sign_in: SignIn) -> None:
    answer = sign_in("sales").post("/orders/nothing/cancel", data={"reason": "why not"})

    assert answer.status_code == 404


def test_a_cancellation_needs_a_reason(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("sales")

    answer = client.post(f"/orders/{uuid}/cancel", data={"reason": "   "})

    assert answer.status_code == 422
    assert "Cancel this order" in client.get(f"/orders/{uuid}").text


def test_an_auditor_cannot_cancel_even_by_a_hand_made_post(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("auditor")

    answer = client.post(f"/orders/{uuid}/cancel", data={"reason": "for fun"})

    page = client.get(f"/orders/{uuid}").text
    assert answer.status_code == 403
    assert "Cancel this order" not in page
    assert "Confirmed" in _words(page)


def test_another_sites_form_cannot_cancel(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("sales")

    answer = client.post(
        f"/orders/{uuid}/cancel", data={"reason": "x"}, headers={"Origin": "http://evil.test"}
    )

    assert answer.status_code == 403
    assert "Cancel this order" in client.get(f"/orders/{uuid}").text


def test_counts_are_read_once_a_beat_however_many_look(
    sign_in: SignIn, site: Site, beat: SteppedBeat
) -> None:
    client = sign_in("sales")
    before = _words(client.get("/orders").text)
    put_order(site.shelves)

    same_beat = _words(client.get("/orders").text)
    beat.at += 1
    next_beat = _words(client.get("/orders").text)

    for words, number in ((before, 0), (same_beat, 0), (next_beat, 1)):
        assert f"All {number}" in words


def test_a_page_drawn_from_an_older_reading_is_told_to_look_again(
    sign_in: SignIn, site: Site
) -> None:
    client = sign_in("sales")
    client.get("/orders")
    put_order(site.shelves)
    site.hub.ground.changes.publish("orders")

    page = client.get("/orders").text

    assert 'hx-sse:connect="/live?seen=0"' in page
