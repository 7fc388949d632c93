"""Addresses and GSTINs of the demo's shops are made up, and fit each other."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

from hub.desk.parties.model.gst import read_gstin
from simulators.data import Distributor, fmcg
from simulators.data.gst import terms_of, write_gst

TODAY = date(2026, 11, 21)


def addresses(distributor: Distributor, folder: Path) -> dict[str, dict[str, str]]:
    with write_gst(distributor, folder)["customers"].open(encoding="utf-8") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


def test_every_shop_has_an_address_and_a_phone_of_its_own(tmp_path: Path) -> None:
    made = fmcg(today=TODAY)

    told = addresses(made, tmp_path)

    assert told.keys() == {one.id for one in made.customers}
    assert all(all(row.values()) for row in told.values())
    assert len({row["phone"] for row in told.values()}) == len(told)


def test_each_gstin_is_one_by_its_check_character_and_of_the_shop_s_own_state(
    tmp_path: Path,
) -> None:
    made = fmcg(today=TODAY)

    told = addresses(made, tmp_path)
    given = {code: fields["gstin"] for code, fields in terms_of(made).items() if "gstin" in fields}

    assert len(set(given.values())) == len(given) > 5
    assert {code: read_gstin(text) for code, text in given.items()} == given
    assert {code: text[:2] for code, text in given.items()} == {
        code: told[code]["state"] for code in given
    }


def test_shops_may_have_any_code_and_one_of_an_unknown_town_is_left_out(tmp_path: Path) -> None:
    known, unknown, *_ = fmcg(today=TODAY).customers
    shops = (replace(known, id="K-7 b"), replace(unknown, geo="IN/XX/NOWHERE"))

    told = addresses(replace(fmcg(today=TODAY), customers=shops), tmp_path)

    assert list(told) == ["K-7 b"]
