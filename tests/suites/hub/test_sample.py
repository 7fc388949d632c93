"""The sample: added to a new hub alone, tried, removed whole while nothing real stands on it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from broker.contract import AnswerData
from hub.base.access import EVERYTHING, Actor
from hub.base.engine.columns import metadata
from hub.base.fields import Change
from hub.base.kept.files import Files, SentFile
from hub.base.kept.folders import STAYS_MS
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.parties.acts import CustomerActs
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.accounts import OWNER
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.acts.keep_sample import KeepSample
from hub.desk.terminals.model.sample import TERMINAL, SampleError, sample_house
from hub.desk.terminals.store.house.leaving import STAYS
from hub.run.bootstrap import build_hub, build_wire
from hub.run.config import Settings
from tests.builders.delivered import recorded, sent
from tests.builders.hub_commands import run_hub
from tests.builders.hub_records import PASSWORD
from tests.builders.market import FakeClock, Market
from tests.builders.money import billed, paid
from tests.builders.photos import jpeg

BY: Final = Actor("olga", (OWNER,), EVERYTHING)
ON_SQLITE: Final = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
KEEPS_ON: Final = {"change", "history", "alembic_version"}
"""Tables in which it is right that something of the sample's time is left."""


@pytest.fixture
def new_hub(database_url: str, tmp_path: Path) -> Iterator[Market]:
    """Give a hub on which nothing was loaded, with its owner."""
    clock = FakeClock()
    settings = Settings(folder=tmp_path, database=database_url, hosts="hub.test")
    hub = build_hub(settings, clock=clock)
    first = hub.ground.part(PeopleActs).first
    first.make(first.make_word() or "", name="olga", password=PASSWORD)
    yield Market(hub, build_wire(hub, http="http://hub"), clock, database_url)
    hub.close()


def sample_of(market: Market) -> KeepSample:
    """Give the acts of the sample."""
    return market.hub.ground.part(EnrolmentActs).sample


def placed(market: Market, *lines: tuple[str, int]) -> AnswerData:
    """Place an order at the sample's counter."""
    return market.place(*lines, terminal=TERMINAL, customer="SAMPLE-SHOP-1")


def everything(market: Market) -> Mapping[str, list[tuple[object, ...]]]:
    """Read every row of every table, but those in which something stays."""
    with market.database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in KEEPS_ON
        }


def test_a_sample_is_tried_up_to_the_money_and_leaves_nothing(new_hub: Market) -> None:
    before = everything(new_hub)
    sample_of(new_hub).add(by=BY)
    order = placed(new_hub, ("SAMPLE-BISCUITS", 10))
    recorded(new_hub, sent(new_hub, order.order).notes[0], AskedOutcome(receiver="Asha"))
    billed(new_hub, order.order)
    paid(new_hub, "50.00", customer="SAMPLE-SHOP-1")
    with_sample = new_hub.broken()

    with pytest.raises(SampleError) as fewer:
        sample_of(new_hub).remove(orders=0, by=BY)
    sample_of(new_hub).remove(orders=1, by=BY)

    assert fewer.value.code == "orders"
    assert with_sample == set()
    assert new_hub.broken() == set()
    assert everything(new_hub) == before


@ON_SQLITE
def test_photos_and_files_of_the_sample_go_from_the_disk_a_week_after_it(
    new_hub: Market, tmp_path: Path
) -> None:
    def on_disk() -> list[Path]:
        folders = (tmp_path / "photos", tmp_path / "files")
        return sorted(one for each in folders for one in each.rglob("*") if one.is_file())

    sample_of(new_hub).add(by=BY)
    order = placed(new_hub, ("SAMPLE-BISCUITS", 10))
    note = sent(new_hub, order.order).notes[0]
    new_hub.deliveries.keep_photo(note, jpeg(), by="olga", scope=EVERYTHING)
    licence = SentFile(b"%PDF-1.7\n%%EOF\n", "licence.pdf")
    files = new_hub.hub.ground.part(Files)
    files.add("customer", "SAMPLE-SHOP-1", licence, by="olga", topic="customers")
    kept = on_disk()

    sample_of(new_hub).remove(orders=1, by=BY)
    at_once = on_disk()
    new_hub.clock.ms += STAYS_MS
    new_hub.hub.jobs.run_due("test")

    assert len(kept) == 2
    assert at_once == kept
    assert on_disk() == []
    assert new_hub.broken() == set()


def test_what_is_not_of_the_sample_keeps_all_of_it(new_hub: Market) -> None:
    sample_of(new_hub).add(by=BY)
    add = new_hub.hub.ground.part(CustomerActs).add
    add("OWN-1", {"name": "Own Shop"}, by="olga", scope=EVERYTHING)
    change = new_hub.hub.ground.part(CustomerActs).change
    change(
        "SAMPLE-SHOP-2",
        {"name": Change("Sample market shop", "Gupta Stores")},
        by="olga",
        scope=EVERYTHING,
    )
    before = everything(new_hub)

    with pytest.raises(SampleError) as refused:
        sample_of(new_hub).remove(orders=0, by=BY)

    assert refused.value.code == "own"
    assert dict(refused.value.own) == {"customers": ("OWN-1", "SAMPLE-SHOP-2")}
    assert everything(new_hub) == before


@ON_SQLITE
def test_a_hub_with_a_distributor_gets_no_sample(market: Market) -> None:
    before = everything(market)

    with pytest.raises(SampleError) as refused:
        sample_of(market).add(by=BY)
    with pytest.raises(SampleError) as gone:
        sample_of(market).remove(orders=0, by=BY)

    assert (refused.value.code, gone.value.code) == ("not_empty", "gone")
    assert everything(market) == before


@ON_SQLITE
def test_a_sample_comes_and_goes_and_the_own_data_comes_after_it(new_hub: Market) -> None:
    for _ in range(2):
        sample_of(new_hub).add(by=BY)
        with pytest.raises(SampleError, match="there"):
            sample_of(new_hub).add(by=BY)
        answer = placed(new_hub, ("SAMPLE-TEA", 1))
        new_hub.clock.ms += 1
        sample_of(new_hub).remove(orders=1, by=BY)
        assert answer.status in {"confirmed", "confirmed_changed"}

    loaded = new_hub.load()

    assert loaded.added["products"] == 5
    assert new_hub.place(("TEA", 1)).status == "confirmed"
    assert new_hub.broken() == set()
    changed = new_hub.rows("SELECT old, new, who FROM history WHERE noun = 'sample' ORDER BY id")
    assert changed == [("false", "true", "olga"), ("true", "false", "olga")] * 2


@ON_SQLITE
def test_the_terminal_of_the_sample_is_let_in_by_a_file_and_no_more_after_it(
    new_hub: Market, tmp_path: Path
) -> None:
    file = tmp_path / "terminals" / f"{TERMINAL}.toml"

    sample_of(new_hub).add(by=BY)
    with_sample = file.exists(), TERMINAL in (tmp_path / "broker" / "passwd").read_text()
    sample_of(new_hub).remove(orders=0, by=BY)

    assert with_sample == (True, True)
    assert not file.exists()
    assert TERMINAL not in (tmp_path / "broker" / "passwd").read_text()


def test_the_commands_add_show_and_remove(tmp_path: Path) -> None:
    added = run_hub(tmp_path, "sample", "add")
    again = run_hub(tmp_path, "sample", "add")
    shown = json.loads(run_hub(tmp_path, "sample", "show").stdout)
    removed = run_hub(tmp_path, "sample", "remove")

    assert f"terminals/{TERMINAL}.toml" in added.stdout
    assert again.returncode != 0
    assert "there already" in again.stderr
    assert (shown["sample"], shown["orders"], shown["own"]) == (True, 0, {})
    assert removed.returncode == 0
    assert json.loads(run_hub(tmp_path, "sample", "show").stdout) == {"sample": False}


def test_tables_that_stay_are_tables() -> None:
    assert metadata.tables.keys() >= STAYS


def test_bar_codes_of_the_sample_are_right_and_of_no_maker() -> None:
    house = sample_house(date(2026, 11, 21))
    codes = [code for one in house.products for code in one.gtins]

    for code in codes:
        weighed = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(code))
        assert weighed % 10 == 0
        assert code.startswith("29")
    assert len(set(codes)) == len(house.products)
