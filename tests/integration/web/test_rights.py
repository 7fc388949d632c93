"""What nobody gets by one's own hand: rows, roles, programs, the notes and views of others."""

import re
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from hub.base.access import OUTSIDE
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.model.reporting import MEASURES
from tests.builders.market import Market
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
    PASSWORD,
    enter,
    open_client,
    open_two_sellers,
)


def number_of(market: Market, name: str) -> int:
    """Give a user's number."""
    account = market.hub.ground.part(PeopleActs).sign_in.find_account(name)
    assert account is not None
    return account.id


def programs_token(client: TestClient, name: str, *roles: str) -> str:
    """Let a program in at the page, and give its token."""
    answer = client.post("/programs", data={"name": name, "role": list(roles)})
    found = re.search(r"ow_[\w-]+", answer.text)
    assert found is not None, answer.status_code
    return found[0]


def seen_by(client: TestClient, token: str, path: str) -> tuple[int, str]:
    """Give what a program is answered, and its text."""
    client.cookies.clear()
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("rows", {}),
        ("rows", {"seller": "EAST\nNORTH"}),
        ("roles", {"role": ["admin", "manager"]}),
        ("roles", {"role": ["admin"], "duties": "area_manager"}),
        ("ceiling", {"measure": "over_limit", "amount": "50000"}),
    ],
)
def test_nobody_widens_the_own_rights(
    market: Market, client: TestClient, step: str, fields: Mapping[str, object]
) -> None:
    enter(market, client, "east-wide", "admin", "auditor", seller="EAST")
    own = f"/users/{number_of(market, 'east-wide')}"
    if step == "ceiling":
        fields = {**fields, "measure": MEASURES[0]}

    answer = client.post(f"{own}/{step}", data=fields)
    laid_down = client.post(f"{own}/roles", data={"role": ["admin"]})

    assert answer.status_code == 403
    assert laid_down.status_code == 303
    assert "Northshop" not in client.get("/customers").text


def test_an_administrator_of_a_seller_gives_nobody_more_than_its_rows(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "east-helper", "sales", seller="EAST")
    enter(market, client, "east-giver", "admin", seller="EAST")
    helper = f"/users/{number_of(market, 'east-helper')}/rows"
    wider = [{}, {"region": "IN/WB"}, {"seller": "NORTH"}, {"seller": "EAST", "region": "IN"}]

    answers = [client.post(helper, data=fields).status_code for fields in wider]
    client.post("/users/new", data={"name": "east-new", "role": ["manager"]})
    everybody = client.post("/users/roles", data={"role": ["sales"]}).status_code
    made = number_of(market, "east-new")

    assert answers == [403, 403, 409, 409]
    assert everybody == 403
    assert market.rows("SELECT kind, ref FROM user_grant WHERE user_id = :u", u=made) == [
        ("seller", "EAST")
    ]


def test_a_program_sees_no_more_rows_than_its_maker(market: Market, client: TestClient) -> None:
    enter(market, client, "east-maker", "admin", seller="EAST")
    east = programs_token(client, "east-till", "sales")
    enter(market, client, "house-maker", "admin")
    house = programs_token(client, "house-till", "sales")

    status, text = seen_by(client, east, "/api/v1/customers")
    market.hub.ground.part(PeopleActs).lines.set_rows(
        number_of(market, "house-maker"), [("seller", "NORTH")], by=OPERATOR
    )
    later = seen_by(client, house, "/api/v1/customers")[1]

    assert status == 200
    assert "Eastshop" in text
    assert "Northshop" not in text
    assert "Northshop" in later
    assert "Eastshop" not in later


def test_a_program_loses_what_its_maker_loses(market: Market, client: TestClient) -> None:
    enter(market, client, "brief-admin", "admin")
    token = programs_token(client, "brief-till", "sales")
    maker, change = number_of(market, "brief-admin"), market.hub.ground.part(PeopleActs).change

    before = seen_by(client, token, "/api/v1/orders")[0]
    change.set_roles(maker, roles=("rule_writer",), by=OPERATOR)
    demoted = seen_by(client, token, "/api/v1/orders")[0]
    change.end(maker, why="left", by=OPERATOR)
    ended = seen_by(client, token, "/api/v1/orders")[0]

    assert (before, demoted, ended) == (200, 403, 401)


def test_programs_of_others_are_neither_seen_nor_revoked(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "house-admin", "admin")
    programs_token(client, "house-feed", "sales")
    enter(market, client, "east-nosy", "admin", seller="EAST")
    programs_token(client, "east-feed", "sales")

    page = client.get("/programs").text
    revoked = client.post("/programs/revoke", data={"name": "house-feed"}).status_code
    replaced = client.post("/programs", data={"name": "house-feed", "role": ["sales"]}).status_code

    assert "east-feed" in page
    assert "house-feed" not in page
    assert (revoked, replaced) == (409, 403)


@pytest.mark.parametrize("way", ["roles", "end", "add"])
def test_the_last_owner_stays_though_an_administrator_is_there(
    market: Market, client: TestClient, way: str
) -> None:
    acts = market.hub.ground.part(PeopleActs)
    for (owner,) in market.rows(
        "SELECT name FROM user_account WHERE roles = 'owner' AND name <> 'lone' AND active"
    ):
        enter(market, client, "lone", "owner")
        acts.change.set_roles(number_of(market, owner), roles=("auditor",), by=OPERATOR)
    enter(market, client, "lone", "owner")
    enter(market, client, "beside", "admin")
    enter(market, client, "lone", "owner")
    lone = number_of(market, "lone")

    if way == "add":
        with pytest.raises(PeopleError, match="last_owner"):
            acts.add("lone", roles=("sales",), password=PASSWORD)
    else:
        fields = {"role": ["admin"], "why": "x"}
        assert client.post(f"/users/{lone}/{way}", data=fields).status_code == 409
    assert client.get("/users").status_code == 200


@pytest.mark.parametrize("role", sorted(OUTSIDE))
def test_notes_steps_and_names_are_for_staff(market: Market, client: TestClient, role: str) -> None:
    ((uuid,),) = market.rows("SELECT uuid FROM order_ WHERE source_key LIKE '%north-1%'")
    enter(market, client, "notes-boss", "manager")
    client.post(f"/orders/{uuid}/notes", data={"text": "never trust them"})
    client.post(f"/orders/{uuid}/notes", data={"text": "comes on Monday", "shared": "true"})
    staff = client.get(f"/orders/{uuid}").text
    acts = market.hub.ground.part(PeopleActs)
    enter(market, client, f"north-{role}", role)
    number = number_of(market, f"north-{role}")
    acts.lines.set_rows(number, [("customer", "N1")], by=OPERATOR)

    client.post(f"/orders/{uuid}/notes", data={"text": "please hurry"})
    shop = client.get(f"/orders/{uuid}").text
    enter(market, client, "notes-boss", "manager")

    assert "never trust them" in staff
    assert "PL-BASE" in staff
    assert "comes on Monday" in shop
    assert "please hurry" in shop
    assert "never trust them" not in shop
    assert "PL-BASE" not in shop
    assert "please hurry" in client.get(f"/orders/{uuid}").text


def test_views_are_shared_by_staff_and_removed_by_an_administrator(
    market: Market, client: TestClient
) -> None:
    kept = {"of": "orders", "query": "status=held", "back": "/orders", "shared": "true"}
    enter(market, client, "view-partner", "partner")
    client.post("/views", data={**kept, "name": "Of the shop"})
    enter(market, client, "view-clerk", "sales")
    made = client.post("/views", data={**kept, "name": "Of the desk"})
    assert made.status_code == 303
    ((view,),) = market.rows("SELECT id FROM saved_view WHERE name = 'Of the desk'")

    enter(market, client, "view-boss", "manager")
    managers = client.get("/orders").text
    refused = client.post(f"/views/{view}/drop").status_code
    enter(market, client, "view-partner", "partner")
    partners = client.get("/orders").text
    enter(market, client, "view-admin", "admin")
    dropped = client.post(f"/views/{view}/drop").status_code

    assert "Of the desk" in managers
    assert "view-clerk" in managers
    assert "Of the shop" not in managers
    assert "Of the shop" in partners
    assert "Of the desk" not in partners
    assert (refused, dropped) == (404, 303)
