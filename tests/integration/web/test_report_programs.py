"""Reports as programs ask for them: which there are, their files, and whom they are sent to."""

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
    PASSWORD,
    enter,
    open_client,
    open_two_sellers,
)

PLACE = "/api/v1/reports/schedules"
WEEKLY = {
    "owner": "asha",
    "report": "sales",
    "fields": {"period": "last_week", "group_by": "customer"},
    "name": "The  week",
    "every": "week",
    "hour": 7,
    "file": "pdf",
}


@pytest.fixture(scope="module", autouse=True)
def _busy(market: Market) -> None:
    """Give the hub orders, somebody of each seller, and a warehouse hand who reads no payments."""
    market.place(("TEA", 3), ("RICE", 10))
    people = market.hub.ground.part(PeopleActs)
    for name, role, seller in (
        ("asha", "manager", ""),
        ("wari", "warehouse", ""),
        ("nora", "admin", "NORTH"),
        ("eli", "manager", "EAST"),
    ):
        people.add(name, roles=(role,), password=PASSWORD)
        account = people.sign_in.find_account(name)
        assert account is not None
        people.lines.set_rows(account.id, [("seller", seller)] if seller else [], by=OPERATOR)


def program(market: Market, role: str, *, maker: str = "") -> dict[str, str]:
    """Let a program in, and give the header that it sends."""
    people = market.hub.ground.part(PeopleActs)
    session = people.sign_in.session_for(maker) if maker else None
    by = session.actor if session else OPERATOR
    token = people.tokens.add(f"{role}-{maker or 'house'}", roles=(role,), by=by)
    return {"Authorization": f"Bearer {token}"}


def test_a_program_is_told_which_reports_there_are_and_what_each_takes(
    market: Market, client: TestClient
) -> None:
    every = client.get("/api/v1/reports", headers=program(market, "admin")).json()
    few = client.get("/api/v1/reports", headers=program(market, "warehouse")).json()

    sales = next(one for one in every if one["name"] == "sales")
    assert {"customer", "month", "product"} <= set(sales["group_by"])
    assert {"order_value", "average_order", "goods_value"} <= set(sales["measures"])
    for one in every:
        answer = client.get(f"/api/v1/reports/{one['name']}", headers=program(market, "admin"))
        assert answer.status_code == 200
    names = {one["name"] for one in few}
    assert "stock_summary" in names
    assert not {"payments", "claims"} & names


def test_a_program_is_offered_what_is_kept_alone_and_told_what_is_not(
    market: Market, client: TestClient
) -> None:
    headers = program(market, "admin")
    every = client.get("/api/v1/reports", headers=headers).json()

    answers = {
        (one["name"], group): client.get(
            f"/api/v1/reports/{one['name']}?group_by={group}&size=1", headers=headers
        )
        for one in every
        for group in one["group_by"]
    }
    month = "/api/v1/reports/distributor_productivity?group_by=month"
    untold = client.get(month, headers=headers)

    assert {name for name, one in answers.items() if one.status_code != 200} == set()
    assert ("distributor_productivity", "month") not in answers
    assert ("sales", "beat") in answers
    assert ("sales", "month") in answers
    assert {"beat", "brand", "mine"} <= set(every[0]["filters"])
    told = "distributor_productivity is not kept by month"
    assert (untold.status_code, untold.json()["text"]) == (404, told)


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_program_takes_the_file_that_a_person_takes(
    market: Market, client: TestClient, language: str
) -> None:
    query = "customer_sales?period=today&as=csv"
    enter(market, client, "filer", "admin")
    page = client.get(f"/reports/{query}", headers={"Accept-Language": language})

    address = f"/api/v1/reports/customer_sales/file?period=today&as=csv&language={language}"
    file = client.get(address, headers=program(market, "admin"))

    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    same = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert rows[rows.index([]) :] == same[same.index([]) :]
    assert len(rows) > rows.index([]) + 2
    assert "customer_sales.csv" in file.headers["content-disposition"]


def test_files_are_of_the_kind_that_is_asked_for(market: Market, client: TestClient) -> None:
    headers = program(market, "admin")
    begins = {"xlsx": b"PK", "pdf": b"%PDF-"}

    for kind, first in begins.items():
        file = client.get(f"/api/v1/reports/sales/file?as={kind}", headers=headers)
        assert file.content.startswith(first)
    wrong = client.get("/api/v1/reports/sales/file?as=doc", headers=headers)
    unknown = client.get("/api/v1/reports/nothing/file?as=csv", headers=headers)
    forbidden = client.get(
        "/api/v1/reports/payments/file?as=csv", headers=program(market, "warehouse")
    )
    invalid = client.get("/api/v1/reports/sales/file?as=csv&group_by=batch", headers=headers)

    assert (wrong.status_code, unknown.status_code) == (422, 404)
    assert (forbidden.status_code, invalid.status_code) == (403, 422)
    assert invalid.json()["code"] == "report_invalid"


def test_a_report_is_scheduled_changed_and_ended_by_a_program(
    market: Market, client: TestClient
) -> None:
    headers = program(market, "admin")

    made = client.post(PLACE, json=WEEKLY, headers=headers)
    number = made.json()["id"]
    enter(market, client, "asha", "manager")
    shown = client.get("/reports/schedules").text
    change = {"owner": "asha", "name": "The month", "every": "month", "hour": 6, "file": "xlsx"}
    changed = client.post(f"{PLACE}/{number}", json=change, headers=headers)
    listed = client.get(f"{PLACE}?owner=asha", headers=headers).json()
    ended = client.post(f"{PLACE}/{number}/end", json={"owner": "asha"}, headers=headers)
    twice = client.post(f"{PLACE}/{number}/end", json={"owner": "asha"}, headers=headers)

    assert made.status_code == 201
    assert made.json()["query"] == "period=last_week&group_by=customer"
    assert "The week" in shown
    assert changed.json()["every"] == "month"
    assert [one["name"] for one in listed] == ["The month"]
    assert ended.json() == []
    assert (twice.status_code, twice.json()["code"]) == (404, "schedule_gone")


@pytest.mark.parametrize("query", ["custmer=C1", "period=lastweek", "customer.code=C1"])
def test_what_a_program_misspells_is_not_passed_over(
    market: Market, client: TestClient, query: str
) -> None:
    headers = program(market, "admin")

    rows = client.get(f"/api/v1/reports/sales?{query}&size=5", headers=headers)
    file = client.get(f"/api/v1/reports/sales/file?as=csv&language=hi&{query}", headers=headers)

    assert (rows.status_code, rows.json()["code"]) == (422, "report_invalid")
    assert query.split("=")[0 if "period" not in query else 1] in rows.json()["text"]
    assert file.status_code == 422


def test_a_report_that_is_scheduled_twice_is_sent_once(market: Market, client: TestClient) -> None:
    headers = program(market, "admin")
    asked = {**WEEKLY, "name": "Twice"}

    made, again = (client.post(PLACE, json=asked, headers=headers) for _ in range(2))
    other = client.post(PLACE, json={**asked, "hour": 9}, headers=headers)
    listed = client.get(f"{PLACE}?owner=asha", headers=headers).json()
    for one in listed:
        address = f"{PLACE}/{one['id']}/end"
        assert client.post(address, json={"owner": "asha"}, headers=headers).status_code == 200
    anew = client.post(PLACE, json=asked, headers=headers)

    answers = (made, again, other, anew)
    assert [one.status_code for one in answers] == [201, 200, 201, 201]
    assert made.json() == again.json()
    assert len({one.json()["id"] for one in answers}) == 3
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"owner": "nobody"}, 422, "owner_unknown"),
        ({"report": "nothing"}, 422, "report_unknown"),
        ({"fields": {"group_by": "batch"}}, 422, "report_invalid"),
        ({"fields": {"period": "lastweek"}}, 422, "report_invalid"),
        ({"fields": {"custmer": "C1"}}, 422, "report_invalid"),
        ({"file": "doc"}, 422, "schedule_invalid"),
        ({"name": "   "}, 422, "schedule_invalid"),
        ({"hour": 24}, 400, "body_invalid"),
        ({"every": "hour"}, 400, "body_invalid"),
        ({"owner": "wari", "report": "payments", "fields": {}}, 403, "owner_not_permitted"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(
    market: Market, client: TestClient, change: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(PLACE, json={**WEEKLY, **change}, headers=program(market, "admin"))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_program_sends_reports_to_nobody_whom_its_maker_does_not_see(
    market: Market, client: TestClient
) -> None:
    headers = program(market, "admin", maker="nora")

    answer = client.post(PLACE, json={**WEEKLY, "owner": "eli"}, headers=headers)
    hidden = client.get(f"{PLACE}?owner=eli", headers=headers)

    assert (answer.json()["code"], hidden.json()["code"]) == ("owner_unknown", "owner_unknown")


def test_a_program_of_a_role_that_does_not_send_reports_is_refused(
    market: Market, client: TestClient
) -> None:
    answer = client.post(PLACE, json=WEEKLY, headers=program(market, "manager"))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert "reports.schedule" in answer.text
