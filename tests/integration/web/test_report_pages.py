"""Reports as people and programs read them; every tile of the first page, for every role."""

import csv
import io
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING, ROLES, Actor, read_default_grants
from hub.base.fields import Refused
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.targets.acts import TargetActs
from hub.desk.webhooks.acts import WebhookActs
from tests.builders.market import Market
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
    PASSWORD,
    enter,
    open_client,
    open_two_sellers,
)

API_OF = {
    "/orders?days=1": ("order_summary?period=today", "orders"),
    "/stock?state=low": ("low_stock", ""),
    "/stock/batches?state=near": ("batch_expiry?expiring_within_days=30", ""),
    "/stock/batches?state=expired": ("batch_expiry?status=expired", ""),
    **{
        f"/orders?public={word}": (f"order_summary?period=last_7_days&status={word}", "orders")
        for word in ("pending", "processing", "delivered", "cancelled")
    },
}
"""The addresses that tiles lead to, and what a program asks for the same number."""
ASKED_OF = {
    "/orders?days=1": ("how many orders today", "orders"),
    "/stock?state=low": ("low stock", ""),
    "/stock/batches?state=near": ("batches expiring within 30 days", ""),
    "/stock/batches?state=expired": ("expired batches", ""),
    "/orders?public=pending": ("pending orders last 7 days", ""),
    "/orders?public=delivered": ("delivered orders last 7 days", ""),
    "/orders?public=cancelled": ("cancelled orders last 7 days", ""),
}
"""The same in words, as somebody asks the assistant."""
TARGET = {
    "measure": "order_value",
    "kind": "house",
    "goods": "all",
    "span": "month",
    "month": "2026-11",
}


@pytest.fixture(scope="module", autouse=True)
def _busy(market: Market) -> None:
    """Give the hub orders in several states, low stock, and batches that expire soon."""
    market.change("UPDATE product SET reorder_level = 60 WHERE sku = 'RICE'")
    market.change("UPDATE batch SET expiry = '2026-12-01' WHERE code IN ('RE', 'S1')")
    market.place(("TEA", 3), ("RICE", 10))
    market.place(("OIL", 1))
    market.place(("SOAP", 1), terminal="shop-3")
    of_east = {"measure": "standing_orders", "seller": "EAST", "amount": "7"}
    for fields in ({**TARGET, "amount": "90000"}, {**TARGET, **of_east}):
        done = market.hub.ground.part(TargetActs).set(
            fields, seen=None, by=OPERATOR.name, scope=EVERYTHING
        )
        assert not isinstance(done, Refused)
    market.hub.ground.part(PeopleActs).add("ede", roles=("owner",), password=PASSWORD)
    keep = market.hub.ground.part(WebhookActs).keep
    for name in ("ERP", "Shopfloor"):
        keep.add(name, "https://erp.example.com/in", kinds=("order.placed",), by="ede")
    market.change("UPDATE webhook SET active = :no, stopped_at = 1 WHERE name = 'ERP'", no=False)


def work_of(page: str) -> dict[str, str]:
    """Give the number that stands at each address of what waits to be done."""
    work = page[page.find('<ul class="ow-work">') : page.find("</section>")]
    found = re.findall(r'href="([^"]+)"><b>([^<]+)</b>', work)
    return {address.replace("&amp;", "&"): number.strip() for address, number in found}


def tiles_of(page: str) -> dict[str, str]:
    """Give the number that stands at each address of the tiles."""
    tiles = page[page.find('<dl class="ow-tiles">') : page.find("ow-tile-wide")]
    found = re.findall(r'<dd[^>]*><a href="([^"]+)">([^<]+)</a>', tiles)
    return {address.replace("&amp;", "&"): number.strip() for address, number in found}


def foot_of(page: str) -> str:
    """Give the foot of a list; a list of no rows has none."""
    return page[page.find("<tfoot>") : page.find("</tfoot>")] if "<tfoot>" in page else ""


def count_of(page: str) -> int:
    """Give how many rows a list says that it has in all."""
    found = re.search(r"<td[^>]*>\s*([\d,]+) in all", foot_of(page))
    return int(found[1].replace(",", "")) if found else 0


def file_rows(text: str) -> list[list[str]]:
    """Give the rows of a file of comma-separated values, without what is told above them."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    return rows[rows.index([]) + 2 :]


def enter_as(market: Market, client: TestClient, role: str, *rows: tuple[str, str]) -> Actor:
    """Sign a new user of a role in, who sees only some rows where they are named."""
    name = f"{role}-{'-'.join(ref for _, ref in rows) or 'all'}".lower()
    enter(market, client, name, role)
    acts = market.hub.ground.part(PeopleActs)
    account = acts.sign_in.find_account(name)
    assert account is not None
    acts.lines.set_rows(account.id, rows, by=OPERATOR)
    token = client.cookies["orderwire_session"]
    session = acts.sign_in.find(token, now_ms=market.clock.ms, touch=False)
    assert session is not None
    return session.actor


def asked_by_program(market: Market, client: TestClient, query: str, *, maker: Actor) -> Any:
    """Ask for a report as a program that somebody let in, and that has no more than who did."""
    name = maker.name.replace("_", "-")
    token = market.hub.ground.part(PeopleActs).tokens.add(name, roles=maker.roles, by=maker)
    headers = {"Authorization": f"Bearer {token}"}
    return client.get(f"/api/v1/reports/{query}", headers=headers).json()


def read_report(
    market: Market, client: TestClient, address: str, number: str, maker: Actor
) -> dict[str, str]:
    """Give what the page, the file and a program's answer of a target's report have for it."""
    page, file = client.get(address).text, client.get(f"{address}&as=csv").text
    plain, foot = re.sub(r"[^\d.]", "", number), foot_of(page)
    total = file_rows(file)[-1]
    answer = asked_by_program(market, client, address.removeprefix("/reports/"), maker=maker)
    figures = [one for one in answer["totals"].values() if one is not None]
    minor = int(plain.replace(".", ""))
    return {
        "list": number if f">{number}<" in foot else foot or str(page.count(" data-row")),
        "file": number if plain in total else str(total),
        "api": number if minor in figures else str(answer),
    }


def asked_in_words(
    market: Market, client: TestClient, wanted: tuple[str, str], *, maker: Actor
) -> str:
    """Ask the assistant as a program does, and give the number at the address that it names."""
    question, measure = wanted
    name = f"{maker.name.replace('_', '-')}-asks"
    token = market.hub.ground.part(PeopleActs).tokens.add(name, roles=maker.roles, by=maker)
    headers = {"Authorization": f"Bearer {token}"}
    reply = client.post("/api/v1/ask", json={"question": question}, headers=headers).json()
    if "address" not in reply:
        return str(reply["code"])
    answer = client.get(reply["address"], headers=headers).json()
    return str(answer["totals"][measure] if measure else answer["count"])


ROWS_OF: dict[str, list[tuple[tuple[str, str], ...]]] = {
    "field_rep": [(("customer", "C2"),), (("seller", "NORTH"), ("customer", "N1"))],
    "partner": [(("customer", "C2"),), (("customer", "N1"),)],
}
"""Whose rows those see who are not of the house; the others see all, or one seller's."""


@pytest.mark.parametrize("role", ROLES)
def test_every_tile_is_the_rows_of_the_list_that_it_opens(
    market: Market, client: TestClient, role: str
) -> None:
    granted = read_default_grants()[role]
    wrong = []
    for rows in ROWS_OF.get(role, [() if role in {"owner", "sales"} else (("seller", "EAST"),)]):
        maker = enter_as(market, client, role, *rows)
        for address, number in tiles_of(client.get("/").text).items():
            page, file = client.get(address), client.get(f"{address}&as=csv")
            told = {"tile": number, "list": number, "file": str(len(file_rows(file.text)))}
            foot = foot_of(page.text)
            if address.startswith("/reports/"):
                told = {"tile": number, **read_report(market, client, address, number, maker)}
            elif number.startswith("\N{INDIAN RUPEE SIGN}"):
                told["list"] = number if number in foot else foot
                told["file"] = number
            elif foot:
                told["list"] = str(count_of(page.text))
            else:
                told["list"] = str(page.text.count(" data-row"))
            if address in API_OF and role in OF_PROGRAMS and "reports.read" in granted:
                query, measure = API_OF[address]
                answer = asked_by_program(market, client, query, maker=maker)
                told["api"] = str(answer["totals"][measure] if measure else answer["count"])
            if address in ASKED_OF and role in OF_PROGRAMS and "reports.read" in granted:
                told["asked"] = asked_in_words(market, client, ASKED_OF[address], maker=maker)
            if set(told.values()) != {number}:
                wrong.append((role, rows, address, told))

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_every_number_of_what_waits_is_the_rows_of_the_list_that_it_opens(
    market: Market, client: TestClient, role: str
) -> None:
    wrong = []
    for rows in ROWS_OF.get(role, [() if role in {"owner", "sales"} else (("seller", "EAST"),)]):
        enter_as(market, client, f"{role}", *rows)
        for address, number in work_of(client.get("/").text).items():
            page = client.get(address).text
            shown = str(count_of(page)) if foot_of(page) else str(page.count("data-row"))
            if shown != number:
                wrong.append((role, rows, address, number, shown))

    assert wrong == []


def test_tiles_are_for_those_who_may_see_their_lists(market: Market, client: TestClient) -> None:
    shown = {}
    for role in ("owner", "warehouse", "accounts", "partner", "rule_writer"):
        enter_as(market, client, role, *ROWS_OF.get(role, [()])[0])
        shown[role] = re.findall(r'id="tile-(\w+)"', client.get("/").text)

    orders, stock = ["orders", "value", "status"], ["low", "near"]
    assert shown == {
        "owner": [*orders, "active", *stock, "targets", "trend"],
        "warehouse": [*orders, "active", *stock, "trend"],
        "accounts": [*orders, *stock, "targets", "trend"],
        "partner": [],  # whose first page is another
        "rule_writer": [],
    }


def test_tiles_are_chosen_by_each_person_alone_and_live_on_so(
    market: Market, client: TestClient
) -> None:
    def shown(**heads: str) -> list[str]:
        return re.findall(r'id="tile-(\w+)"', client.get("/", headers=heads).text)

    enter_as(market, client, "accounts")
    before = shown()
    offered = re.findall(r'name="offered" value="([a-z_ ]+)"', client.get("/").text)
    kept = [name for name in before if name not in {"low", "trend"}]

    answer = client.post("/tiles", data={"offered": offered, "tile": kept})
    chosen, live = shown(), shown(**{"HX-Request": "true"})
    enter_as(market, client, "owner")
    others = shown()
    odd = client.post("/tiles", data={"offered": "<script>", "tile": ["low"]})

    assert offered[0].split() == before
    assert answer.status_code == 303
    assert chosen == live == kept
    assert {"low", "trend"} <= set(others)
    assert odd.status_code == 422


def test_a_tile_says_its_period_and_whose_rows_it_counts(
    market: Market, client: TestClient
) -> None:
    enter_as(market, client, "field_rep", ("customer", "C2"))

    page = client.get("/").text

    assert "21 Nov 2026, in any state. Your own customers only." in page


def test_every_report_is_a_page_a_file_and_an_answer_with_the_same_totals(
    market: Market, client: TestClient
) -> None:
    maker = enter_as(market, client, "manager")
    wrong = []
    for name in DEFINITIONS:
        page = client.get(f"/reports/{name}")
        file = client.get(f"/reports/{name}?as=csv")
        book = client.get(f"/reports/{name}?as=xlsx")
        paper = client.get(f"/reports/{name}?as=pdf")
        answer = asked_by_program(market, client, name, maker=maker)
        rows = file_rows(file.text)
        if (page.status_code, book.status_code) != (200, 200):
            wrong.append((name, page.status_code, book.status_code))
        if paper.headers["content-type"] != "application/pdf" or paper.content[:5] != b"%PDF-":
            wrong.append((name, paper.status_code, len(paper.content)))
        if answer["count"] and count_of(page.text) != answer["count"]:
            wrong.append((name, count_of(page.text), answer["count"]))
        if len(rows) != answer["count"] + 1:
            wrong.append((name, len(rows), answer["count"]))

    assert wrong == []


@pytest.mark.parametrize(
    ("report", "day"),
    [("sales", "order"), ("outstanding", "document"), ("payments", "payment")],
)
def test_the_days_of_a_report_say_of_what_they_are(
    market: Market, client: TestClient, report: str, day: str
) -> None:
    enter_as(market, client, "manager")

    page = client.get(f"/reports/{report}?period=this_month").text

    assert f'<li class="ow-faint">Day of the {day}</li>' in page
    assert f'<span class="ow-faint">Day of the {day}</span>' in page


def test_a_file_says_what_was_asked_for_and_its_total_is_no_sum_of_averages(
    market: Market, client: TestClient
) -> None:
    enter_as(market, client, "manager")

    file = client.get("/reports/sales?group_by=customer&area=IN/KA&period=today&as=csv")

    lines = file.text.removeprefix("\ufeff").splitlines()
    assert "Day of the order,today (21 Nov 2026)" in lines
    assert "Area,IN/KA" in lines
    rows = file_rows(file.text)
    assert [row[2:5] for row in rows] == [["830.00", "1", "830.00"]] * 2


def test_a_row_leads_to_the_orders_that_it_is_made_of(market: Market, client: TestClient) -> None:
    enter_as(market, client, "owner")

    page = client.get("/reports/product_contribution?period=today").text
    found = re.search(r'href="(/reports/product_contribution[^"]*product=Tea[^"]*)"', page)
    assert found is not None
    orders = client.get(found[1].replace("&amp;", "&"))

    assert count_of(orders.text) == 1
    assert re.search(r'href="/orders/[0-9a-f-]{36}"', orders.text)


def test_a_chart_draws_every_day_of_the_period(market: Market, client: TestClient) -> None:
    enter_as(market, client, "owner")

    page = client.get("/reports/sales?period=last_30_days").text

    chart = page[page.index('<figure class="ow-chart">') : page.index("</figure>")]
    assert chart.count('<rect class="ow-chart-bar') == 30
    assert "20 Nov 2026: " in chart


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/reports/nothing", 404),
        ("/reports/sales?group_by=colour", 422),
        ("/reports/sales?from=yesterday", 422),
        ("/reports/sales?amount_gt=much", 422),
        ("/reports/sales?as=docx", 422),
        ("/reports/sales?page=0", 422),
        ("/reports/outstanding?overdue_days_gt=5", 200),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(
    market: Market, client: TestClient, address: str, status: int
) -> None:
    enter(market, client, "asker", "owner")

    assert client.get(address).status_code == status


def test_a_report_of_what_a_role_may_not_see_is_not_for_it(
    market: Market, client: TestClient
) -> None:
    maker = enter_as(market, client, "accounts")

    pages = {name: client.get(f"/reports/{name}").status_code for name in ("terminals", "credit")}
    offered = client.get("/reports").text
    told = asked_by_program(market, client, "terminals", maker=maker)

    assert pages == {"terminals": 403, "credit": 200}
    assert "/reports/credit" in offered
    assert "/reports/terminals" not in offered
    assert told["code"] == "not_permitted"


def test_a_view_of_a_report_is_kept_by_its_word_and_not_by_its_dates(
    market: Market, client: TestClient
) -> None:
    enter_as(market, client, "sales")
    page = client.get("/reports/sales?period=last_week&group_by=customer").text
    query = re.search(r'name="query" value="([^"]*)"', page)
    assert query is not None

    assert query[1].replace("&amp;", "&") == "period=last_week&group_by=customer"


def test_a_mailed_report_is_changed_on_its_form_which_keeps_what_was_typed(
    market: Market, client: TestClient
) -> None:
    enter_as(market, client, "accounts")
    form = {"of": "/reports/sales?period=last_week", "name": "Week", "every": "week", "hour": "8"}
    client.post("/reports/schedules", data={**form, "file": "xlsx"})
    listed = client.get("/reports/schedules").text
    page = re.search(r'href="(/reports/schedules/\d+)"', listed)
    assert page is not None

    shown = client.get(page[1]).text
    typed = {"name": "Sales, Mondays", "every": "week", "hour": "6", "file": "pdf"}
    wrong = client.post(page[1], data={**typed, "every": "hour"})
    right = client.post(page[1], data=typed)

    assert 'value="Week"' in shown
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert 'value="Sales, Mondays"' in wrong.text
    assert "Sales, Mondays" in client.get("/reports/schedules").text
    enter_as(market, client, "manager")
    assert client.get(page[1]).status_code == 404
    assert client.post(page[1], data=typed).status_code == 404
