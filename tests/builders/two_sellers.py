"""A hub of two sellers below the company, and a client that is signed in as anybody.

A module imports `open_two_sellers` and `open_client`, and asks for them as `market` and `client`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.commands.proving import OPERATOR
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import FILES, Market, open_market
from tests.builders.page_client import PageClient

PASSWORD: Final = "correct horse"
SELLERS: Final = (
    "code,name,kind,parent\nNORTH,North Trade,distributor,\nEAST,East Trade,distributor,\n"
)


@pytest.fixture(scope="module", name="market")
def open_two_sellers(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give a hub of two sellers below the company, each with a shop, a store and an order."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder / "files") as opened:
        opened.load(
            sellers=SELLERS,
            customers=_with_sellers("customers", "N1,Northshop,retailer,IN/DL,active,none,,NORTH")
            + "E1,Eastshop,retailer,IN/WB,active,none,,EAST\n",
            warehouses=_with_sellers("warehouses", "NORD,Northstore,1,NORTH")
            + "OST,Eaststore,1,EAST\n",
            batches=FILES["batches.csv"]
            + "NORD,RICE,RN,2026-01-01,,2026-02-01,50\nOST,RICE,RE,2026-01-01,,2026-02-01,50\n",
            terminals=FILES["terminals.csv"] + "north-1,N1,NORD\neast-1,E1,OST\n",
        )
        opened.place(("RICE", 1), terminal="north-1", customer="N1")
        opened.place(("RICE", 1), terminal="east-1", customer="E1")
        yield opened


def _with_sellers(name: str, *rows: str) -> str:
    head, *others = FILES[f"{name}.csv"].splitlines()
    return "\n".join([f"{head},seller", *(f"{row}," for row in others), *rows, ""])


@pytest.fixture(scope="module", name="client")
def open_client(market: Market) -> Iterator[TestClient]:
    """Give a browser."""
    headers = {"Origin": "http://hub.test"}
    app = create_app(frame_of(market.hub))
    with PageClient(
        app,
        base_url="http://hub.test",
        headers=headers,
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as one:
        yield one


def enter(market: Market, client: TestClient, name: str, *roles: str, seller: str = "") -> None:
    """Sign a new user in, who sees the rows of one seller where it is named."""
    acts = market.hub.ground.part(PeopleActs)
    acts.add(name, roles=roles, password=PASSWORD)
    account = acts.sign_in.find_account(name)
    assert account is not None
    acts.lines.set_rows(account.id, [("seller", seller)] if seller else [], by=OPERATOR)
    token = acts.sign_in.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)
    client.cookies.clear()
    client.cookies.set("orderwire_session", token)
