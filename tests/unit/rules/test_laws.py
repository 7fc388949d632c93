"""Laws that hold for every order, and a slow reference that must agree."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Batch, CompiledPack, Credit, Customer, Minor, Quantity, Result, load_pack
from tests.unit.rules.making import TODAY, Setting, packed_of, product

SKUS = [f"S{number}" for number in range(8)]
PRODUCTS = {
    sku: product(sku, category=("food", "odd" if place % 2 else "even"), brand=f"B{place % 3}")
    for place, sku in enumerate(SKUS)
}
LINES = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 400)), min_size=1, max_size=12)
PRICES = st.fixed_dictionaries({sku: st.integers(51, 3_000_000) for sku in SKUS})


@st.composite
def slabs(draw: st.DrawFn, *, money: bool) -> list[dict[str, int]]:
    starts = sorted(draw(st.sets(st.integers(1, 200), min_size=1, max_size=3)))
    made = []
    for start in starts:
        slab = {"from": start * 5_000 if money else start}
        if draw(st.booleans()):
            slab["percent"] = draw(st.integers(1, 1_000_000))
        else:
            slab["amount"] = draw(st.integers(1, 100_000))
        if draw(st.booleans()):
            slab["cap"] = draw(st.integers(1, 50_000))
        made.append(slab)
    return made


@st.composite
def schemes(draw: st.DrawFn) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 4))):
        scheme: dict[str, Any] = {"id": f"L{number}", "kind": "line", "over": "line", "of": "qty"}
        scheme["slabs"] = draw(slabs(money=False))
        if draw(st.booleans()):
            scheme["when"] = {"category": [draw(st.sampled_from(["food/odd", "food", "tea"]))]}
        if draw(st.booleans()):
            scheme["group"] = "G"
        if draw(st.booleans()):
            scheme["budget"] = draw(st.integers(1, 200_000))
        made.append(scheme)
    if draw(st.booleans()):
        pool = {"id": "P", "kind": "basket", "over": draw(st.sampled_from(["sku", "basket"]))}
        made.append({**pool, "of": "qty", "slabs": draw(slabs(money=False))})
    if draw(st.booleans()):
        order = {"id": "O", "kind": "order", "over": "order", "of": "net"}
        made.append({**order, "slabs": draw(slabs(money=True))})
    if draw(st.booleans()):
        free = {"id": "F", "kind": "free", "over": "sku", "of": "qty"}
        made.append({**free, "every": draw(st.integers(1, 20)), "give": 1, "max": 30})
    if draw(st.booleans()):
        inside = {"id": "I", "kind": "free", "over": draw(st.sampled_from(["sku", "basket"]))}
        every = {"every": draw(st.integers(1, 5)), "give": 1, "cheapest": 1, "inside": 1}
        made.append({**inside, **every, "of": "qty"})
    if draw(st.booleans()):
        parts = [
            {"when": {"category": ["food/odd"]}, "qty": draw(st.integers(1, 9))},
            {"when": {"category": ["food"]}, "qty": draw(st.integers(1, 9))},
        ]
        made.append({"id": "C", "kind": "combo", "parts": parts, "percent": 300_000})
    return made


@st.composite
def packs(draw: st.DrawFn) -> CompiledPack:
    return load_pack(
        packed_of(
            prices=[{"id": "BASE", "level": "default", "rates": draw(PRICES)}],
            schemes=draw(schemes()),
            taxes=[{"id": "T", "heads": [["CGST", 25_000], ["SGST", 25_000]]}],
            tax=draw(st.sampled_from(["exclusive", "inclusive"])),
            round_to=draw(st.sampled_from([1, 5, 100])),
        )
    )


SETTING = Setting(products=PRODUCTS)


def _amounts(result: Result) -> list[tuple[Any, ...]]:
    return sorted(
        (line.sku, line.quantity, line.gross, line.line_discount, line.order_discount, line.tax)
        for line in result.lines
    )


@given(packs(), LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing_but_their_numbers(
    pack: CompiledPack, lines: list[tuple[str, int]], random: Any
) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)

    one = SETTING.decide_with(pack, *lines)
    other = SETTING.decide_with(pack, *shuffled)

    assert one.totals == other.totals
    assert _amounts(one) == _amounts(other)
    assert [(g.sku, g.earned) for g in one.free] == [(g.sku, g.earned) for g in other.free]
    assert one.changes == other.changes


@given(packs(), LINES)
def test_no_amount_is_negative_and_all_add_up(
    pack: CompiledPack, lines: list[tuple[str, int]]
) -> None:
    result = SETTING.decide_with(pack, *lines)

    for line in result.lines:
        assert min(line.gross, line.line_discount, line.order_discount, line.net, line.tax) >= 0
        assert line.gross - line.line_discount - line.order_discount == line.net
        assert line.net + line.tax == line.total
        assert sum(part.amount for part in line.taxes) == line.tax
    totals = result.totals
    assert totals.net == sum(line.net for line in result.lines)
    assert totals.gross - totals.discount == totals.net
    assert totals.net + totals.tax + totals.round_off == totals.payable


@given(PRICES, schemes(), LINES, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_rules_nor_one_that_does_not_match_changes_anything(
    prices: dict[str, int], rules: list[dict[str, Any]], lines: list[tuple[str, int]], random: Any
) -> None:
    base = [{"id": "BASE", "level": "default", "rates": prices}]
    strangers: list[dict[str, Any]] = [
        {"id": "A0", "when": {"customer.type": ["kiosk"]}},
        {"id": "ZZ", "when": {"brand": ["B9"]}},
        {"id": "M", "not": {"category": ["food"]}},
        {"id": "N", "to": "2026-03-31"},
    ]
    idle = {"kind": "line", "over": "line", "of": "qty", "slabs": [{"from": 1, "percent": 9}]}
    more = [*rules, *({**idle, **one} for one in strangers)]
    random.shuffle(more)

    one = SETTING.decide_with(load_pack(packed_of(prices=base, schemes=rules)), *lines)
    other = SETTING.decide_with(load_pack(packed_of(prices=base, schemes=more)), *lines)

    assert one == other


def _half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _slab_discount(scheme: dict[str, Any], count: int, base: int) -> int:
    reached = [slab for slab in scheme["slabs"] if slab["from"] <= count]
    if not reached:
        return 0
    slab = reached[-1]
    amount: int
    if "percent" in slab:
        amount = _half_up(Decimal(base) * slab["percent"] / 1_000_000)
    else:
        amount = slab["amount"]
    cap: int = slab.get("cap", amount)
    return min(amount, cap, base)


def _reference(
    prices: dict[str, int], scheme: dict[str, Any], order: dict[str, Any], line: tuple[str, int]
) -> int:
    """Price an order of one line with Decimal, straight from the definitions."""
    gross = _half_up(Decimal(prices[line[0]]) * line[1] / 100)
    net = gross - _slab_discount(scheme, line[1], gross)
    net -= _slab_discount(order, net, net)
    tax = 2 * _half_up(Decimal(net) * 90_000 / 1_000_000)
    return _half_up(Decimal(net + tax) / 100) * 100


@given(PRICES, slabs(money=False), slabs(money=True), st.sampled_from(SKUS), st.integers(1, 10**7))
def test_a_reference_in_decimal_agrees(
    prices: dict[str, int],
    line_slabs: list[dict[str, int]],
    order_slabs: list[dict[str, int]],
    sku: str,
    quantity: int,
) -> None:
    scheme = {"id": "L", "kind": "line", "over": "line", "of": "qty", "slabs": line_slabs}
    order = {"id": "O", "kind": "order", "over": "order", "of": "net", "slabs": order_slabs}
    pack = load_pack(
        packed_of(
            prices=[{"id": "BASE", "level": "default", "rates": prices}],
            schemes=[scheme, order],
            taxes=[{"id": "T", "heads": [["CGST", 90_000], ["SGST", 90_000]]}],
            round_to=100,
        )
    )

    result = SETTING.decide_with(pack, (sku, quantity))

    assert result.totals.payable == _reference(prices, scheme, order, (sku, quantity))


BATCHES = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(0, 300), st.none() | st.integers(-5, 30)),
    max_size=20,
)


@st.composite
def stock(draw: st.DrawFn) -> tuple[Batch, ...]:
    return tuple(
        Batch(
            id=f"B{number}",
            sku=sku,
            warehouse=draw(st.sampled_from(["W1", "W2"])),
            available=Quantity(available),
            received=date(2026, 1, 1),
            expiry=None if life is None else TODAY + timedelta(days=life),
        )
        for number, (sku, available, life) in enumerate(draw(BATCHES))
    )


ALLOCATION = st.fixed_dictionaries(
    {
        "id": st.just("AL"),
        "pick": st.sampled_from(["fefo", "fifo", "lifo"]),
        "min_life_days": st.just(2),
        "split": st.integers(0, 1),
        "short": st.sampled_from(["cut", "backorder"]),
    }
)


@settings(max_examples=200)
@given(packs(), LINES, stock(), ALLOCATION, st.integers(0, 10**6))
def test_allocation_takes_only_what_may_be_sold_and_accounts_for_every_piece(
    pack: CompiledPack,
    lines: list[tuple[str, int]],
    batches: tuple[Batch, ...],
    rule: dict[str, Any],
    amount: int,
) -> None:
    table = load_pack(packed_of(allocation=[rule])).allocation
    credit = Credit("amount", Minor(amount))
    setting = Setting(products=PRODUCTS, batches=batches, credit=credit)

    result = setting.decide_with(replace(pack, allocation=table), *lines)

    by_id = {batch.id: batch for batch in batches}
    taken: dict[str, int] = {}
    for part in result.allocations:
        taken[part.batch] = taken.get(part.batch, 0) + part.quantity
        expiry = by_id[part.batch].expiry
        assert expiry is None or expiry >= TODAY + timedelta(days=2)
    assert all(count <= by_id[name].available for name, count in taken.items())
    for line in result.lines:
        got = sum(p.quantity for p in result.allocations if p.number == line.number and not p.free)
        missing = sum(s.missing for s in result.shorts if s.number == line.number and not s.free)
        assert got + missing == line.ordered
        assert line.quantity == (got if rule["short"] == "cut" else line.ordered)
    for goods in result.free:
        got = sum(p.quantity for p in result.allocations if p.number == goods.number and p.free)
        missing = sum(s.missing for s in result.shorts if s.number == goods.number and s.free)
        assert got + missing == goods.earned
        assert goods.quantity == (got if rule["short"] == "cut" else goods.earned)


@given(packs(), LINES)
def test_the_same_order_gives_the_same_hashes(
    pack: CompiledPack, lines: list[tuple[str, int]]
) -> None:
    one = SETTING.decide_with(pack, *lines)
    other = SETTING.decide_with(pack, *lines)

    assert (one.price_hash, one.result_hash) == (other.price_hash, other.result_hash)


def test_the_shown_price_does_not_depend_on_credit_or_stock() -> None:
    rates = dict.fromkeys(SKUS, 10_000)
    pack = load_pack(packed_of(prices=[{"id": "BASE", "level": "default", "rates": rates}]))
    hub = Setting(products=PRODUCTS, batches=(), credit=Credit("cash_only"))

    shown = SETTING.decide_with(pack, ("S1", 2))
    decided = hub.decide_with(pack, ("S1", 2))

    assert shown.price_hash == decided.price_hash
    assert (shown.outcome, decided.outcome) == ("accept", "reject")


def test_the_customers_name_is_no_part_of_the_shown_price() -> None:
    rates = dict.fromkeys(SKUS, 10_000)
    pack = load_pack(packed_of(prices=[{"id": "BASE", "level": "default", "rates": rates}]))

    one = SETTING.decide_with(pack, ("S1", 2))
    other = Setting(products=PRODUCTS, customer=Customer("C2")).decide_with(pack, ("S1", 2))

    assert one.price_hash == other.price_hash
