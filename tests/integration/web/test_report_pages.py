"""Reports as people and programs read them; every tile of the first page, for every role."""

import csv
import io
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.base.access import ROLES, Actor, read_default_grants
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.reports.reads.definitions import DEFINITIONS
from tests.builders.market import Market
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
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


@pytest.fixture(scope="module", autouse=True)
def _busy(market: Market) -> None:
    """Give the hub orders in several states, low stock, and batches that expire soon."""
    market.change("UPDATE product SET reorder_level = 60 WHERE sku = 'RICE'")
    market.change("UPDATE batch SET expiry = '2026-12-01' WHERE code IN ('RE', 'S1')")
    market.place(("TEA", 3), ("RICE", 10))
    market.place(("OIL", 1))
    market.place(("SOAP", 1), terminal="shop-3")


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
            if number.startswith("\N{INDIAN RUPEE SIGN}"):
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
            if set(told.values()) != {number}:
                wrong.append((role, rows, address, told))

    assert wrong == []


def test_tiles_are_for_those_who_may_see_their_lists(market: Market, client: TestClient) -> None:
    shown = {}
    for role in ("owner", "warehouse", "accounts", "partner", "rule_writer"):
        enter_as(market, client, role, *ROWS_OF.get(role, [()])[0])
        shown[role] = re.findall(r'id="tile-(\w+)"', client.get("/").text)

    orders, stock = ["orders", "value", "status"], ["low", "near"]
    assert shown == {
        "owner": [*orders, "active", *stock, "trend"],
        "warehouse": [*orders, "active", *stock, "trend"],
        "accounts": [*orders, *stock, "trend"],
        "partner": [],  # whose first page is another
        "rule_writer": [],
    }


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
            wrong.append((name, paper.status_code))
        if answer["count"] and count_of(page.text) != answer["count"]:
            wrong.append((name, count_of(page.text), answer["count"]))
        if len(rows) != answer["count"] + 1:
            wrong.append((name, len(rows), answer["count"]))

    assert wrong == []


def test_a_file_says_what_was_asked_for_and_its_total_is_no_sum_of_averages(
    market: Market, client: TestClient
) -> None:
    enter_as(market, client, "manager")

    file = client.get("/reports/sales?group_by=customer&area=IN/KA&period=today&as=csv")

    lines = file.text.removeprefix("\ufeff").splitlines()
    assert "Days,today (21 Nov 2026)" in lines
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
