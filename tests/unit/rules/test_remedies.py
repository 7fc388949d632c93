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
    ],
)
def test_a_fault_says_what_would_be_right(text: str, fault: str) -> None:
    assert any(fault in one for one in faults_of(text)), faults_of(text)


def test_a_csv_file_that_is_not_utf_8_is_told_at_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(f"{HEAD}prices: [{{id: L, level: default, csv: p.csv}}]\n")
    (tmp_path / "p.csv").write_bytes(b"sku,price\nTEA,1\nCAF\xc9,10.00\n")

    with pytest.raises(PackError) as refused:
        read_pack(tmp_path)

    assert refused.value.faults == ("p.csv:3:1: not UTF-8: save the file with that encoding",)
