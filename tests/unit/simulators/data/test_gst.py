"""What the demo makes up of its shops: every one is told, and the hub takes what is told."""

import csv
from datetime import date
from pathlib import Path

from hub.desk.parties.model.cells import read_phone
from hub.desk.parties.model.gst import read_gstin, read_pin, read_state
from simulators.data import Distributor, fmcg
from simulators.data.gst import COUNTER_SHOP, LETTERHEAD, terms_of, write_gst

TODAY = date(2026, 11, 21)


def where(distributor: Distributor, folder: Path) -> dict[str, dict[str, str]]:
    """Read the file of customers, by code."""
    with write_gst(distributor, folder)["customers"].open(encoding="utf-8") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def test_every_shop_of_the_demo_has_an_address_of_its_own_in_its_town(tmp_path: Path) -> None:
    distributor = fmcg(today=TODAY)

    told = where(distributor, tmp_path)

    assert list(told) == [one.id for one in distributor.customers]
    for row in told.values():
        assert row["city"]
        assert row["address"]
        assert read_state(row["state"]) == row["state"]
        assert read_pin(row["pin"]) == row["pin"]
        assert read_phone(row["phone"])
    assert len({row["phone"] for row in told.values()}) == len(told)


def test_gstins_of_the_demo_are_right_and_each_is_one_shop_s_in_its_own_state(
    tmp_path: Path,
) -> None:
    distributor = fmcg(today=TODAY)
    states = {code: row["state"] for code, row in where(distributor, tmp_path).items()}

    told = terms_of(distributor)

    found = {code: one["gstin"] for code, one in told.items() if "gstin" in one}
    assert told.keys() < states.keys()
    assert COUNTER_SHOP in found
    assert 1 < len(found) < len(told)
    assert len({*found.values(), LETTERHEAD["gstin"]}) == len(found) + 1
    for code, gstin in found.items():
        assert read_gstin(gstin) == gstin
        assert gstin.startswith(states[code])
