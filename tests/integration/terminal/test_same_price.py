"""Hub and terminal price alike: thousands of random orders over every shipped pack, by both paths.

The terminal's path is its own: packed bytes, its SQLite catalogue, what its hub told it of the
customer. The hub's is its decision, with stock that is short and credit that is not enough.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from broker.contract import Order, OrderData, Quote
from hub.desk.orders.model.availability import Availability, Counterparty
from hub.desk.orders.model.decide import Decided, decide
from hub.desk.orders.model.request import Place
from hub.desk.products.model import Catalogue
from hub.desk.terminals.model import PriceAlarm, ServedTerminal
from hub.desk.terminals.wire.alarms import price_alarm
from hub.desk.terminals.wire.requests import request_of
from rules import Batch, CompiledPack, Credit, Customer, Minor, Product, Quantity, load_pack
from rules.language import read_pack
from tests.builders.counter_hashes import Asked, Counter, quotes, read_counter
from tests.builders.market import new_uuid
from tests.builders.random_shop import write_counter
from tests.conftest import find_python_313

ROOT = Path(__file__).parents[3]
PACKS = sorted(path.name for path in (ROOT / "rules" / "packs").iterdir() if path.is_dir())
ORDERS = 1_000
SEED = 20261122
PLACE = 1
RECEIVED = date(2024, 1, 1)


# One pack's counter is written, quoted and decided once, in one process.
GROUPS = [pytest.param(name, marks=pytest.mark.xdist_group(f"prices of {name}")) for name in PACKS]


@pytest.fixture(scope="module", params=GROUPS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of a counter that one shipped pack is for."""
    made = tmp_path_factory.mktemp(request.param)
    packed = read_pack(ROOT / "rules" / "packs" / request.param)
    print(f"seed {SEED}")
    write_counter(made, packed, orders=ORDERS, seed=SEED)
    return made


@pytest.fixture(scope="module")
def quoted(folder: Path) -> list[Quote]:
    """Quote all orders by the terminal's path."""
    return list(quotes(folder))


@pytest.fixture(scope="module")
def judged(folder: Path, quoted: list[Quote]) -> list[tuple[Decided, PriceAlarm | None]]:
    """Decide all orders by the hub's path; they carry what the terminal quoted."""
    counter = read_counter(folder)
    pack = load_pack((folder / "pack.json").read_bytes())
    written = json.loads((folder / "snapshot.json").read_text())["products"]
    products = {one["sku"]: _product(one) for one in written}
    goods = Catalogue(counter.catalogue, products, {})
    return [
        _decide(asked, quote, counter, pack=pack, goods=goods)
        for asked, quote in zip(counter.orders, quoted, strict=True)
    ]


@pytest.fixture(scope="module")
def decided(judged: list[tuple[Decided, PriceAlarm | None]]) -> list[Decided]:
    """Give the decisions alone."""
    return [one for one, _ in judged]


def _decide(
    asked: Asked, quote: Quote, counter: Counter, *, pack: CompiledPack, goods: Catalogue
) -> tuple[Decided, PriceAlarm | None]:
    told = counter.customers[asked.customer]
    customer = Customer(told.id, told.type, tuple(told.geo), told.status)
    credit = Credit(told.credit.state, Minor(told.credit.limit), Minor(400_000))
    lots = {
        (PLACE, sku): _lots(sku) for sku in {*goods.products, *(one.sku for one in asked.lines)}
    }
    availability = Availability(
        pack=pack,
        catalogue=goods,
        customers={told.id: Counterparty(PLACE, customer, told.name, credit)},
        batches=lots,
        exposure={PLACE: 400_000},
    )
    order = OrderData(
        order=new_uuid(),
        number="t-1",
        customer=told.id,
        lines=asked.lines,
        coupons=asked.coupons,
        quote=quote,
        captured_at=0,
        mono_ms=0,
        clock_trusted=True,
    )
    message = Order(id=new_uuid(), term="t", boot=1, seq=1, at=0, data=order)
    terminal = ServedTerminal("t", False, told.id, PLACE, Place(PLACE, "MAIN"))
    request = request_of(message, terminal, day=asked.day, customers=())
    decided = decide(request, availability, now_ms=0)
    return decided, price_alarm(decided, availability)


def _lots(sku: str) -> tuple[Batch, ...]:
    """Give plenty of some products, a little of others, none of the rest."""
    left = (0, 7, 60, 1_000_000)[sum(sku.encode()) % 4]
    return (Batch("B", sku, "MAIN", Quantity(left), RECEIVED),) if left else ()


def _product(written: Mapping[str, Any]) -> Product:
    return Product(
        **{key: value for key, value in written.items() if key not in {"gtins", "category"}},
        category=tuple(written["category"]),
    )


def test_the_same_orders_have_the_same_price_hash_at_hub_and_terminal(
    quoted: list[Quote],
    decided: list[Decided],
    judged: list[tuple[Decided, PriceAlarm | None]],
) -> None:
    hubs = [one.result.price_hash if one.result else str(one.fault) for one in decided]

    assert [quote.price_hash for quote in quoted] == hubs
    assert [one.request.uuid for one, alarm in judged if alarm is not None] == []


def test_the_random_orders_are_worth_comparing(
    folder: Path, quoted: list[Quote], decided: list[Decided]
) -> None:
    written = json.loads((folder / "pack.json").read_text())
    kinds = {scheme["kind"] for scheme in written["schemes"]}
    by_pack = any("per" in rule for rule in written["prices"])
    by_mrp = any("mrp" in rule for rule in written["prices"])
    results = [one.result for one in decided if one.result is not None]
    steps = [{reason.code for reason in (*one.trace, *one.reasons)} for one in results]
    lines = [line.unit_price is not None for one in results for line in one.lines]

    assert len({quote.price_hash for quote in quoted}) > ORDERS * 0.9
    assert sum(lines) > len(lines) * 0.5
    assert sum("product_unknown" in step for step in steps) > 1
    gave = {"scheme_applied", "free_goods_given"} if kinds == {"free"} else {"scheme_applied"}
    fewest = ORDERS * (0.01 if kinds == {"free"} else 0.1) if kinds else -1
    assert sum(not gave.isdisjoint(step) for step in steps) > fewest
    assert any("free_goods_given" in step for step in steps) == ("free" in kinds)
    assert any(line.pack for one in results for line in one.lines) == by_pack
    assert any(line.mrp for one in results for line in one.lines)
    assert any("batch_unknown" in step for step in steps)
    assert any("coupon_unknown" in step for step in steps)
    assert by_pack == by_mrp == (written["name"] == "prices")
    assert len({one.outcome for one in results}) > 1


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_with_another_hash_seed_gives_the_same_hashes(
    folder: Path, quoted: list[Quote], hash_seed: str
) -> None:
    printed = _printed([sys.executable], folder, PYTHONHASHSEED=hash_seed)

    assert printed == [quote.price_hash for quote in quoted]


@pytest.fixture(scope="module")
def python_313(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give CPython 3.13 with the one library that the terminal's pricing needs, as it is locked."""
    base = find_python_313()
    assert base is not None, "marked as needing Python 3.13"
    folder = tmp_path_factory.mktemp("python-3.13")
    lock = (ROOT / "requirements" / "terminal.txt").read_text()
    wanted = re.search(r"^msgspec==(?:.*\\\n)+.*\n", lock, flags=re.MULTILINE)
    assert wanted is not None
    (folder / "lock.txt").write_text(wanted[0])
    subprocess.run([base, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", folder / "lock.txt"], check=True)
    return python


@pytest.mark.needs("python3.13")
def test_another_python_gives_the_same_hashes(
    folder: Path, quoted: list[Quote], python_313: Path
) -> None:
    printed = _printed([str(python_313)], folder)

    assert printed == [quote.price_hash for quote in quoted]


def _printed(python: list[str], folder: Path, **environment: str) -> list[str]:
    done = subprocess.run(
        [*python, "-m", "tests.builders.counter_hashes", str(folder)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    hashes: list[str] = json.loads(done.stdout)
    return hashes
