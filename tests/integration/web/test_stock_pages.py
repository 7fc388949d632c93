"""Stock by page and by program: scanned in, moved, sent off, counted and looked at."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.parties.acts import CustomerActs
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.products.tables import product
from hub.desk.stock.acts import StockActs
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market, new_uuid
from tests.builders.peopled_market import open_peopled
from tests.builders.stock_moves import do, posted, row, stock_of
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]
TEA = "010890123456789017270630" + "10T-9"
"""The element string of a piece of tea of batch T-9 that expires on 30 June 2027."""


@pytest.fixture(name="market")
def open_two_warehouses(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role, and two warehouses."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        stock_of(opened)
        yield opened


@pytest.fixture(name="site")
def serve_two_warehouses(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def scan(client: TestClient, address: str, code: str, **typed: str) -> str:
    """Scan a code on a page as a keyboard wedge does, and give the page that follows."""
    page = client.get(address).text
    sent = {**lines(page), **typed, "scan": code, "form_step": "add"}
    answer = client.post(address, data=sent)
    assert answer.headers["location"] == address
    return client.get(address).text


def lines(page: str) -> dict[str, object]:
    """Read the fields of a form, those of its lines as lists."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name[1], []).append(value[1] if value else "")
    plain = fields(page)
    return {**plain, **{name: texts for name, texts in found.items() if len(texts) > 1}}


def test_scans_fill_the_lines_and_the_goods_are_received(sign_in: SignIn, market: Market) -> None:
    client = sign_in("manager")
    scan(client, "/stock/receive", TEA)
    scan(client, "/stock/receive", f"]C1{TEA}")
    page = scan(client, "/stock/receive", "4006381333931")
    unclear = words(page)
    sent = {**lines(page), "form_step": "send", "scan": ""}

    answer = client.post("/stock/receive", data=sent, follow_redirects=False)
    again = client.post("/stock/receive", data=sent, follow_redirects=False)

    assert "no product has the code 4006381333931" in unclear
    assert answer.status_code == 303
    assert again.headers["location"] == answer.headers["location"]
    shown = words(client.get(answer.headers["location"]).text)
    assert re.search(r"Tea TEA T-9 30 Jun 2027 2 ", shown)
    assert market.rows("SELECT on_hand FROM batch WHERE code = 'T-9'") == [(2,)]


def test_a_line_that_is_wrong_is_told_beside_it_and_nothing_is_received(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("manager")
    page = scan(client, "/stock/receive", "SOAP")
    sent = {**lines(page), "form_step": "send", "scan": ""}
    sent |= {"code": ["SOAP", "TEA"], "batch": ["S1", "T-LATE"], "quantity": ["5", "1"]}
    sent |= {"expiry": ["", "2030-01-01"], "manufactured": ["", ""], "expected": ["", ""]}

    answer = client.post("/stock/receive", data=sent)

    assert answer.status_code == 409
    assert "batch T-LATE in warehouse MAIN has the date 2027-12-31" in words(answer.text)
    assert market.rows("SELECT on_hand FROM batch WHERE code = 'S1'") == [(5000,)]


def test_scans_that_were_not_taken_stay_until_they_were_seen_and_lines_say_their_product(
    sign_in: SignIn,
) -> None:
    client = sign_in("manager")
    scan(client, "/stock/receive", "4006381333932")
    scan(client, "/stock/receive", "00123456789012345675")
    page = scan(client, "/stock/receive", "(01)08901234567890(17)250131(10)OLD")
    sent = {**lines(page), "form_step": "forget", "scan": ""}

    client.post("/stock/receive", data=sent)
    later = words(client.get("/stock/receive").text)

    assert "2 scans to look at" in words(page)
    assert "Tea" in words(page)
    assert "Expired already" in words(page)
    assert "scans to look at" not in later
    assert "Tea" in later


def test_figures_that_were_refused_stand_there_still_after_a_scan(
    sign_in: SignIn, market: Market
) -> None:
    acts = stock_of(market)
    head = {"warehouse": "MAIN", "to_warehouse": "SIDE", "due": "2026-11-25"}
    sent = posted(do(acts.transfer.dispatch, head, row("SOAP", "S1", 20)), "dispatched")
    client, address = sign_in("manager"), f"/stock/documents/{sent}/arrive"
    wrong = {**lines(client.get(address).text), "line_1": "-3", "form_step": "send"}
    del wrong["rest_as_sent"]

    refused = client.post(address, data=wrong)
    again = {**lines(refused.text), "line_1": "18", "scan": "RICE", "form_step": "add"}
    client.post(address, data=again)
    shown = client.get(address).text

    assert refused.status_code == 409
    assert fields(shown)["line_1"] == "18"
    assert "Rice" in words(shown)


def test_a_blank_at_an_arrival_is_asked_about_at_its_line(sign_in: SignIn, market: Market) -> None:
    acts = stock_of(market)
    head = {"warehouse": "MAIN", "to_warehouse": "SIDE", "due": "2026-11-25"}
    sent = posted(do(acts.transfer.dispatch, head, row("SOAP", "S1", 20)), "dispatched")
    client, address = sign_in("manager"), f"/stock/documents/{sent}/arrive"
    blank = {**lines(client.get(address).text), "form_step": "send"}
    del blank["rest_as_sent"]  # a box that nobody has ticked is not sent

    asked = client.post(address, data=blank)
    client.post(address, data={**blank, "rest_as_sent": "1"})

    assert asked.status_code == 409
    assert "20 say how many of the 20 arrived" in words(asked.text)
    assert market.rows("SELECT on_hand FROM batch WHERE code = 'S1' ORDER BY id") == [
        (4980,),
        (20,),
    ]


def test_of_two_who_count_together_neither_undoes_what_the_other_entered(
    sign_in: SignIn, market: Market
) -> None:
    acts = stock_of(market)
    freeze = acts.count.freeze
    document = posted(
        freeze({"warehouse": "MAIN"}, key=new_uuid(), by="ravi", scope=EVERYTHING), "counting"
    )
    address = f"/stock/documents/{document}/count"
    counter = sign_in("manager")
    seen = lines(counter.get(address).text)
    acts.count.enter(document, {"1": "20"}, by="ravi", scope=EVERYTHING)

    counter.post(address, data={**seen, "line_2": "7", "form_step": "send"})
    own = {**seen, "form_key": new_uuid()}
    late = counter.post(address, data={**own, "line_1": "11", "form_step": "send"})
    again = {**lines(late.text), "line_1": "11", "form_step": "send"}
    rows = "SELECT line, counted, counted_by FROM stock_document_line WHERE counted IS NOT NULL"
    before = market.rows(f"{rows} ORDER BY line")
    done = counter.post(address, data=again, follow_redirects=False)

    assert before == [(1, 20, "ravi"), (2, 7, "meena")]
    assert "ravi has counted 20 here meanwhile" in words(late.text)
    assert done.status_code == 303
    assert market.rows(f"{rows} AND line = 1") == [(1, 11, "meena")]


def test_goods_that_have_expired_are_asked_about_once_before_they_are_received(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("manager")
    page = client.get("/stock/receive").text
    typed = {"code": "TEA", "batch": "T-GONE", "quantity": "3", "expiry": "2025-01-31"}
    sent = {**fields(page), **typed, "form_step": "send"}

    asked = client.post("/stock/receive", data=sent)
    (sure,) = re.findall(r'name="form_sure" value="([^"]*)"', asked.text)
    taken = client.post("/stock/receive", data={**sent, "form_sure": sure})

    assert asked.status_code == 200
    assert "Expired already: T-GONE" in words(asked.text)
    assert taken.status_code == 303
    assert market.rows("SELECT on_hand FROM batch WHERE code = 'T-GONE'") == [(3,)]


def test_a_line_that_leaves_a_warehouse_offers_the_batches_that_are_there(
    sign_in: SignIn,
) -> None:
    client = sign_in("manager")

    begun = client.get("/stock/transfer").text
    moved = client.get("/stock/move?warehouse=MAIN&code=TEA").text

    offered = re.findall(r'<option value="(T-[A-Z]+)">', moved)
    assert offered == ["T-OLD", "T-EARLY", "T-LATE"]
    assert "100 available" in words(moved)
    assert re.search(r'name="to_warehouse".*?<option value="SIDE" selected>', begun, re.DOTALL)
    assert re.search(r'name="warehouse".*?<option value="MAIN" selected>', begun, re.DOTALL)


def test_the_list_tells_each_number_and_its_record_what_made_it(
    sign_in: SignIn, market: Market
) -> None:
    acts = stock_of(market)
    answer = market.place(("RICE", 7), terminal="shop-2")
    head = {"warehouse": "MAIN", "how": "damage", "reason": "broken", "note": "fell down"}
    posted(do(acts.move, head, row("RICE", "R1", 3)))
    client = sign_in("manager")

    listed = words(client.get("/stock").text)
    record = words(client.get("/stock/at/MAIN/RICE").text)
    damaged = words(client.get("/stock/at/MAIN/RICE?bucket=damaged").text)
    exported = client.get("/stock?as=csv").text

    assert re.search(r"Rice RICE MAIN 997 KG 7 990 0 3 0 ", listed)
    assert re.search("broken: fell down R1 \N{MINUS SIGN}3 997", record)
    assert re.search(r"R1 1,000|R1 \+1,000 1,000", record)
    assert re.search(r"R1 \+3 3", damaged)
    assert f"/orders/{answer.order}" in client.get("/stock/at/MAIN/RICE").text
    assert re.search(r"Rice,.*997", exported)


def test_stock_of_a_code_with_signs_of_addresses_has_its_page(
    sign_in: SignIn, market: Market
) -> None:
    with market.database.write() as connection:
        connection.execute(update(product).where(product.c.sku == "RICE").values(sku="R/1?x#y"))
        connection.commit()
    client = sign_in("manager")

    (address,) = set(re.findall(r'/stock/at/MAIN/R[^"]*', client.get("/stock").text))
    record = client.get(unescape(address))

    assert record.status_code == 200
    assert "R/1?x#y · MAIN" in words(record.text)


def test_stock_that_is_low_near_its_expiry_or_late_is_work_that_leads_to_its_list(
    sign_in: SignIn, market: Market
) -> None:
    acts = stock_of(market)
    market.change("UPDATE product SET reorder_level = 50 WHERE sku = 'HONEY'")
    market.change("UPDATE product SET reorder_level = 49 WHERE sku = 'SOAP'")
    head = {"warehouse": "MAIN", "to_warehouse": "SIDE", "due": "2026-11-20"}
    posted(do(acts.transfer.dispatch, head, row("SOAP", "S1", 5)), "dispatched")
    client = sign_in("manager")

    home = words(client.get("/").text)
    low = client.get("/stock?state=low").text
    late = words(client.get("/stock/documents?state=dispatched&late=yes").text)
    expired = client.get("/stock/batches?state=expired").text

    for said in ("2 products low", "1 transfer late", "1 batch expired"):
        assert said in home
    assert "/stock/at/MAIN/HONEY" in low
    assert "/stock/at/MAIN/SOAP" not in low
    assert "MAIN → SIDE" in late
    assert "T-OLD" in expired
    assert "T-LATE" not in expired


def test_what_is_kept_of_a_product_differs_by_warehouse(sign_in: SignIn, market: Market) -> None:
    market.change("UPDATE product SET reorder_level = 10, maximum = 9000 WHERE sku = 'SOAP'")
    client = sign_in("manager")
    address = "/stock/levels/SIDE/SOAP"

    missing = client.get(address)
    given = {
        **fields(client.get("/stock/levels/MAIN/SOAP").text),
        "reorder": "6000",
        "maximum": "5",
    }
    crossed = client.post("/stock/levels/MAIN/SOAP", data=given)
    asked = {**given, "maximum": "", "note": "season", "bin": "A-2-10"}
    kept = client.post("/stock/levels/MAIN/SOAP", data=asked)
    stock_of(market).set_level("SIDE", "HONEY", {"reorder": "5"}, by="meena", scope=EVERYTHING)
    low, over = (words(client.get(f"/stock?state={one}").text) for one in ("low", "over"))
    page = words(client.get("/stock/at/MAIN/SOAP").text)

    assert missing.status_code == 404  # nothing of it was ever there
    assert "is less than 6000" in words(crossed.text)
    assert kept.status_code == 303
    assert "SOAP" in low
    assert "HONEY" in low  # nothing of it is at SIDE
    assert "SOAP" not in over
    assert "Reorder at 6,000 low" in page
    assert "Most to keep 9,000" in page
    assert "Bin A-2-10" in page
    assert "meena" in page
    assert "season" in page

    again = {**fields(client.get("/stock/levels/MAIN/SOAP").text), "reorder": "", "maximum": "3"}
    client.post("/stock/levels/MAIN/SOAP", data=again)
    low, over = (words(client.get(f"/stock?state={one}").text) for one in ("low", "over"))
    assert "SOAP" not in low
    assert "SOAP" in over


def test_a_count_is_entered_blind_and_decided_by_somebody_else(
    sign_in: SignIn, market: Market
) -> None:
    acts = stock_of(market)
    head = {"warehouse": "MAIN"}
    document = posted(
        acts.count.freeze(head, category="home", key=new_uuid(), by="ravi", scope=EVERYTHING),
        "counting",
    )
    client = sign_in("manager")
    address = f"/stock/documents/{document}"
    blind = client.get(f"{address}/count").text + client.get(address).text
    sent = {**lines(client.get(f"{address}/count").text), "line_1": "4990", "form_step": "send"}

    client.post(f"{address}/count", data=sent)
    client.post(f"{address}/hand-over")
    own = client.post(f"{address}/grant")
    other = sign_in("admin")
    shown = words(other.get(address).text)
    other.post(f"{address}/grant")

    assert "5,000" not in words(blind)
    assert "1 line is left to be counted" in words(blind)
    assert own.status_code == 409
    assert "1 line of 1 differs from the book." in shown
    assert re.search("5,000 0 4,990 meena \N{MINUS SIGN}10", shown)
    assert market.rows("SELECT on_hand FROM batch WHERE code = 'S1'") == [(4990,)]


def test_an_owner_who_is_alone_says_on_the_page_why_their_own_document_passes(
    sign_in: SignIn, market: Market
) -> None:
    """The same with many customers at once; a program may say why, too."""
    market.change("UPDATE user_account SET roles = 'owner' WHERE name = 'asha'")
    market.change("UPDATE user_account SET active = false WHERE name <> 'asha'")
    acts = market.hub.ground.part(StockActs)
    found = {"warehouse": "MAIN", "how": "found", "reason": "found"}
    shown, sent = (
        posted(do(acts.move, found, row("SOAP", "S1", 100)), "waiting") for _ in range(2)
    )
    change = {"credit_limit": Change("none", "7000")}
    market.hub.ground.part(CustomerActs).change("C3", change, by="asha", scope=EVERYTHING)
    client = sign_in("admin")
    page, address = f"/stock/documents/{shown}", f"/api/v1/stock/documents/{sent}/grant"

    asked = words(client.get(page).text)
    without = client.post(f"{page}/grant", data={"why": ""})
    done = client.post(f"{page}/grant", data={"why": "counted twice"})
    told = words(client.get(page).text)
    bulk = client.post("/bulk/customers/pass", data={"key": "C3"}, follow_redirects=True).text
    pairs = dict(re.findall(r'name="(key|token)" value="([^"]*)"', bulk))
    silent = client.post("/bulk/customers/pass/do", data=pairs)
    client.post("/bulk/customers/pass/do", data={**pairs, "why": "I know the shop"})
    tokens = market.hub.ground.part(PeopleActs).tokens
    headers = {"Authorization": f"Bearer {tokens.add('m', roles=('manager',), by=OPERATOR)}"}
    refused = client.post(address, content='{"because": ""}', headers=headers)
    too_long = client.post(address, content=json.dumps({"why": "x" * 501}), headers=headers)
    passed = client.post(address, content=json.dumps({"why": "x" * 500}), headers=headers)

    assert "nobody else here may decide: say why" in asked
    assert (without.status_code, done.status_code) == (409, 303)
    assert "asha alone may decide here" in words(without.text)
    assert "counted twice" in told
    assert [one.status_code for one in (refused, too_long, passed)] == [400, 400, 201]
    why = "SELECT decided_why FROM stock_document WHERE id = :id"
    assert market.rows(why, id=sent) == [("x" * 500,)]
    assert 'name="why"' in bulk
    assert silent.status_code == 422
    assert market.rows("SELECT credit_limit FROM party WHERE code = 'C3'") == [(700_000,)]
    assert market.broken() == set()


def test_a_recall_shows_who_got_the_batch_and_gives_it_as_a_file(
    sign_in: SignIn, market: Market
) -> None:
    market.place(("RICE", 7), terminal="shop-2")
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'R1'")
    head = {"warehouse": "MAIN", "to_warehouse": "SIDE", "due": "2026-11-25"}
    posted(do(stock_of(market).transfer.dispatch, head, row("RICE", "R1", 5)), "dispatched")
    client = sign_in("manager")
    address = f"/stock/batches/{batch}"
    page = client.get(f"{address}/recall").text
    sent = {**lines(page), "note": "glass found", "form_step": "send"}

    client.post(f"{address}/recall", data=sent)

    assert "Second Shop" in words(page)
    assert "5 on the way to SIDE" in words(page)
    assert re.search(r"RICE,R1,C2,Second Shop,.*MAIN,7", client.get(f"{address}/holders.csv").text)
    assert "glass found" in words(client.get(address).text)
    assert market.rows("SELECT on_hand, quarantine FROM batch WHERE id = :b", b=batch) == [(7, 988)]


def test_a_program_receives_goods_once_and_is_told_what_is_wrong(
    sign_in: SignIn, market: Market
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    secret = tokens.add("scales", roles=("warehouse",), by=OPERATOR)
    client = sign_in("auditor")
    headers = {"Authorization": f"Bearer {secret}"}
    line = {"code": "SOAP", "batch": "S1", "quantity": "5"}
    said = {"key": new_uuid(), "fields": {"warehouse": "MAIN"}, "lines": [line]}

    def send(address: str, body: object) -> tuple[int, dict[str, object]]:
        answer = client.post(f"/api/v1/stock/{address}", content=json.dumps(body), headers=headers)
        return answer.status_code, answer.json()

    first, again = send("receive", said), send("receive", said)
    wrong = send("receive", {**said, "key": new_uuid(), "lines": [{**line, "quantity": "x"}]})
    found = client.get("/api/v1/stock?q=SOAP", headers=headers).json()

    assert (first[0], again[0]) == (201, 200)
    assert first[1]["id"] == again[1]["id"]
    assert wrong[0] == 422
    assert "1.quantity" in json.dumps(wrong[1])
    assert [(one["code"], one["available"]) for one in found] == [("S1", 5005)]


def test_a_program_sets_a_limit_and_reads_what_holds_and_who_set_it(
    sign_in: SignIn, market: Market
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    secret = tokens.add("books", roles=("admin",), by=OPERATOR)
    client = sign_in("auditor")
    headers = {"Authorization": f"Bearer {secret}"}

    def send(body: object) -> tuple[int, dict[str, object]]:
        answer = client.post("/api/v1/stock/limit", content=json.dumps(body), headers=headers)
        return answer.status_code, answer.json()

    kept = send({"amount": "5,000.00", "recount": "1000.00", "note": "as agreed"})
    wrong = send({"amount": "1,5"})
    found = client.get("/api/v1/stock/limit", headers=headers).json()

    assert (kept[0], wrong[0]) == (200, 422)
    assert "amount" in json.dumps(wrong[1])
    assert found == kept[1]
    assert (found["amount"], found["recount"], found["scale"]) == (500_000, 100_000, 2)
    told = found["history"]
    assert [(one["new"], one["why"]) for one in told[-2:]] == [
        (500_000, "as agreed"),
        (100_000, "as agreed"),
    ]


def test_the_page_of_limits_keeps_both_and_tells_who_set_them(sign_in: SignIn) -> None:
    client = sign_in("admin")
    form = fields(client.get("/stock/limit").text)

    client.post(
        "/stock/limit", data={**form, "amount": "750.00", "recount": "50.00", "note": "new shelf"}
    )

    after = client.get("/stock/limit").text
    assert 'value="750.00"' in after
    assert "new shelf" in after
    assert "750.00" in after.split("new shelf")[0]


@pytest.mark.parametrize(
    "path",
    [
        *("/stock", "/stock/batches", "/stock/documents", "/stock/receive", "/stock/move"),
        *("/stock/transfer", "/stock/count"),
    ],
)
def test_the_pages_of_stock_are_there_in_hindi(sign_in: SignIn, path: str) -> None:
    client = sign_in("admin")
    client.cookies.set("orderwire_language", "hi")

    assert "स्टॉक" in words(client.get(path).text)
