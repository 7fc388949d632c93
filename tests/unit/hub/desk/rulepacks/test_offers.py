"""Forms change numbers in the text of rule files, and nothing else of it."""

from typing import get_args

import pytest

from hub.desk.rulepacks.model.offers import (
    Kind,
    find_odd,
    find_offers,
    put_figures,
    with_version,
)

TEXT = """
schemes:
  # Ten plus one, every: 5 of old
  - id: TEN
    text: {en: Ten plus one, hi: दस पर एक}
    free: {every: 10, give: 1, item: same}   # as agreed
  - id: SLABS
    slabs:
      - {from: 12, percent: 2}
      # from: 99 was too much
      - {from: 48, percent: 4.5, cap: 100.00}
    limit: {from: 7}
  - id: BLOCK
    free:
      every: 6
      give: 1
    count: {from: 3}
"""
MONEY = """
prices:
  - {id: BASE, level: default, rates: {TEA: 20.00}}
  - {id: TYPE, level: customer_type, when: {customer.type: retailer}, rates: {TEA: 19.00}}
  - id: VIP
    text: {en: Agreed with City Mart}
    level: customer
    when: {customer: C1}
    rates:
      TEA: 18.50
      MILK-1/2: 30.00  # TEA: 1.00 was asked for
limits:
  - {id: OWN, when: {customer: C1}, limit: 5000.00}
  - {id: NONE, when: {customer: C2}, limit: none}
tests:
  - {name: a case, credit: {state: amount, limit: 1000.00}}
credit:
  - {id: OPEN, limit: {open_orders: 900.00, cheques: 50}, then: stop}
  - {id: LATE, overdue: {limit: 7.00, grace_days: 3}, then: stop}
schemes:
  - {id: BUDGET, limit: {amount: 100.00}}
"""
CHANGED = (
    ("TEN.free.0", "every: 10", "every: 12"),
    ("SLABS.slabs.1", "percent: 2", "percent: 2.5"),
    ("VIP.rates.0", "TEA: 18.50", "TEA: 17.25"),
    ("VIP.rates.1", "MILK-1/2: 30.00", "MILK-1/2: 29"),
    ("OWN.limit.0", "limit: 5000.00", "limit: 7500.00"),
    ("OPEN.limit.1", "cheques: 50", "cheques: 60"),
)


@pytest.mark.parametrize(("name", "was", "becomes"), CHANGED)
def test_a_form_changes_a_file_as_somebody_who_writes_into_it(
    name: str, was: str, becomes: str
) -> None:
    texts = {"a.yaml": TEXT, "money.yaml": MONEY}
    by_hand = {path: text.replace(was, becomes) for path, text in texts.items()}

    assert put_figures(texts, {name: becomes.rpartition(" ")[2]}) == by_hand
    assert by_hand != texts


def test_there_is_a_form_for_each_kind_of_number_and_none_for_other_rules() -> None:
    texts = {"a.yaml": TEXT, "money.yaml": MONEY}
    fields = {one.name_of(figure) for one in find_offers(texts) for figure in one.figures}

    assert {name.split(".")[1] for name, *_ in CHANGED} == set(get_args(Kind))
    assert {name for name, *_ in CHANGED} <= fields
    assert {name.partition(".")[0] for name in fields} == {
        "TEN",
        "SLABS",
        "BLOCK",
        "VIP",
        "OWN",
        "OPEN",
    }


def test_the_numbers_of_schemes_are_found_and_those_of_comments_and_other_keys_are_not() -> None:
    found = [
        (one.id, one.text, [(f.key, f.value) for f in one.figures])
        for one in find_offers({"a.yaml": TEXT})
    ]

    assert found == [
        ("TEN", "Ten plus one", [("every", "10"), ("give", "1")]),
        (
            "SLABS",
            "",
            [
                ("from", "12"),
                ("percent", "2"),
                ("from", "48"),
                ("percent", "4.5"),
                ("cap", "100.00"),
            ],
        ),
        ("BLOCK", "", [("every", "6"), ("give", "1")]),
    ]


def test_a_rule_is_called_as_its_file_says_in_the_language_or_else_in_english() -> None:
    found = find_offers({"a.yaml": TEXT, "money.yaml": MONEY}, language="hi")

    called = {one.id: one.text for one in found}
    assert (called["TEN"], called["VIP"]) == ("दस पर एक", "Agreed with City Mart")


def test_numbers_of_any_length_are_put_in_their_places_and_the_rest_stays() -> None:
    wanted = {"TEN.free.1": "2", "SLABS.slabs.0": "120", "SLABS.slabs.3": "5", "BLOCK.free.0": "60"}

    text = put_figures({"a.yaml": TEXT}, wanted)["a.yaml"]

    assert text == (
        TEXT.replace("every: 10, give: 1", "every: 10, give: 2")
        .replace("from: 12,", "from: 120,")
        .replace("percent: 4.5", "percent: 5")
        .replace("every: 6", "every: 60")
    )


@pytest.mark.parametrize("typed", ["", "-1", "1e5", "2; drop", "{every: 1}", "१०"])
def test_what_is_no_number_is_not_put_into_a_file_and_is_told(typed: str) -> None:
    wanted = {"TEN.free.0": "12", "TEN.free.1": typed}

    odd = find_odd({"a.yaml": TEXT}, wanted)

    assert put_figures({"a.yaml": TEXT}, {"TEN.free.1": typed})["a.yaml"] == TEXT
    assert [(offer.id, figure.key, said) for offer, figure, said in odd] == [("TEN", "give", typed)]


def test_the_pack_gets_its_next_number_once() -> None:
    texts = with_version({"pack.yaml": "pack:\n  version: 3\n  name: x\n# version: 1\n"}, 4)

    assert texts["pack.yaml"] == "pack:\n  version: 4\n  name: x\n# version: 1\n"
