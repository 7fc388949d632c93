"""A pack loaded sparingly prices as any other, and takes no list for one that it is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from rules import Counters, evaluate, load_pack, run_cases
from rules.engine.packs.documents import Parsed
from rules.engine.packs.rates import cut_long_lists
from rules.language import PackError, read_pack
from rules.values.rates import Rates
from tests.unit.rules.making import HEAD, Setting, product, read_text

MANY = {f"S{number:05}": 10_000 + number for number in range(3_000)}


def _rules() -> str:
    rates = ", ".join(f"{sku}: {price / 10_000:.4f}" for sku, price in MANY.items())
    return f"{HEAD}prices:\n  - {{id: BASE, level: default, rates: {{{rates}}}}}\n"


def _packed() -> bytes:
    return read_text(_rules())


def test_a_long_list_is_searched_as_a_dictionary_is() -> None:
    text, lists = cut_long_lists(json.dumps([{"rates": MANY}], separators=(",", ":")).encode())

    assert json.loads(text) == [{"rates": [0]}]
    assert {sku: lists[0].get(sku) for sku in MANY} == MANY
    assert [lists[0].get(sku) for sku in ("", "S", "S00000x", "S03000", "T", "A")] == [None] * 6
    assert "S00001" in lists[0]
    assert len(lists[0]) == len(MANY)
    with pytest.raises(KeyError):
        lists[0]["S03000"]


def test_a_dictionary_kept_as_a_long_list_gives_its_prices_back_in_the_order_of_its_skus() -> None:
    kept = Rates.of(dict(reversed(MANY.items())))

    assert list(kept) == sorted(MANY)
    assert list(kept.items()) == sorted(MANY.items())
    assert list(Rates.of({}).items()) == []


def test_two_long_lists_of_which_neither_wins_are_told_apart_by_what_they_price(
    tmp_path: Path,
) -> None:
    lists = "\n".join(
        f"  - {{id: {name}, level: customer, when: {{customer: C1}}, csv: {name}.csv}}"
        for name in ("first", "second")
    )
    (tmp_path / "pack.yaml").write_text(f"{HEAD}prices:\n{lists}\n")
    rows = "".join(f"{sku},1.00\n" for sku in MANY)
    (tmp_path / "first.csv").write_text(f"sku,price\n{rows}")
    (tmp_path / "second.csv").write_text(f"sku,price\n{rows.replace('S', 'T')}")

    apart = load_pack(read_pack(tmp_path))
    (tmp_path / "second.csv").write_text(f"sku,price\n{rows.replace('S', 'T')}S00001,2.00\n")
    with pytest.raises(PackError) as caught:
        read_pack(tmp_path)

    found = [(rule.rates or {}).get("T00002") for rule in apart.prices.rules]
    assert found == [None, 10_000]
    assert "neither wins" in str(caught.value)


def test_a_pack_loaded_sparingly_decides_alike() -> None:
    packed = _packed()
    skus = ("S00007", "S02999", "S03000")
    setting = Setting(products={sku: product(sku) for sku in skus})
    order = setting.order(*((sku, 3) for sku in skus))

    decided = [
        evaluate(order, setting.facts(), Counters(), pack)
        for pack in (load_pack(packed), load_pack(packed, sparing=True))
    ]

    assert isinstance(load_pack(packed, sparing=True).prices.rules[0].rates, Rates)
    assert decided[0].result_hash == decided[1].result_hash
    assert decided[0].totals == decided[1].totals
    assert [line.gross for line in decided[1].lines] == [3 * 100, 3 * 130, 0]


SCHEMES = """
schemes:
  - {id: TEN, when: {sku: S00007}, free: {every: 3, give: 1, item: same}}
  - {id: OFF, when: {sku: [S00007, S02999]}, funder: Maker, slabs: [{from: 3, percent: 10}]}
  - id: BILL
    text: {en: Large orders, hi: बड़े ऑर्डर}
    stage: order
    slabs: [{from: 1.00, percent: 1}]
case_products: {S00007: {}}
tests:
  - {name: ten, on: 2026-04-01, lines: [{sku: S00007, qty: 3}], expect: {free: {S00007: 1}}}
"""


def test_schemes_and_cases_that_are_read_one_by_one_are_those_of_the_whole_text() -> None:
    packed = read_text(_rules() + SCHEMES)
    setting = Setting(products={sku: product(sku) for sku in ("S00007", "S02999")})
    order = setting.order(("S00007", 3), ("S02999", 3))

    whole, spared = load_pack(packed), load_pack(packed, sparing=True)

    assert isinstance(spared.cases, Parsed)
    assert list(spared.cases) == list(whole.cases)
    assert [spared.cases[0], *spared.cases[1:]] == list(whole.cases)
    assert run_cases(spared) == ()
    assert spared.funders == whole.funders
    assert spared.names("hi") == whole.names("hi") == {"BILL": "बड़े ऑर्डर"}
    results = [evaluate(order, setting.facts(), Counters(), pack) for pack in (whole, spared)]
    assert results[0].result_hash == results[1].result_hash
    assert results[0].trace == results[1].trace


def test_a_pack_that_is_written_with_blanks_is_read_as_well() -> None:
    blanks = json.dumps(json.loads(read_text(_rules() + SCHEMES)), indent=1).encode()

    assert [one.id for one in load_pack(blanks, sparing=True).line_schemes.rules] == ["OFF"]


def test_a_price_that_takes_more_than_four_bytes_keeps_its_worth() -> None:
    dear = {**MANY, "S02000": 2**32, "S02500": 10**17}

    _, lists = cut_long_lists(json.dumps({"a": 1, "rates": dear}, separators=(",", ":")).encode())

    assert {sku: lists[0].get(sku) for sku in dear} == dear


@pytest.mark.parametrize(
    "document",
    [
        {"rates": dict(list(MANY.items())[:10])},  # short
        {"rates": dict(reversed(MANY.items()))},  # not sorted: written by another hand
        {"rates": {**MANY, "T": "7"}},  # no prices
        {"rates": {**MANY, 'T"': 7}},  # a SKU that is written with an escape
        {"name": ',"rates":{"A":1}', "x": 1},
    ],
    ids=["short", "unsorted", "text", "escaped", "in a name"],
)
def test_what_is_no_long_list_stays_as_it_is(document: dict[str, Any]) -> None:
    text = json.dumps(document, separators=(",", ":"))

    assert cut_long_lists(text.encode()) == (text, [])
