"""The menu: a page is marked as the entry that leads to it, and work is apart from the rest."""

import pytest

from hub.run.bootstrap import NOUNS
from hub.web.noun import MenuEntry

ENTRIES = [entry for noun in NOUNS for entry in noun.menu]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.address)
def test_a_record_is_marked_as_the_list_it_stands_in_and_as_no_other(entry: MenuEntry) -> None:
    below = [one for one in ENTRIES if one.is_at(f"{entry.address}/7")]

    assert len(below) == 1
    assert entry in below or entry.holds == ""


@pytest.mark.parametrize("path", ["/counter-groups", "/counter-groups/new", "/counter-groups/g1"])
def test_groups_of_counters_are_marked_as_the_terminals_beside_them(path: str) -> None:
    assert [one.address for one in ENTRIES if one.is_at(path)] == ["/terminals"]


def test_bank_statements_stand_beside_the_payments_that_they_become() -> None:
    (money,) = {one.area for one in ENTRIES if one.address in {"/payments", "/bank"}}

    assert money == "money"
