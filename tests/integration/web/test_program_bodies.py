"""What programs send is read alike at every address."""

import re

from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.builders.program_addresses import OF_PROGRAMS_ALONE


def test_what_is_no_json_is_told_so_alike_at_every_address_of_programs(
    client: TestClient, market: Market
) -> None:
    granted = market.hub.ground.part(PeopleActs).tokens.add(
        "all", roles=("owner", "admin", "manager"), by=OPERATOR
    )
    headers = {"Authorization": f"Bearer {granted}", "Content-Type": "application/json"}
    told, failed = set[str](), list[str]()
    for address in OF_PROGRAMS_ALONE:
        verb, _, path = address.partition(" ")
        if verb == "GET" or path.endswith(("/files", "/photos")):  # where any bytes may be a file
            continue
        named = re.sub(r"\{[^}]*\}", "1", path)
        answer = client.request(verb, named, content=b'{"\xff', headers=headers)
        told |= {answer.json()["code"]} if answer.status_code == 400 else set()
        failed += [address] if answer.status_code >= 500 else []

    assert failed == []
    assert told == {"body_invalid"}
