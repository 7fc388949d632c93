"""Programs give money back, take it off invoices and give rests up: as pages do."""

import io
import json
import zipfile
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING, Actor, Scope
from hub.base.commands import CommandError, NotDoneError
from hub.base.fields import Reason, Refused
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.run.command_line import open_hub
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.money import billed, invoices_of, open_of, paid
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(client: TestClient, market: Market) -> Ask:
    """Ask the hub as a program that may do what administrators may."""
    return asking_for(client, market, "books", OPERATOR)


def asking_for(client: TestClient, market: Market, name: str, maker: Actor) -> Ask:
    """Let a program in that may do what administrators may; gives how it asks."""
    token = market.hub.ground.part(PeopleActs).tokens.add(name, roles=("admin",), by=maker)
    headers = {"Authorization": f"Bearer {token}"}

    def send(address: str, body: object = None) -> tuple[int, Any]:
        address = f"/api/v1/{address}"
        if body is None:
            answer = client.get(address, headers=headers)
        else:
            answer = client.post(address, content=json.dumps(body), headers=headers)
        is_file = answer.headers["content-type"] == "application/zip"
        return answer.status_code, answer.content if is_file else answer.json()

    return send


def test_a_program_gives_money_back_once_and_no_more_than_pays_nothing(
    ask: Ask, market: Market
) -> None:
    billed(market, market.place(("TEA", 1)).order)
    taken = paid(market, "150.00")
    back = {"key": "r-1", "fields": {"amount": "30.00", "reference": "N-1"}}
    address = f"payments/{taken.payment}/refund"

    status, given = ask(address, back)
    again, same = ask(address, back)
    refused = ask(address, {"key": "r-2", "fields": {"amount": "10.01", "reference": "N-2"}})
    unknown = ask("payments/999/refund", back)

    assert (status, again) == (201, 200)
    assert (given["row"]["kind"], given["row"]["amount"], given["row"]["mode"]) == (
        *("refund", 3000, "bank"),
    )
    assert same["row"] == given["row"]
    assert (refused[0], refused[1]["code"]) == (409, "payment_left")
    assert unknown == (404, unknown[1])
    assert open_of(market, taken.number) == -15000 - (11000 + 3000)  # all of it pays something
    assert market.broken() == set()


def test_a_refusal_groups_its_amounts_as_the_house_does_for_programs_and_in_commands(
    ask: Ask, market: Market, tmp_path: Path
) -> None:
    taken = paid(market, "250000.00")
    back = {"key": "r-1", "fields": {"amount": "250000.01", "reference": "N-1"}}

    status, refused = ask(f"payments/{taken.payment}/refund", back)
    folder = Namespace(data=str(tmp_path))
    with pytest.raises(CommandError) as told, open_hub(folder, creating=False):
        raise NotDoneError(Refused((Reason("payment_left", {"left": 25_000_000}, "amount"),)))

    assert (status, refused["code"]) == (409, "payment_left")
    assert "2,50,000.00" in str(refused)
    assert "2,50,000.00" in str(told.value)


def test_a_program_takes_a_payment_off_what_it_pays(ask: Ask, market: Market) -> None:
    made = billed(market, market.place(("TEA", 1)).order)
    taken = paid(market, "110.00")

    status, found = ask(f"payments/{taken.payment}/release", {})

    assert (status, found["row"]["left"], found["paid"]) == (201, 11000, [])
    assert open_of(market, made.number) == 11000
    assert market.broken() == set()


def test_a_program_gives_a_rest_up_within_the_limit_that_it_may_read_and_set(
    ask: Ask, market: Market
) -> None:
    made = billed(market, market.place(("TEA", 1)).order)
    paid(market, "95.00")
    address = f"invoices/{made.invoice}/write-off"

    usual = ask("payments/limit")
    above = ask(address, {"why": "short of change"})
    unreadable = ask("payments/limit", {"amount": "1,5,0"})
    raised = ask("payments/limit", {"amount": "15.00", "note": "fair week"})
    status, given = ask(address, {"why": "short of change"})
    again = ask(address, {"why": "short of change"})

    assert usual == (200, {"amount": 1000, "changes": []})
    assert (above[0], above[1]["code"]) == (409, "write_off_above")
    assert unreadable[0] == 409
    assert raised[1]["amount"] == 1500
    (change,) = raised[1]["changes"]
    assert (change["old"], change["new"], change["why"]) == (1000, 1500, "fair week")
    assert (status, given["row"]["kind"], given["row"]["amount"]) == (201, "write_off", 1500)
    assert again[1]["code"] == "payment_nothing"
    assert open_of(market, made.number) == 0
    assert market.broken() == set()


def test_the_page_of_the_limit_tells_who_set_it_and_why(
    sign_in: Callable[[Role], TestClient],
) -> None:
    client = sign_in("admin")
    form = fields(client.get("/payments/limit").text)

    client.post(
        "/payments/limit", data={**form, "write_off_up_to": "25.00", "note": "fewer small coins"}
    )
    after = client.get("/payments/limit").text

    assert fields(after)["write_off_up_to"] == "25.00"
    assert "₹10.00 → ₹25.00; fewer small coins" in words(after)


def test_the_page_of_a_month_for_the_return_agrees_with_its_files_and_with_programs(
    sign_in: Callable[[Role], TestClient], ask: Ask, market: Market
) -> None:
    market.change("UPDATE product SET hsn = '0902' WHERE sku = 'TEA'")
    made = billed(market, market.place(("TEA", 12)).order)
    client = sign_in("auditor")

    page = words(client.get("/invoices/gstr1?month=2026-11").text)
    files = [
        client.get(f"/invoices/gstr1.csv?month=2026-11&part={part}").text.splitlines()[1].split(",")
        for part in ("hsn", "issued")
    ]
    told = [ask(f"invoices/gstr1?month=2026-11&part={part}")[1] for part in ("hsn", "issued")]

    assert "0902" in page
    assert f"Invoice {made.number} {made.number} 1 0" in page
    assert "1,200.00" in page
    assert files[0][1:5] == ["0902", "PCS", "12", "1320.00"]
    assert files[1] == ["Invoices for outward supply", made.number, made.number, "1", "0"]
    assert [(one["hsn"], one["quantity"], one["taxable"]) for one in told[0]] == [
        ("0902", 12, 120000)
    ]
    assert [(one["first"], one["total"]) for one in told[1]] == [(made.number, 1)]
    assert client.get("/invoices/gstr1?month=2026-13").status_code == 422
    assert 'href="/invoices/gstr1"' in client.get("/invoices").text


def test_invoices_that_are_chosen_in_the_list_come_as_one_file_each_as_it_is_alone(
    sign_in: Callable[[Role], TestClient], ask: Ask, market: Market
) -> None:
    made = [billed(market, market.place(("TEA", count)).order) for count in (1, 2)]
    client, keys = sign_in("auditor"), [one.invoice for one in made]

    listed = client.get("/invoices").text
    client.post("/print-runs", data={"key": [str(one) for one in keys]})
    drawing = words(client.get("/print-runs").text)
    status, run = ask("print-runs", {"invoices": keys})
    early = ask(f"print-runs/{run['id']}/papers.zip")
    market.hub.jobs.run_due("worker")
    ready = client.get("/print-runs").text
    given = client.get("/print-runs/1/papers.zip")
    same = ask(f"print-runs/{run['id']}/papers.zip")

    assert 'formaction="/print-runs"' in listed
    assert "0 of 2" in drawing
    assert (status, run["state"], run["documents"]) == (202, "drawing", 2)
    assert (early[0], early[1]["code"]) == (409, "print_run_unready")
    assert 'href="/print-runs/1/papers.zip"' in ready
    with zipfile.ZipFile(io.BytesIO(given.content)) as packed:
        papers = [invoices_of(market).paper(one, scope=EVERYTHING) for one in keys]
        assert {one.filename: packed.read(one) for one in packed.infolist()} == {
            paper.name: paper.content for paper in papers if paper
        }
    assert same == (200, given.content)
    assert [one["state"] for one in ask("print-runs")[1]] == ["ready"]


def test_a_program_that_sees_a_document_of_its_run_no_more_is_told_so(
    client: TestClient, market: Market
) -> None:
    people, invoice = (
        market.hub.ground.part(PeopleActs),
        billed(market, market.place(("TEA", 1)).order),
    )
    Shelves(market.database).user("ravi", "admin")
    ((ravi,),) = market.rows("SELECT id FROM user_account WHERE name = 'ravi'")
    ask = asking_for(client, market, "webshop", Actor("ravi", ("admin",), Scope(user=ravi)))
    _, run = ask("print-runs", {"invoices": [invoice.invoice]})
    market.hub.jobs.run_due("worker")

    people.lines.set_rows(ravi, [("customer", "C4")], by=OPERATOR)
    status, given = ask(f"print-runs/{run['id']}/papers.zip")

    assert ask(f"print-runs/{run['id']}")[1]["state"] == "ready"
    assert (status, given["code"]) == (404, "invoice_unknown")


def test_files_are_asked_for_of_a_whole_list_and_what_is_not_the_reader_s_is_not_there(
    sign_in: Callable[[Role], TestClient], ask: Ask, market: Market
) -> None:
    for count in (1, 2, 3):
        billed(market, market.place(("TEA", count)).order)
    client = sign_in("auditor")

    whole = client.get("/invoices?sort=payable").text
    client.post("/print-runs/all", data={"query": "customer=C2&sort=payable"})
    none = client.post("/print-runs/all", data={"query": "customer=C4"})
    nothing = client.post("/print-runs")
    unknown = client.post("/print-runs", data={"key": ["1", "999"]})
    market.hub.jobs.run_due("worker")

    assert "PDF files of all 3 invoices here" in whole
    with zipfile.ZipFile(io.BytesIO(client.get("/print-runs/1/papers.zip").content)) as packed:
        assert len(packed.namelist()) == 3
    assert (none.status_code, nothing.status_code, unknown.status_code) == (409, 409, 404)
    assert "No invoice was chosen" in words(nothing.text)
    assert sign_in("manager").get("/print-runs/1/papers.zip").status_code == 404
    assert ask("print-runs/1")[1]["code"] == "print_run_unknown"
    assert ask("print-runs", {"invoices": []})[0] == 400
