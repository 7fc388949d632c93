"""Files of prices: held against the lists that serve, drafted, published by a second person."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields.words import sentence
from hub.base.sheets import decode_file, write_workbook
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import RowOutcome
from hub.desk.imports.reads import RunRow, each_outcome, export_masters, read_run
from hub.desk.rulepacks.acts.check_files import check_folder
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.model.versions import state_of
from hub.desk.rulepacks.tables import read_versions
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, write_pack

HEAD = "list,sku,price\n"


@pytest.fixture(autouse=True)
def lists(market: Market, tmp_path: Path) -> None:
    """Have a version serve whose price list is a file, and somebody who hands files over."""
    Shelves(market.database).user("asha", "manager")
    folder = tmp_path / "pack"
    folder.mkdir()
    write_pack(folder, version=2)
    version = market.packs.add(check_folder(folder), by="meera").version
    market.packs.publish(version, by="vikram")


def acts(market: Market) -> ImportActs:
    """Give the acts of imports."""
    return market.hub.ground.part(ImportActs)


def list_of(market: Market) -> str:
    """Give the id of the one price list of the market."""
    with market.database.read() as connection:
        rows = export_masters(connection, "prices", scope=EVERYTHING, now_ms=market.clock.ms)
        return next(row[0] for row in rows if row[1] == "SOAP")


def take(market: Market, body: str) -> RunRow:
    """Have a file taken by the jobs."""
    run = acts(market).take("prices", body, file="april.csv", by="asha")
    assert acts(market).take.begin(run, by="asha")
    market.hub.jobs.run_due("test")
    with market.database.read() as connection:
        found = read_run(connection, run, scope=EVERYTHING)
    assert found is not None
    return found


def outcomes(market: Market, run: RunRow) -> Mapping[str, Sequence[str]]:
    """Give the rows of a run by what became of them."""
    told: dict[str, list[str]] = {}
    with market.database.read() as connection:
        for one in each_outcome(connection, run.id, scope=EVERYTHING):
            told.setdefault(one.action, []).append(" ".join([one.key, *map(sentence, one.reasons)]))
    return told


def states(market: Market) -> dict[int, str]:
    """Give the state of each version now."""
    with market.database.read() as connection:
        versions = read_versions(connection)
    return {one.version: state_of(one, versions, market.clock.ms) for one in versions}


def soap(market: Market) -> int:
    """Order a soap; gives what it costs."""
    answer = market.place(("SOAP", 1))
    assert answer.totals is not None
    return answer.totals.payable


def test_prices_are_a_draft_that_decides_once_a_second_person_published_it(
    market: Market,
) -> None:
    name = list_of(market)

    run = take(market, f"{HEAD}{name},SOAP,12.00\n{name},TEA,100.00\n{name},OIL,80\n")

    assert run.version == 3
    assert dict(run.counts) == {"change": 1, "same": 1, "add": 1}
    assert states(market)[3] == "draft"
    assert soap(market) == 1_000
    with pytest.raises(PackStepError) as caught:
        market.packs.publish(3, by="asha")
    assert caught.value.code == "same_person"
    market.packs.publish(3, by="vikram")
    assert soap(market) == 1_200
    assert market.broken() == set()


def test_two_rows_that_price_one_product_make_no_draft_though_one_leaves_the_list_out(
    market: Market,
) -> None:
    name = list_of(market)

    run = take(market, f"{HEAD}{name},SOAP,12.00\n{name},TEA,90\n,SOAP,99.00\n")

    assert run.version is None
    (fault,) = run.faults
    assert "SOAP stands in rows 2 and 4" in fault
    assert sorted(states(market)) == [1, 2]


def test_the_same_file_taken_again_makes_no_second_draft(market: Market) -> None:
    body = f"{HEAD}{list_of(market)},SOAP,12.00\n"

    first, again = take(market, body), take(market, body)

    assert (first.version, again.version) == (3, 3)
    assert sorted(states(market)) == [1, 2, 3]


def test_prices_that_serve_already_make_no_draft_at_all(market: Market) -> None:
    run = take(market, f"{HEAD}{list_of(market)},SOAP,10.00\n")

    assert (run.state, run.version) == ("done", None)
    assert sorted(states(market)) == [1, 2]


def test_what_is_wrong_is_refused_at_its_row_and_the_rest_is_drafted(market: Market) -> None:
    name = list_of(market)
    rows = ("PL-OTHER,SOAP,1", f"{name},SOPA,1", f"{name},TEA,0", f"{name},TEA2,1,5", f"{name},,3")

    run = take(market, HEAD + "\n".join((*rows, f"{name},SOAP,11", f"{name},SOAP,12")))

    told = outcomes(market, run)
    assert len(told["refuse"]) == 6
    assert told["change"] == [f"{name} SOAP"]
    assert "PL-OTHER" in told["refuse"][0]
    assert name in told["refuse"][0]
    assert run.version == 3


def test_a_blank_price_stays_and_empty_takes_the_product_out_of_the_list(market: Market) -> None:
    name = list_of(market)

    run = take(market, f"{HEAD}{name},SOAP,\n{name},TEA,(empty)\n")
    market.packs.publish(run.version or 0, by="vikram")

    with market.database.read() as connection:
        head, *rows = export_masters(connection, "prices", scope=EVERYTHING, now_ms=market.clock.ms)
    left = {row[1]: row[2] for row in rows}
    assert head == ["list", "sku", "price"]
    assert left["SOAP"] == "10.00"
    assert "TEA" not in left


def test_the_list_need_not_be_named_where_there_is_one(market: Market) -> None:
    run = take(market, "sku,price\nSOAP,12.50\n")

    assert run.version == 3


def test_a_workbook_of_what_was_exported_changes_nothing(market: Market) -> None:
    with market.database.read() as connection:
        rows = list(export_masters(connection, "prices", scope=EVERYTHING, now_ms=market.clock.ms))

    run = take(market, decode_file(write_workbook("prices", rows)))

    assert set(run.counts) == {"same"}


def test_a_dry_run_tells_the_same_and_leaves_no_trace(market: Market) -> None:
    body = f"{HEAD}{list_of(market)},SOAP,12.00\n"

    checked: Sequence[RowOutcome] = acts(market).check(
        "prices", body, file="april.csv", by="asha", scope=EVERYTHING
    )

    assert [one.action for one in checked] == ["change"]
    assert sorted(states(market)) == [1, 2]


def test_prices_that_the_rules_cannot_have_make_no_draft_and_may_be_mended(
    market: Market, tmp_path: Path
) -> None:
    folder = tmp_path / "cased"
    folder.mkdir()
    write_pack(folder, version=3)
    case = {"name": "soap", "on": "2026-04-01", "lines": [{"sku": "SOAP", "qty": 1}]}
    expected = {**case, "customer": {"type": "retailer"}, "expect": {"gross": "10.00"}}
    products = {"SOAP": {"name": "Soap", "category": "soap", "tax_class": "gst0"}}
    written = {"case_products": products, "tests": [expected]}
    (folder / "cases.yaml").write_text(json.dumps(written).replace('"10.00"', "10.00"))
    market.packs.add(check_folder(folder), by="meera")
    market.packs.publish(3, by="vikram")

    run = take(market, f"{HEAD}{list_of(market)},SOAP,12.00\n")

    assert run.state == "checked"
    assert run.version is None
    assert any("soap" in fault for fault in run.faults)
    assert sorted(states(market)) == [1, 2, 3]
    name = list_of(market)
    assert acts(market).take.mend(run.id, {2: [name, "SOAP", "10.00"]}, by="asha")
    assert acts(market).take.begin(run.id, by="asha")
    market.hub.jobs.run_due("test")
    with market.database.read() as connection:
        mended = read_run(connection, run.id, scope=EVERYTHING)
    assert mended is not None
    assert (mended.state, mended.faults) == ("done", ())
