"""Heads of a tax: each rounded by itself, in prices with and without tax, and by the unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import PricedLine, Quantity, Return, ReturnedLine, Sale, settle_return
from tests.unit.rules.making import HEAD, Setting, faults_of, pack_of

INCLUSIVE = HEAD.replace("scale: 2", "scale: 2, tax: inclusive")
HALVES = "taxes: [{id: GST, heads: {CGST: %s, SGST: %s}}]\n"


def _prices(price: str) -> str:
    return f"prices: [{{id: BASE, level: default, rates: {{A: {price}, B: 7.77}}}}]\n"


def _heads(line: PricedLine | ReturnedLine) -> dict[str, int]:
    return {part.head: part.amount for part in line.taxes}


@pytest.mark.parametrize(
    ("price", "half", "each"),
    [("10.10", "2.5", 25), ("9.92", "6", 60), ("18.95", "9", 171), ("10.20", "2.5", 26)],
)
def test_both_halves_of_a_tax_are_the_same_share_of_the_taxable_value(
    price: str, half: str, each: int
) -> None:
    line = Setting(_prices(price) + HALVES % (half, half)).decide(("A", 1)).lines[0]

    assert _heads(line) == {"CGST": each, "SGST": each}
    assert (line.tax, line.total) == (2 * each, line.net + 2 * each)


@pytest.mark.parametrize(
    ("paid", "half", "each", "net"),
    [("10.00", "9", 76, 848), ("118.00", "9", 900, 10_000), ("0.03", "50", 1, 1)],
)
def test_of_prices_with_tax_net_is_what_is_paid_less_the_heads(
    paid: str, half: str, each: int, net: int
) -> None:
    rules = _prices(paid) + HALVES % (half, half)

    line = Setting(rules, head=INCLUSIVE).decide(("A", 1)).lines[0]

    assert _heads(line) == {"CGST": each, "SGST": each}
    assert (line.net, line.gross, line.total) == (net, net, net + 2 * each)


CESS = "taxes: [{id: TOB, heads: {CGST: 14, CESS: {amount: 4.17}, SGST: 14}}]\n"


def test_a_head_by_the_unit_is_so_much_for_each_base_unit() -> None:
    line = Setting(_prices("10.00") + CESS).decide(("A", 3)).lines[0]

    assert _heads(line) == {"CGST": 420, "CESS": 1_251, "SGST": 420}
    assert [part.per_unit for part in line.taxes] == [None, 41_700, None]
    assert line.total == 3_000 + 2 * 420 + 1_251


def test_a_head_by_the_unit_comes_off_a_price_with_tax_before_the_shares() -> None:
    line = Setting(_prices("16.97") + CESS, head=INCLUSIVE).decide(("A", 1)).lines[0]

    assert _heads(line) == {"CGST": 140, "CESS": 417, "SGST": 140}
    assert (line.net, line.total) == (1_000, 1_697)


def test_a_head_by_the_unit_is_never_more_than_is_paid_with_tax() -> None:
    rules = _prices("5.00") + CESS + "schemes: [{id: S, slabs: [{from: 1, percent: 50}]}]\n"

    line = Setting(rules, head=INCLUSIVE).decide(("A", 1)).lines[0]

    assert _heads(line) == {"CGST": 0, "CESS": 250, "SGST": 0}
    assert (line.net, line.line_discount, line.total) == (0, 195, 250)


def test_the_trace_names_the_share_and_the_amount() -> None:
    result = Setting(_prices("10.00") + CESS).decide(("A", 1))

    taxed = next(step for step in result.trace if step.code == "taxed")
    assert taxed.params["tax"] == "TOB 28 % + 4.17"


@pytest.mark.parametrize(
    ("heads", "fault"),
    [
        ("{CESS: {amount: -1}}", "is below 0.0001"),
        ("{CESS: {amount: 0}}", "is below 0.0001"),
        ("{CESS: {}}", "'amount' is missing"),
        ("{CESS: {amount: 1, per: CASE}}", "unknown key 'per'"),
        ("{CESS: [1]}", "'CESS' is a percentage, or {amount: 4.17} for each base unit"),
        ("{}", "there is no head"),
    ],
)
def test_a_head_that_is_neither_share_nor_amount_is_a_fault(heads: str, fault: str) -> None:
    faults = faults_of(f"{HEAD}{_prices('1.00')}taxes: [{{id: T, heads: {heads}}}]\n")

    assert fault in faults[0]


LINE = st.tuples(st.sampled_from(["A", "B"]), st.integers(1, 500))


@given(
    lines=st.lists(LINE, min_size=1, max_size=6),
    price=st.integers(1, 5_000_000),
    half=st.integers(1, 500_000),
    off=st.integers(0, 1_000_000),
    inclusive=st.booleans(),
    back=st.integers(1, 500),
)
def test_heads_are_equal_and_add_up_on_every_line_sum_and_return(
    lines: list[tuple[str, int]], price: int, half: int, off: int, back: int, *, inclusive: bool
) -> None:
    rate = f"{half / 10_000:.4f}"
    rules = (
        _prices(f"{price / 10_000:.4f}")
        + HALVES % (rate, rate)
        + f"schemes: [{{id: S, slabs: [{{from: 2, percent: {max(off, 1) / 10_000:.4f}}}]}},"
        + " {id: O, stage: order, slabs: [{from: 10.00, percent: 3}]}]\n"
    )
    head = (INCLUSIVE if inclusive else HEAD).replace("scale: 2", "scale: 2, round_to: 1.00")
    setting = Setting(rules, head=head)
    pack = pack_of(rules, head=head)

    result = setting.decide_with(pack, *lines)
    sale = Sale(setting.order(*lines), setting.facts(), setting.counters)
    settled = settle_return(sale, Return({1: Quantity(min(back, lines[0][1]))}), pack)

    both: list[PricedLine | ReturnedLine] = [*result.lines, *settled.lines]
    for line in both:
        heads = _heads(line)
        assert heads.get("CGST") == heads.get("SGST")
        assert sum(heads.values()) == line.tax
        assert line.net + line.tax == line.total
        assert line.gross - line.line_discount - line.order_discount == line.net
    for sold in result.lines:
        assert min(sold.line_discount, sold.order_discount, sold.net) >= 0
    totals = result.totals
    assert totals.net + totals.tax + totals.round_off == totals.payable
