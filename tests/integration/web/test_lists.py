"""The frame of lists: files, views and steps with several rows; and the first page beside them."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import delete

from hub.base.words import PageWords
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.pages.listing import ORDERS
from hub.desk.parties.pages.listing import CUSTOMERS
from hub.desk.people.tables import user_account
from hub.desk.products.pages.listing import PRODUCTS
from hub.web.frames.cells import Moment
from rules import ApprovalNeed, Minor
from tests.builders.order_records import SampleOrder, put_order
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]
OVER = "credit_limit_exceeded"
WORK = ("approvals.work", "customers.waiting", "home.held", "terminals.silent")
"""What the first page says beside a number."""
NEED = ApprovalNeed(OVER, "AP-CREDIT", (("manager",),), Minor(132_200))
HELD = SampleOrder(status="held", needs=(NEED,), reasons=(Reason(OVER, {"text": "too much"}),))


def _words(page: str) -> str:
    """Give what a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def _led(client: TestClient, answer: Response) -> str:
    """Give the page that a step leads to, which a reload shows again."""
    assert answer.status_code == 303
    page, again = (client.get(answer.headers["location"]).text for _ in range(2))
    assert _words(page) == _words(again)
    return page


def _chosen(page: str) -> dict[str, list[str]]:
    """Read what the form of a bulk step would send."""
    fields: dict[str, list[str]] = {"key": [], "token": [], "back": []}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page):
        if name in fields:
            fields[name].append(unescape(value))
    return fields


def test_a_file_holds_all_pages_of_the_view_and_says_under_which_filters(
    sign_in: SignIn, site: Site
) -> None:
    site.shelves.customer("C-009", "=HYPERLINK(1)")
    site.shelves.terminal("shop-9", customer="C-009")
    for number in range(51):
        put_order(site.shelves, SampleOrder(payable=100_050 + number))
    put_order(site.shelves, SampleOrder(customer="C-009", terminal="shop-9"))
    put_order(site.shelves, HELD)
    client = sign_in("auditor")

    view = "/orders?status=allocated&sort=payable&cols=number,customer,payable"
    answer = client.get(f"{view}&as=csv")
    book = client.get(f"{view}&as=xlsx")

    rows = _csv(answer.content)
    start = rows.index(["Order", "Customer", "Customer code", "Total"])
    assert ["Status", "Confirmed"] in rows[:start]
    assert ["Period", "7 days"] in rows[:start]
    assert len(rows) - start - 1 == 52
    assert rows[start + 1] == ["shop-1-1", "Gupta Kirana Store", "C-001", "1000.50"]
    assert "'=HYPERLINK(1)" in {row[1] for row in rows[start + 1 :]}
    assert 'filename="orders.csv"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(book.content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1000.5" in sheet
    assert "<f>" not in sheet
    assert "Confirmed" in sheet


def test_files_have_codes_of_their_own_and_moments_are_dates(sign_in: SignIn) -> None:
    frames = (CUSTOMERS, PRODUCTS, ORDERS)
    at = Moment(1_795_244_400_000).plain(ZoneInfo("Asia/Kolkata"), PageWords())

    coded = [{one.code_of for one in frame.columns} - {""} for frame in frames]
    rows = _csv(sign_in("manager").get("/customers?as=csv").content)

    assert coded == [{"name"}, {"name"}, {"customer"}]
    assert ["Gupta Kirana Store", "C-001"] in [row[:2] for row in rows]
    assert at == datetime(2026, 11, 21, 12, 30)  # noqa: DTZ001 -- as a sheet has it


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_first_page_says_each_number_once(language: str) -> None:
    words = PageWords(language)
    said = [words.counted(one, 7) for one in WORK]

    assert [text for text in said if "7" in text] == []


def test_the_way_to_set_a_hub_up_is_told_while_nobody_is_there(
    client: TestClient, site: Site
) -> None:
    said = PageWords().text("sign_in.not_set_up")
    later = client.get("/sign-in").text
    with site.hub.ground.database.write() as connection:
        connection.execute(delete(user_account))
        connection.commit()

    first = client.get("/sign-in").text

    assert said in first
    assert said not in later


def test_a_view_is_its_owners_unless_it_is_shared(sign_in: SignIn) -> None:
    client = sign_in("sales")
    kept = {"of": "orders", "query": "status=held&days=0", "back": "/orders?status=held"}

    saved = client.post("/views", data={**kept, "name": "Mine"})
    client.post("/views", data={**kept, "name": "Ours <b>", "shared": "true"})
    own = client.get("/orders").text
    client.post("/sign-out")
    others = sign_in("manager").get("/orders").text
    (view,) = re.findall(r"/views/(\d+)/drop", own)[:1]
    stolen = client.post(f"/views/{view}/drop")

    assert saved.headers["location"] == "/orders?status=held"
    assert 'href="/orders?status=held&amp;days=0"><bdi>Mine</bdi>' in own
    assert "<bdi>Ours &lt;b&gt;</bdi>" in others
    assert "<bdi>Mine</bdi>" not in others
    assert stolen.status_code == 404


def test_several_orders_are_refused_after_a_look_with_a_result_for_each(
    sign_in: SignIn, site: Site
) -> None:
    first, second = put_order(site.shelves, HELD), put_order(site.shelves, HELD)
    other = put_order(site.shelves)
    client = sign_in("manager")

    chosen = {"key": [first, second, other, "of-somebody-else"]}
    asked = _led(client, client.post("/bulk/approvals/refuse", data=chosen))
    fields = _chosen(asked)
    bare = client.post("/bulk/approvals/refuse/do", data=fields)
    fields["token"][1] = "0" * 64
    done = client.post("/bulk/approvals/refuse/do", data={**fields, "why": "pays late"})

    assert fields["key"] == [first, second]
    assert "2 stay as they are" in asked
    assert "It is not held any more." in asked
    assert f'href="/orders/{other}"' in asked
    assert "There is no such row for you." in asked
    assert bare.status_code == 422
    words = _words(_led(client, done))
    assert "Refuse: 1 done" in words
    assert "Changed by somebody else since you looked" in words
    assert "pays late" in client.get(f"/orders/{first}").text
    assert "Waits for a decision" in client.get(f"/orders/{second}").text


def test_who_may_not_take_a_step_takes_it_with_no_row(sign_in: SignIn, site: Site) -> None:
    held = put_order(site.shelves, HELD)
    client = sign_in("auditor")

    page = client.get("/approvals").text
    answer = client.post("/bulk/approvals/release", data={"key": [held]})

    assert 'type="checkbox" name="key"' not in page
    assert answer.status_code == 403


def test_each_number_of_the_first_page_is_that_of_the_list_it_opens(
    sign_in: SignIn, site: Site
) -> None:
    for _ in range(2):
        put_order(site.shelves, HELD)
    stopped = Reason("held_by_staff", {"why": "new address"})
    put_order(site.shelves, SampleOrder(status="held", reasons=(stopped,)))
    site.shelves.presence("shop-1", seen_at=site.clock.at_ms - 600_000)
    client = sign_in("manager")

    page = client.get("/").text
    work = page[page.index('class="ow-work"') : page.index("today-title")]
    numbers = re.findall(r'href="([^"]+)"><b>(\d+)</b>', work)

    assert len(numbers) == 5
    for address, number in numbers:
        rows = client.get(unescape(address)).text.count("data-row>")
        assert rows == int(number), address


def test_the_held_order_that_waited_longest_is_the_next_to_decide(
    sign_in: SignIn, site: Site
) -> None:
    first, second = put_order(site.shelves, HELD), put_order(site.shelves, HELD)
    client = sign_in("manager")

    to_first = client.get("/approvals/next").headers["location"]
    to_second = client.get(f"/approvals/next?after={first}").headers["location"]

    assert (to_first, to_second) == (f"/orders/{first}", f"/orders/{second}")


def test_the_search_box_finds_pages_orders_and_terminals(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("sales")

    found = {text: client.get("/find", params={"q": text}).text for text in ("shop-1", "appro")}

    assert f'href="/orders/{uuid}"' in found["shop-1"]
    assert 'href="/terminals/shop-1"' in found["shop-1"]
    assert 'href="/approvals"' in found["appro"]


def test_a_note_stands_in_the_timeline_with_who_left_it(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("manager")

    client.post(f"/orders/{uuid}/notes", data={"text": "calls back <today>"})
    client.post("/packs/7/notes", data={"text": "ask Ravi"})
    gone = client.post("/orders/nothing/notes", data={"text": "x"})

    words = _words(client.get(f"/orders/{uuid}").text)
    assert "calls back <today> 12:00:00 , meena" in words
    assert "ask Ravi 12:00:00 , meena" in _words(client.get("/packs/7").text)
    assert gone.status_code == 404


def test_static_files_are_packed_for_who_unpacks(client: TestClient) -> None:
    page = client.get("/sign-in").text
    (sheet,) = re.findall(r'href="(/static/vendor/[^"]+\.css)"', page)

    packed = client.get(sheet, headers={"Accept-Encoding": "gzip"})
    plain = client.get(sheet, headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) * 5 < int(plain.headers["content-length"])
    assert packed.text == plain.text


def test_a_held_order_can_no_longer_be_held_by_the_bulk(sign_in: SignIn, site: Site) -> None:
    good, held = put_order(site.shelves), put_order(site.shelves, HELD)
    client = sign_in("sales")

    asked = _led(client, client.post("/bulk/orders/hold", data={"key": [good, held]}))
    client.post("/bulk/orders/hold/do", data={**_chosen(asked), "why": "new address"})

    assert "It is Held: only an order that holds batches can be held." in asked
    assert "Held by staff" in client.get(f"/orders/{good}").text
