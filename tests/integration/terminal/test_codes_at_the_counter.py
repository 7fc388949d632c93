"""Every kind of code at a counter: what it orders, and what is said where it orders nothing."""

import json
from pathlib import Path

import pytest

from hub.desk.products.model import catalogue_snapshot
from hub.desk.terminals.commands.load.reading import read_distributor
from rules.values.gtin import check_digit_of
from terminal.store.catalogue import CatalogueError, build_catalogue
from tests.builders.market import FILES
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, RICE, TEA, Shop, catalogue_of, product

LINK = f"https://id.gs1.org/01/0{COLA}/10/B7?17=270131"
OWN_PREFIXES = [
    {"prefix": "21", "article": 5, "measures": "weight"},
    {"prefix": "22", "article": 5, "measures": "price"},
]


def own(article: str, value: int) -> str:
    """Print a code as a scale does."""
    body = f"{article}{value:05d}"
    return body + check_digit_of(body)


OWN_PREFIXES_TOML = """
[[own_prefixes]]
prefix = "21"
article = 5
measures = "weight"
"""


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal that sells by the piece, by weight and with price labels."""
    weighed = product("CHEESE", "Hill cheese", own("2112345", 0)) | {"base_unit": "G"}
    labelled = product("HAM", "Smoked ham", own("2212345", 0))
    pieces = product("NUTS", "Nuts", own("2154321", 0))
    items = [
        product("COLA-600", "Cola 600 ml", COLA),
        product("RICE-5KG", "Basmati rice 5 kg", RICE),
        product("TEA-250", "Assam tea 250 g", TEA),
    ]
    snapshot = json.loads(catalogue_of(*items, weighed, labelled, pieces))
    content = json.dumps(snapshot | {"own_prefixes": OWN_PREFIXES}).encode()
    Shop(shop.pack, content).settle(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("code", "sku", "quantity", "said"),
    [
        (own("2112345", 1234), "CHEESE", 1234, "1234 x Hill cheese"),
        (own("2212345", 1999), "HAM", 1, "the price on its label is not used"),
        (LINK, "COLA-600", 1, "1 x Cola"),
        (f"020{COLA}3724", "COLA-600", 24, "24 x Cola"),
        (f"010{COLA}10AB1217270131", "COLA-600", 1, "where its batch ends cannot be told"),
        (f"010{COLA}10AB12~17270131", "COLA-600", 1, "1 x Cola"),
    ],
)
def test_a_code_orders_what_it_says(
    folder: Path, code: str, sku: str, quantity: int, said: str
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(code)
        (line,) = counter.screen.lines
        assert (line.sku, line.quantity) == (sku, quantity)
        assert said in counter.screen.said
        assert counter.signals.beeps == ["ok", "ok"]

    at_the_counter(folder, play)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"020{COLA}376107", "where its count ends cannot be told"),
        (f"020{COLA}372410AB12", "cannot be told apart"),
        (f"020{COLA}", "not how many"),
        (own("2154321", 250), "Nuts is counted in PCS, and the code says 250 g"),
        (own("2199999", 250), "a code that a shop or a scale made"),
        (f"{COLA}\rOW-SUBMIT", "line breaks"),
        (f"{COLA}\r\nOW-CANCEL\r\nOW-CANCEL", "line breaks"),
        ("https://shop.example/offers", "names no product"),
    ],
)
def test_a_code_that_cannot_be_read_for_sure_changes_nothing_and_says_why(
    folder: Path, code: str, said: str
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, code)
        assert counter.signals.beeps[-1] == "error"
        assert said in counter.screen.said
        assert [(line.sku, line.quantity) for line in counter.screen.lines] == [("RICE-5KG", 1)]
        await counter.scan("OW-QTY-6")
        assert counter.signals.beeps[-1] == "error"
        assert counter.link.orders() == []

    at_the_counter(folder, play)


def test_a_batch_whose_end_is_unclear_is_not_taken_for_one(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(f"010{COLA}10AB1217270131", "OW-BATCH")
        assert counter.signals.beeps[-1] == "error"
        order = await counter.order("OW-BATCH-AB12")
        assert order.data.lines[0].batch == "AB12"

    at_the_counter(folder, play)


@pytest.mark.parametrize(
    "spoilt",
    [
        b'{"format":1,"products":[]',
        b'{"format":1,"products":[],"own_prefixes":[{"prefix":"21","artic',
        b'{"format":1,"products":[],"own_prefixes":[{"prefix":"89","article":5,"measures":"weight"}]}',
        b'{"format":1,"products":[],"own_prefixes":{}}',
    ],
)
def test_a_catalogue_that_is_cut_or_whose_table_is_unclear_is_refused_whole(
    tmp_path: Path, spoilt: bytes
) -> None:
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_bytes(spoilt)

    with pytest.raises(CatalogueError):
        build_catalogue(snapshot, tmp_path / "catalogue-x.db")

    assert list(tmp_path.glob("catalogue-*")) == []


def test_the_table_that_the_hub_writes_is_read_at_the_counter(tmp_path: Path, shop: Shop) -> None:
    files = {**FILES, "distributor.toml": FILES["distributor.toml"] + OWN_PREFIXES_TOML}
    files["products.csv"] = files["products.csv"].replace("RICE,,", f"RICE,{own('2112345', 0)},")
    distributor = read_distributor(files, scale=2)
    snapshot = catalogue_snapshot(distributor.products, distributor.own_prefixes)
    Shop(shop.pack, snapshot.body).settle(tmp_path)

    async def play(counter: Counter) -> None:
        await counter.scan(own("2112345", 3000))
        assert [(line.sku, line.quantity) for line in counter.screen.lines] == [("RICE", 3)]

    at_the_counter(tmp_path, play)
