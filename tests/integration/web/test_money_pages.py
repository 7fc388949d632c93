"""Money by page and by program: billed, printed, paid, credited, told by age."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market, packed
from tests.builders.money import billed, delivered, move_money, paid
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.builders.portal import complete_for_gst
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]
GIFT = """
schemes:
  - id: SCH-TEA
    when: {sku: TEA}
    count: {over: line, of: qty}
    free: {every: 5, give: 1, item: HONEY}
"""


def test_an_order_goes_from_its_page_to_an_invoice_a_payment_and_a_credit_note(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    order = delivered(market, ("TEA", 5))

    page = client.get(f"/orders/{order}").text
    bill = client.get(f"/invoices/new?order={order}").text
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', bill)
    sent = {"order": order, "seen": seen}
    made = client.post("/invoices/new", data=sent, follow_redirects=False)
    again = client.post("/invoices/new", data=sent, follow_redirects=False)
    invoice = made.headers["location"]
    shown = words(client.get(invoice).text)
    paper = words(client.get(f"{invoice}/print").text)
    form = client.get("/payments/new?customer=C2&amount=100.00").text
    taken = client.post("/payments/new", data=fields(form), follow_redirects=False)
    payment = words(client.get(taken.headers["location"]).text)
    credit = fields(client.get(f"{invoice}/credit").text)
    asked = {**credit, "back.1": "2", "shelf.1": "good", "why": "broken", "form_step": "send"}
    credited = client.post(f"{invoice}/credit", data=asked, follow_redirects=False)

    assert f"/invoices/new?order={order}" in page
    assert (made.status_code, again.status_code) == (303, 303), words(again.text)
    assert again.headers["location"] == invoice
    assert "₹550.00" in shown
    assert "Five hundred fifty rupees only" in paper
    assert "INV26-27/000001" in payment
    assert credited.status_code == 303, words(credited.text)
    note = words(client.get(credited.headers["location"]).text)
    assert "₹220.00" in note
    assert "Good: 2, T-EARLY" in note
    billed_already = words(client.get(f"/invoices/new?order={order}").text)
    assert "is billed already INV26-27/000001" in billed_already
    assert "₹230.00" in words(client.get(invoice).text)
    assert market.broken() == set()


def test_a_bill_of_a_note_that_no_hub_has_is_told_so(sign_in: SignIn) -> None:
    client = sign_in("admin")

    seen = client.get(f"/invoices/new?notes={10**20}")
    made = client.post("/invoices/new", data={"notes": str(10**20)})

    assert (seen.status_code, made.status_code) == (422, 422)


def test_every_page_of_money_opens_in_both_languages_and_as_a_file(
    sign_in: SignIn, market: Market
) -> None:
    move_money(market)
    client = sign_in("admin")
    pages = [
        *("/", "/invoices", "/invoices/to-bill", "/payments", "/payments/new?customer=C2"),
        *("/accounts/ageing", "/accounts/ageing?basis=day&on=2026-11-30", "/invoices/letterhead"),
        *("/accounts/statement/C2", "/customers/C2", "/payments/limit", "/orders?paid=paid"),
        *(f"/invoices/{n}" for n in range(1, 5)),
        *(f"/invoices/{n}/print" for n in range(1, 5)),
        *(f"/payments/{n}" for n in range(1, 5)),
        *(f"/payments/{n}/print" for n in range(1, 5)),
        *("/payments/3/refund", "/returns", "/returns/new?customer=C2"),
    ]
    files = (
        *("/invoices?as=csv", "/payments?as=xlsx", "/accounts/ageing?as=csv", "/orders?as=csv"),
        *("/accounts/statement/C2?as=csv", "/invoices/gstr1.csv?month=2026-11"),
        *("/invoices/1/paper.pdf?size=roll", "/payments/1/paper.pdf", "/returns?as=csv"),
        "/accounts/statement.pdf?customer=C2&language=hi",
    )

    wrong = [path for path in pages if client.get(path).status_code != 200]
    refund, given = (words(client.get(path).text) for path in ("/payments/3/refund", "/payments/4"))
    client.post("/language", data={"language": "hi", "next": "/"})
    hindi = [unescape(client.get(path).text) for path in pages]

    assert wrong == []
    assert all(
        one in page for page in (refund, given) for one in ("Given back on", "Given back by")
    )
    assert ("Cheque" in refund, "Out of" in given) == (False, True)
    assert all('lang="hi"' in page for page in hindi)
    assert [path for path in files if client.get(path).status_code != 200] == []
    assert client.get("/invoices/2/einvoice.json").status_code == 409


def test_an_invoice_says_what_each_rate_of_tax_is_of_and_nothing_of_free_goods(
    sign_in: SignIn, market: Market
) -> None:
    market.publish(packed(version=2, more=GIFT))
    client = sign_in("admin")
    invoice = billed(market, delivered(market, ("TEA", 5))).invoice

    shown = words(client.get(f"/invoices/{invoice}").text)
    paper = words(client.get(f"/invoices/{invoice}/print").text)

    assert "VAT 10 % of 500.00 50.00" in shown
    assert "Honey free" in paper
    assert "Rate Taxable Tax 10 % 500.00 VAT 50.00" in paper


def test_an_invoice_and_the_notes_that_brought_its_goods_lead_to_each_other(
    market: Market, sign_in: SignIn
) -> None:
    made = billed(market, delivered(market, ("TEA", 5)))
    ((note, number),) = market.rows("SELECT id, number FROM delivery")
    client = sign_in("sales")

    invoice = client.get(f"/invoices/{made.invoice}").text
    delivery = client.get(f"/deliveries/{note}").text

    assert f'href="/deliveries/{note}"><bdi>{number}</bdi>' in invoice
    assert f'href="/invoices/{made.invoice}"><bdi>{made.number}</bdi>' in delivery


def test_a_statement_on_its_page_has_the_letterhead_of_who_sends_it(
    sign_in: SignIn, market: Market
) -> None:
    complete_for_gst(market)
    client = sign_in("admin")

    page = words(client.get("/accounts/statement/C2").text)
    paper = page[page.index("PDF, A4") :]

    assert re.match(r"PDF, A4 Corner Supplies 1 Main Road Bengaluru 560001 GSTIN 29AAPFU", paper)


def test_a_program_bills_takes_money_and_reads_what_is_owed(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    order = delivered(market, ("TEA", 5))
    tokens = market.hub.ground.part(PeopleActs).tokens
    token = tokens.add("books", roles=("accounts",), by=OPERATOR)
    said = {"Authorization": f"Bearer {token}"}

    made = client.post("/api/v1/invoices", json={"orders": [order]}, headers=said)
    payment = {"key": "k", "customer": "C2", "fields": {"amount": "50", "mode": "cash"}}
    taken = client.post("/api/v1/payments", json=payment, headers=said)
    again = client.post("/api/v1/payments", json=payment, headers=said)
    owed = client.get("/api/v1/accounts/ageing", headers=said).json()
    told = client.get("/api/v1/accounts/statement/C2", headers=said).json()
    orders = client.get("/api/v1/orders", headers=said)
    goods = {"key": "r", "customer": "C2", "lines": [{"sku": "TEA", "quantity": 1}], "why": "torn"}
    returned = client.post("/api/v1/returns", json=goods, headers=said)
    paper = client.get(f"/api/v1/invoices/{made.json()['id']}/paper.pdf", headers=said)
    void = f"/api/v1/payments/{taken.json()['row']['id']}/void"
    voided = client.post(void, json={"why": "twice"}, headers=said)

    assert (made.status_code, made.json()["payable"]) == (201, 55000)
    assert (taken.status_code, again.status_code) == (201, 200)
    assert [one["balance"] for one in owed if one["customer"] == "C2"] == [50000]
    assert (told["closing"], len(told["rows"])) == (50000, 2)
    assert json.loads(orders.text)["orders"][0]["paid"] == "unpaid"
    assert re.match(r"INV26-27/0+1$", made.json()["number"])
    assert (returned.status_code, returned.json()["row"]["amount"]) == (201, 11000)
    assert paper.content.startswith(b"%PDF-")
    assert (voided.status_code, voided.json()["row"]["state"]) == (201, "voided")


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("claims", {"key": "", "funder": "LEAF", "until": "2026-11-21"}),
        ("claims", {"key": "k" * 65, "funder": "LEAF", "until": "2026-11-21"}),
        ("payments", {"key": "", "customer": "C2", "fields": {"amount": "1.00", "mode": "cash"}}),
        ("returns", {"key": "", "customer": "C2", "lines": [], "why": "x"}),
        ("returns", {"key": "r", "customer": "C2", "lines": [], "why": "x", "delivery": 10**20}),
        ("returns", {"key": "r", "customer": "C2", "lines": [], "why": "x\0"}),
        ("invoices", {"notes": [10**20]}),
        ("stock/receive", {"key": "", "fields": {}}),
    ],
)
def test_what_could_not_be_kept_is_refused_before_anything_is_done(
    sign_in: SignIn, market: Market, address: str, body: dict[str, object]
) -> None:
    client = sign_in("admin")
    tokens = market.hub.ground.part(PeopleActs).tokens
    headers = {"Authorization": f"Bearer {tokens.add('books', roles=('admin',), by=OPERATOR)}"}

    answer = client.post(f"/api/v1/{address}", json=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "body_invalid")


def test_a_backslash_before_four_noughts_is_a_text_like_any_other(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    tokens = market.hub.ground.part(PeopleActs).tokens
    headers = {"Authorization": f"Bearer {tokens.add('books', roles=('admin',), by=OPERATOR)}"}
    payment = {"key": "a\\u0000", "customer": "C2", "fields": {"amount": "50", "mode": "cash"}}

    assert client.post("/api/v1/payments", json=payment, headers=headers).status_code == 201


def test_a_program_that_lost_an_answer_credits_once_under_its_key(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    invoice = billed(market, delivered(market, ("TEA", 5))).invoice
    tokens = market.hub.ground.part(PeopleActs).tokens
    said = {"Authorization": f"Bearer {tokens.add('books', roles=('accounts',), by=OPERATOR)}"}
    credit = {"fields": {"back.1": "2"}, "why": "torn", "key": "c-1"}
    address = f"/api/v1/invoices/{invoice}/credit"

    first = client.post(address, json=credit, headers=said)
    again = client.post(address, json=credit, headers=said)
    next_ = client.post(address, json={**credit, "key": "c-2"}, headers=said)

    assert (first.status_code, again.status_code, next_.status_code) == (201, 200, 201)
    assert first.json()["number"] == again.json()["number"] != next_.json()["number"]
    assert client.get(f"/api/v1/invoices/{invoice}", headers=said).json()["open"] == 11_000
    assert market.broken() == set()


def test_a_timeline_tells_what_became_of_a_cheque_and_of_a_cancelled_invoice(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    order = market.place(("TEA", 3)).order
    invoice = billed(market, order).invoice
    cheque = paid(market, "100.00", mode="cheque", reference="C-9").payment
    address = f"/payments/{cheque}"

    for state in ("clearing", "bounced"):
        client.post(f"{address}/state", data={"state": state})
    client.post(f"/invoices/{invoice}/cancel", data={"reason": "wrong shop"})

    shown = words(client.get(address).text)
    cancelled = words(client.get(f"/invoices/{invoice}").text)
    assert 0 < shown.find("In clearing") < shown.rfind("Bounced")
    assert cancelled.count("wrong shop") == 2


def test_a_bank_statement_is_taken_and_its_rows_are_booked_by_page_and_program(
    sign_in: SignIn, market: Market
) -> None:
    invoice = billed(market, delivered(market, ("TEA", 2)))
    client = sign_in("admin")
    text = (
        "Date,Narration,Debit,Credit\n"
        f"20/11/2026,NEFT {invoice.number},,100.00\n"
        "20/11/2026,INTEREST,,5.00\n"
    )
    files = {"file": ("november.csv", text.encode(), "text/csv")}

    wrong = client.post("/bank", files={"file": ("x.csv", b"a,b\n1,2\n", "text/csv")})
    taken = client.post("/bank", files=files, follow_redirects=False)
    address = taken.headers["location"]
    page = client.get(address).text
    (choice,) = re.findall(r'<option value="([^"]+)" selected>', page)
    booked = client.post(f"{address}/confirm", data={"choice.1": choice}, follow_redirects=False)
    left = client.post(f"{address}/leave", data={"row": "2", "why": "x"}, follow_redirects=False)
    again = client.post("/bank", files=files)
    listed = words(client.get("/bank").text)

    assert wrong.status_code == again.status_code == 409
    assert "no row names date" in words(wrong.text)
    assert "already" in words(again.text)
    assert [one.status_code for one in (taken, booked, left)] == [303, 303, 303]
    shown = words(client.get(address).text)
    assert "PAY26-27/000001" in shown
    assert "left out" in shown
    assert "november.csv" in listed
    assert market.broken() == set()


def test_a_cleared_cheque_that_came_back_is_booked_by_page_and_said_with_its_reason(
    sign_in: SignIn, market: Market
) -> None:
    market.load(sellers="code,name,kind,parent\nNORTH,North Trade,distributor,\n")
    client = sign_in("admin")
    cheques = [
        paid(market, "100.00", mode="cheque", reference=one).payment for one in ("004512", "004513")
    ]
    text = "Date,Narration,Ref No,Debit,Credit\n20/11/2026,CHQ RETURN,004512,100.00,\n"
    files = {"file": ("november.csv", text.encode(), "text/csv")}

    form = words(client.get("/bank").text)
    unsaid = client.post("/bank", files=files)
    taken = client.post("/bank", files=files, data={"seller": "@house"}, follow_redirects=False)
    address = taken.headers["location"]
    (choice,) = re.findall(r'<option value="([^"]+)" selected>', client.get(address).text)
    offered = words(client.get(address).text)
    client.post(f"{address}/confirm", data={"choice.1": choice})
    for state in ("cleared", "bounced"):
        said = {"state": state, "reason": "signature differs"}
        client.post(f"/payments/{cheques[1]}/state", data=said)

    assert "North Trade" in form
    assert unsaid.status_code == 409
    assert "whose account it is" in words(unsaid.text)
    assert "matched cheque came back" in offered
    assert "open again, for good" in offered
    assert "cheque came back" in words(client.get(address).text)
    told = [words(client.get(f"/payments/{one}").text) for one in cheques]
    assert "CHQ RETURN" in told[0]
    assert "signature differs" in told[1]
    assert market.rows("SELECT state FROM payment ORDER BY id") == [("bounced",)] * 2
    assert market.broken() == set()


def test_a_month_for_the_return_of_sales_is_read_by_programs(
    client: TestClient, market: Market
) -> None:
    made = billed(market, market.place(("SOAP", 3)).order)
    token = market.hub.ground.part(PeopleActs).tokens.add("tax", roles=("accounts",), by=OPERATOR)
    said = {"Authorization": f"Bearer {token}"}

    month = client.get("/api/v1/invoices/gstr1?month=2026-11", headers=said)
    wrong = client.get("/api/v1/invoices/gstr1?month=november", headers=said)

    (row,) = month.json()
    assert (row["number"], row["table"], row["rate"], row["day"]) == (
        *(made.number, "EXEMP", 0, "2026-11-21"),
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "month_invalid")


def test_a_row_that_was_left_out_says_why_and_is_opened_again_by_its_button(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    text = "Date,Narration,Debit,Credit\n20/11/2026,INTEREST,,5.00\n"
    taken = client.post("/bank", files={"file": ("n.csv", text.encode(), "text/csv")})
    address = taken.headers["location"]
    client.post(f"{address}/leave", data={"row": "1", "why": "not a customer's"})

    left = client.get(address).text
    button = re.search(r'form="again" name="row" value="(\d+)"', left)
    assert button
    client.post(f"{address}/leave", data={"again": "1", "row": button[1]})

    assert "not a customer&#39;s" in left
    assert market.rows("SELECT state FROM bank_row") == [("open",)]
    assert 'form="again"' not in client.get(address).text


def test_what_is_wrong_with_a_row_stands_beside_it_and_a_long_statement_turns_pages(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    rows = "".join(f"20/11/2026,ROW {n:03},,{n}.00\n" for n in range(1, 251))
    text = f"Date,Narration,Debit,Credit\n{rows}"
    taken = client.post("/bank", files={"file": ("n.csv", text.encode(), "text/csv")})
    address = taken.headers["location"]

    first, last = client.get(address).text, client.get(f"{address}?skip=200").text
    chosen = {"choice.250": "other", "other.250": "NOBODY"}
    wrong = client.post(f"{address}/confirm?skip=200", data=chosen)
    done = client.post(f"{address}/confirm?skip=200", data=chosen | {"other.250": "C2"})

    assert [("ROW 001" in one, "ROW 250" in one) for one in (first, last)] == [
        (True, False),
        (False, True),
    ]
    assert "Rows 201 to 250 of 250" in words(last)
    assert wrong.status_code == 409
    assert re.search(r'id="wrong-250">.*NOBODY.* is no customer', wrong.text)
    assert "NOBODY" in re.findall(r'name="other.250" value="(.*?)"', wrong.text)
    assert done.headers["location"] == f"{address}?skip=200"
    assert market.rows("SELECT count(*) FROM payment") == [(1,)]


@pytest.mark.parametrize(
    ("series", "last", "why"),
    [("invoice/", "abc", "paper"), ("invoice/", "5", ""), ("nothing/x", "5", "paper"),
     ("invoice/", "9" * 30, "paper")],
)  # fmt: skip
def test_a_series_that_is_not_moved_on_says_why_beside_its_numbers(
    sign_in: SignIn, market: Market, series: str, last: str, why: str
) -> None:
    invoice = billed(market, delivered(market, ("TEA", 2)))
    client = sign_in("admin")
    shown = client.get("/invoices/series")
    (key,) = re.findall(r'name="form_key" value="([^"]+)"', shown.text)

    sent = {"form_key": key, "series": series, "last": last, "why": why}
    done = client.post("/invoices/series", data=sent)

    assert done.status_code == 409
    assert "invalid-feedback" in done.text or 'role="alert"' in done.text
    assert invoice.number[:5] in re.findall("<table.*</table>", done.text, re.DOTALL)[0]
    assert market.rows("SELECT count(*) FROM series WHERE kind = 'invoice' AND skipped > 0") == [
        (0,)
    ]


def test_several_orders_are_billed_in_one_go_with_a_result_for_each(
    sign_in: SignIn, market: Market
) -> None:
    """What was billed or changed since it was shown is not billed, and says so."""
    orders = [delivered(market, (sku, 5)) for sku in ("TEA", "SOAP", "RICE")]
    client = sign_in("admin")

    listed = client.get("/invoices/to-bill").text
    asked = client.post(
        "/bulk/to_bill/bill", data={"key": orders, "back": "/invoices/to-bill"}
    ).headers["location"]
    shown = client.get(asked).text
    tokens = re.findall(r'name="token" value="([^"]*)"', shown)
    amounts = re.findall(r"₹[\d,.]+", unescape(shown))
    billed(market, orders[2])
    sent = {"key": orders, "token": tokens, "back": "/invoices/to-bill"}
    done = client.get(client.post("/bulk/to_bill/bill/do", data=sent).headers["location"]).text
    again = client.get(client.post("/bulk/to_bill/bill/do", data=sent).headers["location"]).text

    assert len(tokens) == 3
    paise = [int(re.sub(r"\D", "", one)) for one in amounts]
    assert sum(paise[:3]) == paise[3]
    assert amounts[3] in words(listed)
    invoices = market.rows("SELECT number FROM invoice ORDER BY id")
    assert len(invoices) == 3
    assert "Make invoice: 2 done" in words(done)
    assert all(number in words(done) for (number,) in invoices[1:])
    assert "Make invoice: 0 done" in words(again)
    assert market.broken() == set()


def test_what_an_invoice_lacks_is_told_of_its_order_before_others_are_billed(
    sign_in: SignIn, market: Market
) -> None:
    order = delivered(market, ("TEA", 5))
    side = {"gstin": "29AAPFU0939F1ZR", "address": "1 Main Road", "state": "29"}
    keep = market.hub.ground.part(InvoiceActs).set_letterhead
    assert keep("@house", side, by="asha", scope=EVERYTHING) is None
    client = sign_in("admin")

    asked = client.post("/bulk/to_bill/bill", data={"key": [order]}).headers["location"]
    shown = words(client.get(asked).text)

    assert "Nothing of what was chosen can be done." in shown
    assert "HSN" in shown
