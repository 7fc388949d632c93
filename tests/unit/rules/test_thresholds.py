"""What value slabs count: before or after the schemes that came earlier; and who funds a scheme."""

import pytest

from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, pack_of, words_of

LINE = "  - {id: L, slabs: [{from: 1, percent: 10}]}\n"


@pytest.mark.parametrize(
    ("count", "pieces", "discount"),
    [
        ("", 10, 1000),
        ("", 11, 1100 + 198),
        ("count: {of: net}, ", 11, 1100 + 198),
        ("count: {of: gross}, ", 9, 900),
        ("count: {of: gross}, ", 10, 1000 + 180),
    ],
)
def test_an_order_counts_what_is_left_unless_it_counts_gross(
    count: str, pieces: int, discount: int
) -> None:
    order = f"  - {{id: O, stage: order, {count}slabs: [{{from: 95.00, percent: 2}}]}}"
    rules = f"{BASE}schemes:\n{LINE}{order}"

    result = Setting(rules).decide(("A", pieces))

    assert result.totals.discount == discount


@pytest.mark.parametrize(
    ("of", "pieces", "discount"),
    [("gross", 9, 900), ("gross", 10, 1000 + 200), ("net", 11, 1100), ("net", 12, 1200 + 240)],
)
def test_a_basket_counts_gross_or_what_its_lines_have_left(
    of: str, pieces: int, discount: int
) -> None:
    basket = (
        f"  - {{id: B, count: {{over: basket, of: {of}}}, slabs: [{{from: 100.00, percent: 2}}]}}"
    )
    rules = f"{BASE}schemes:\n{LINE}{basket}"

    result = Setting(rules).decide(("A", pieces))

    assert result.totals.discount == discount


def test_what_is_missing_is_told_in_what_is_counted() -> None:
    order = "  - {id: O, stage: order, count: {of: gross}, slabs: [{from: 100.00, percent: 2}]}"

    result = Setting(f"{BASE}schemes:\n{LINE}{order}").decide(("A", 9))

    assert [words_of(miss) for miss in result.near_misses] == ["10.00 more and you get 2 % off"]


def test_a_line_has_no_net_before_its_schemes() -> None:
    rules = "schemes: [{id: V, count: {of: net}, slabs: [{from: 100.00, percent: 1}]}]"

    assert faults_of(HEAD + rules)[0].endswith(
        "a line's net is known after its schemes: count 'gross'"
    )


def test_who_funds_a_scheme_can_be_read_from_the_pack() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: OURS, slabs: [{from: 1, percent: 1}]}
  - {id: THEIRS, funder: ACME, free: {every: 1, give: 1, item: same}}
"""
    )

    assert pack_of(rules).funders == {"THEIRS": "ACME"}


@pytest.mark.parametrize(
    ("funder", "fault"), [("''", "'funder' is a word"), ("'  '", "'funder' is blank")]
)
def test_a_funder_without_a_name_is_refused(funder: str, fault: str) -> None:
    found = faults_of(f"schemes: [{{id: S, funder: {funder}, slabs: [{{from: 1, percent: 1}}]}}]")

    assert any(fault in one for one in found)
