"""Laws of returns that hold for every sale: what is paid comes back, by whatever way it comes."""

from hypothesis import given
from hypothesis import strategies as st

from rules import CompiledPack, Quantity, Return, Sale, evaluate, load_pack, settle_return
from rules.engine.returns import ReturnedLine
from tests.unit.rules.making import packed_of
from tests.unit.rules.test_laws import LINES, PRICES, SETTING, schemes

TAXES = [
    {
        "id": "ODD",
        "when": {"category": ["food/odd"]},
        "heads": [["CGST", 90_000], ["SGST", 90_000]],
    },
    {"id": "REST", "heads": [["CGST", 25_000], ["SGST", 25_000]]},
]


@st.composite
def packs(draw: st.DrawFn) -> CompiledPack:
    rules = draw(schemes())
    for rule in rules:
        rule.setdefault("limit_total", 5)
    return load_pack(
        packed_of(
            prices=[{"id": "BASE", "level": "default", "rates": draw(PRICES)}],
            schemes=rules,
            taxes=TAXES,
            tax=draw(st.sampled_from(["exclusive", "inclusive"])),
            round_to=draw(st.sampled_from([1, 5, 100])),
            returns={
                "discounts": draw(st.sampled_from(["recompute", "keep"])),
                "free_goods": draw(st.sampled_from(["take_back", "charge"])),
            },
        )
    )


@st.composite
def returns(draw: st.DrawFn) -> tuple[CompiledPack, Sale, list[Return]]:
    """Draw a sale, and two returns of it that are together no more than was sold."""
    pack = draw(packs())
    sale = Sale(SETTING.order(*draw(LINES)), SETTING.facts())
    result = evaluate(sale.order, sale.facts, sale.counters, pack)
    parts: list[tuple[dict[int, Quantity], dict[int, Quantity]]] = [({}, {}), ({}, {})]
    lines = [(0, line.number, line.quantity) for line in result.lines]
    for kind, number, count in [*lines, *((1, one.number, one.quantity) for one in result.free)]:
        first = draw(st.integers(0, count))
        parts[0][kind][number] = Quantity(first)
        parts[1][kind][number] = Quantity(draw(st.integers(0, count - first)))
    return pack, sale, [Return(*part) for part in parts]


def _together(one: Return, other: Return) -> Return:
    return Return(
        {number: Quantity(count + other.lines[number]) for number, count in one.lines.items()},
        {number: Quantity(count + other.free[number]) for number, count in one.free.items()},
    )


def _sums(rows: tuple[ReturnedLine, ...]) -> dict[int, list[int]]:
    return {row.number: [*row[2:6], row.net, row.tax, row.total] for row in rows}


@given(returns())
def test_two_returns_credit_what_one_would(drawn: tuple[CompiledPack, Sale, list[Return]]) -> None:
    pack, sale, (one, other) = drawn

    first = settle_return(sale, one, pack)
    second = settle_return(sale, other, pack, before=one)
    both = settle_return(sale, _together(one, other), pack)

    assert second.owed == both.owed
    for a, b, c in zip(first.totals, second.totals, both.totals, strict=True):
        assert a + b == c
    lines = [_sums(settled.lines) for settled in (first, second, both)]
    for number in {*lines[0], *lines[1], *lines[2]}:
        parts = [line.get(number, [0] * 7) for line in lines]
        assert [a + b for a, b in zip(parts[0], parts[1], strict=True)] == parts[2]
    spent = {change.rule: int(change.spent) for change in both.changes}
    for change in (*first.changes, *second.changes):
        spent[change.rule] = spent.get(change.rule, 0) - change.spent
    assert not any(spent.values())


@given(returns())
def test_what_is_credited_adds_up(drawn: tuple[CompiledPack, Sale, list[Return]]) -> None:
    pack, sale, (back, _) = drawn

    settled = settle_return(sale, back, pack)

    rows = (*settled.lines, *settled.charges)
    for row in rows:
        assert row.gross - row.line_discount - row.order_discount == row.net
        assert row.net + row.tax == row.total
        assert sum(part.amount for part in row.taxes) == row.tax
    totals = settled.totals
    assert totals.gross == sum(row.gross for row in rows)
    assert totals.net == sum(row.net for row in rows)
    assert totals.tax == sum(row.tax for row in rows)
    assert totals.gross - totals.discount == totals.net
    assert totals.net + totals.tax + totals.round_off == totals.payable
    assert (settled.outcome == "hold") is (totals.payable < 0)


@given(returns())
def test_no_return_credits_more_than_was_paid(
    drawn: tuple[CompiledPack, Sale, list[Return]],
) -> None:
    pack, sale, (back, _) = drawn
    paid = evaluate(sale.order, sale.facts, sale.counters, pack).totals

    settled = settle_return(sale, back, pack)

    assert settled.totals.payable <= paid.payable


@given(returns())
def test_everything_back_is_everything_paid_back(
    drawn: tuple[CompiledPack, Sale, list[Return]],
) -> None:
    pack, sale, (some, _) = drawn
    result = evaluate(sale.order, sale.facts, sale.counters, pack)
    everything = Return(
        {line.number: line.quantity for line in result.lines},
        {goods.number: goods.quantity for goods in result.free},
    )
    rest = Return(
        {
            number: Quantity(count - some.lines[number])
            for number, count in everything.lines.items()
        },
        {number: Quantity(count - some.free[number]) for number, count in everything.free.items()},
    )

    settled = settle_return(sale, everything, pack)
    first, last = settle_return(sale, some, pack), settle_return(sale, rest, pack, before=some)

    assert settled.totals == result.totals
    assert settled.owed == ()
    assert {line.number: line.total for line in settled.lines} == {
        line.number: line.total for line in result.lines
    }
    assert [(one.rule, one.scope, -one.used, -one.spent) for one in settled.changes] == [
        tuple(one)[:4] for one in sorted(result.changes)
    ]
    assert first.totals.payable + last.totals.payable == result.totals.payable


@given(returns())
def test_nothing_back_is_nothing_credited(
    drawn: tuple[CompiledPack, Sale, list[Return]],
) -> None:
    pack, sale, _ = drawn

    settled = settle_return(sale, Return(), pack)

    assert (settled.outcome, settled.lines, settled.owed) == ("accept", (), ())
    assert (settled.totals.payable, settled.changes) == (0, ())
