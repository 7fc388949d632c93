"""The menu: a page is marked as the entry that leads to it, and work is apart from the rest."""

import pytest

from hub.run.bootstrap import NOUNS
from hub.web.noun import MenuEntry
from tests.builders.addresses import MATRIX

ENTRIES = [entry for noun in NOUNS for entry in noun.menu]
APART = ("/ask", "/live", "/notices/", "/partner/", "/setup/")
"""What is reached from every page, or before there is a menu, or is a partner's."""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.address)
def test_a_record_is_marked_as_the_list_it_stands_in_and_as_no_other(entry: MenuEntry) -> None:
    below = [one for one in ENTRIES if one.is_at(f"{entry.address}/7")]

    assert len(below) == 1
    assert entry in below or entry.holds == ""


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/counter-groups", "/terminals"),
        ("/counter-groups/new", "/terminals"),
        ("/workdays", "/field/team"),
        ("/partners/new", "/customers"),
        ("/accounts/statement/C1", "/accounts/ageing"),
        ("/print-runs", "/invoices"),
    ],
)
def test_a_page_without_an_entry_is_marked_as_the_one_beside_it(path: str, marked: str) -> None:
    assert [one.address for one in ENTRIES if one.is_at(path)] == [marked]


def test_each_page_for_some_is_marked_as_an_entry_of_the_menu() -> None:
    asked = (address.split(" ", 1) for address, who in MATRIX.items() if "." in who)
    pages = [path for verb, path in asked if verb == "GET" and not path.startswith(APART)]

    assert [path for path in pages if not any(one.is_at(path) for one in ENTRIES)] == []


def test_bank_statements_stand_beside_the_payments_that_they_become() -> None:
    (money,) = {one.area for one in ENTRIES if one.address in {"/payments", "/bank"}}

    assert money == "money"
