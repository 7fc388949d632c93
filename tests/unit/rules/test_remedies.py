"""Faults that say what would be right: the bound, the sign, the fact that is meant."""

from pathlib import Path

import pytest

from rules.language import PackError, read_pack
from tests.unit.rules.making import BASE, HEAD, faults_of


def _scheme(rest: str) -> str:
    return f"{HEAD}{BASE}schemes: [{{id: S, {rest}}}]\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (_scheme("slabs: [{from: 1, percent: 140}]"), "140 is above 100"),
        (_scheme("slabs: [{from: 0, percent: 1}]"), "0 is below 1"),
        (_scheme("slabs: [{from: 1, amount: 10,50}]"), "not a comma: write 10.50"),
        (_scheme("slabs: [{from: 1, percent: 1, cap: 1,500.00}]"), "commas: write 1500.00"),
        (_scheme("slabs: [{from: 1, percent: 1, cap: 1,50,000}]"), "a number has no commas"),
        (_scheme("count: {over: sku}, free: {every: 9.5, give: 1, item: same}"), "no whole number"),
        (_scheme("percent: 1, alone: yes"), "one of true, false; did you mean 'true'?"),
        (_scheme("stage: order, percent: 1, if: order.payment == cash"), "in quotes: 'cash'"),
        (_scheme("stage: order, percent: 1, if: order.payment == 'cash"), "is not closed"),
        (
            f"{HEAD}{BASE}schemes:\n  - id: S\n    stage:\u00a0order\n    percent: 1\n",
            "type it anew",
        ),
        (_scheme("slabs: [{from: 1, amount: '10,50'}]"), "such as 12 or 12.50: write 10.50"),
        (
            _scheme("slabs: [{from: 1, percent: 2%}]"),
            "'2%' is not a number such as 12 or 12.50: write",
        ),
        (_scheme("slabs: [{from: 1, amount: '1,200.50'}]"), "write 1200.50"),
        (_scheme("slabs: [{from: 1, amount: ₹20}]"), "write 20"),
        (
            _scheme("if: line.quantity = 5, slabs: []"),
            "has no meaning in an expression: write ==",
        ),
        (_scheme("if: line.quantity > 5 && line.gross > 1, slabs: []"), "write and"),
        (_scheme("if: 'line.quantity > 5 || line.gross > 1', slabs: []"), "write or"),
        (_scheme("if: '!(line.quantity > 5)', slabs: []"), "write not, or != to compare"),
        (_scheme("if: line.quantity <> 5, slabs: []"), "write !="),
        (_scheme("if: line.quantity > 5 AND line.gross > 1, slabs: []"), "write 'and'"),
        (_scheme("if: line.net > 5, slabs: []"), "'line.gross' (before discounts)"),
        (_scheme("if: shop.size > 5, slabs: []"), "there are customer.id, customer.type"),
        (
            _scheme("stage: order, if: order.total > 5, slabs: []"),
            "'order.gross' (before discounts) or 'order.net' (after the discounts so far)",
        ),
        (
            f"{HEAD}{BASE}schemes:\n\t- {{id: S}}\n",
            "pack.yaml:4:1: not YAML: a tab in front of the line",
        ),
        (f"{HEAD}{BASE}schemes: [{{id: @S}}]\n", "'@' begins no word: put it in quotes"),
        (
            f"{HEAD}{BASE}schemes:\n  - {{id: S, percent: 10\n  - {{id: T, percent: 1}}\n",
            "what begins in line 4 is not closed: '}' or ',' is missing before this",
        ),
        (_scheme("when: {sku: [A, B}, percent: 1"), "']' or ',' is missing before this"),
        (
            f"{HEAD}{BASE}schemes:\n  - id: S\n    text: Diwali: offer\n    percent: 1\n",
            "5:17: not YAML: a second ':' in one value: put the value in quotes",
        ),
        (
            f"{HEAD}{BASE}schemes:\n  - id: S\n    when: {{sku: A}}\n   percent: 10\n",
            "6:4: not YAML: is indented otherwise than line 4, which begins in column 3",
        ),
        (_scheme("text: {xx: Diwali}, percent: 1"), "unknown key 'xx': the languages are en, hi"),
        (_scheme("when: {sku: A}"), "needs one of 'percent', 'slabs', 'free', 'combo'"),
        (
            _scheme("percent: 10, slabs: [{from: 1, percent: 2}]"),
            "it stands in place of 'slabs', keep one of them",
        ),
        (_scheme("when: {sku: []}, percent: 1"), "'sku' is empty: the rule would never match"),
        (_scheme("when: {type: kiosk}, percent: 1"), "did you mean 'customer.type'?"),
        (_scheme("percent: 1, budget: 5000"), "a mapping such as {amount: 5000.00}"),
        (_scheme("percent: 1, limit: 5"), "a mapping such as {total: 100}"),
        (_scheme("when: A, percent: 1"), "a mapping such as {brand: A}"),
        (f"{HEAD}{BASE}schemes: [{{id:S, percent: 1}}]\n", "'id:S': write 'id: S', with a space"),
        (_scheme("valid: {from: 01-04-2026}, percent: 1"), "the year first, then month and day"),
        (_scheme("valid: {from: 2026-02-30}, percent: 1"), "there is no day 2026-02-30"),
        (
            _scheme("slabs: [{from: 1, to: 10, percent: 1}, {from: 5, percent: 2}]"),
            "slabs overlap: this one starts before the one before it ends",
        ),
        (
            _scheme(
                "free: {item: same, tiers: [{from: 9, every: 9, give: 1}, {from: 9, every: 9}]}"
            ),
            "tiers rise: this one starts no later than the one before",
        ),
        (_scheme("percent: 1, if: line.quantity > 'ten'"), "or both are words ('cash')"),
        (
            f"{HEAD}credit: [{{id: C, if: customer.overdue > 1, then: approve}}]\n",
            "'route' is missing: the approval that 'approve' asks for",
        ),
        (
            (
                f"{HEAD}credit: [{{id: C, when: {{customer: X}}, then: approve, route: DESKK}}]\n"
                "approvals: [{id: DESK, levels: [{role: head}]}]\n"
            ),
            "'C' names the unknown approval 'DESKK'; did you mean 'DESK'?",
        ),
        (
            f"{HEAD}approvals: [{{id: D, levels: [{{role: a, up_to: 5.00}}]}}]\n",
            "the last level takes no 'up_to': nobody could release more",
        ),
        (
            (
                f"{HEAD}approvals: [{{id: D, levels: [{{role: a, up_to: 5.00}},"
                " {role: b, up_to: 3.00}, {role: c}]}]\n"
            ),
            "levels rise: this one ends no later than the one before",
        ),
    ],
)
def test_a_fault_says_what_would_be_right(text: str, fault: str) -> None:
    assert any(fault in one for one in faults_of(text)), faults_of(text)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("TEA,", "p.csv:2:5: 'TEA' has no price: write it, or leave the row out"),
        (
            "TEA,8901234567890",
            "p.csv:2:5: the price of 'TEA', 8901234567890, is above 100000000000",
        ),
        ("TEA,0", "p.csv:2:5: the price of 'TEA' is not above zero"),
    ],
)
def test_a_cell_without_a_price_says_what_is_wrong_with_it(
    tmp_path: Path, row: str, fault: str
) -> None:
    (tmp_path / "pack.yaml").write_text(f"{HEAD}prices: [{{id: L, level: default, csv: p.csv}}]\n")
    (tmp_path / "p.csv").write_text(f"sku,price\n{row}\n")

    with pytest.raises(PackError) as refused:
        read_pack(tmp_path)

    assert refused.value.faults == (fault,)


@pytest.mark.parametrize(
    "spoilt",
    ["schemes:\n  - {id: S, percent: 1\n", "scheme:\n  - {id: S, percent: 1}\n"],
    ids=["one bracket too few", "a section that there is not"],
)
def test_rules_that_could_not_be_read_are_not_told_as_missing_elsewhere(
    tmp_path: Path, spoilt: str
) -> None:
    (tmp_path / "pack.yaml").write_text(f"{HEAD}{BASE}")
    (tmp_path / "schemes.yaml").write_text(spoilt)
    (tmp_path / "tests.yaml").write_text(
        "groups: [{name: G, pick: priority}]\n"
        "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], products: {A: {}},"
        " expect: {applied: [S]}}]\n"
    )

    with pytest.raises(PackError) as refused:
        read_pack(tmp_path)

    assert len(refused.value.faults) == 1, refused.value.faults


def test_a_csv_file_that_is_not_utf_8_is_told_at_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(f"{HEAD}prices: [{{id: L, level: default, csv: p.csv}}]\n")
    (tmp_path / "p.csv").write_bytes(b"sku,price\nTEA,1\nCAF\xc9,10.00\n")

    with pytest.raises(PackError) as refused:
        read_pack(tmp_path)

    assert refused.value.faults == ("p.csv:3:1: not UTF-8: save the file with that encoding",)
