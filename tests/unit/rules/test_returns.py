"""Returns: the prices of the sale, what is earned by what is kept, and what has to come back."""

from dataclasses import replace

import pytest

from rules import (
    CompiledPack,
    Minor,
    OrderLine,
    PricedLine,
    Quantity,
    Result,
    Return,
    ReturnResult,
    Sale,
    UnitPrice,
    evaluate,
    load_pack,
    settle_return,
)
from rules.engine.returns import OwedGoods
from tests.unit.rules.making import (
    HEAD,
    Setting,
    batch,
    faults_of,
    had,
    limit,
    pack_of,
    packed_of,
    product,
    words_of,
)

RULES = """
prices: [{id: BASE, level: default, rates: {A: 10.00, B: 40.00, C: 3.33, D: 5.00}}]
schemes:
  - {id: VOL, when: {sku: B}, slabs: [{from: 10, percent: 10}, {from: 100, percent: 20}]}
  - {id: FREE, when: {sku: A}, free: {every: 10, give: 1, item: same}, budget: {amount: 100.00}}
  - {id: GIFT, when: {sku: C}, free: {every: 10, give: 1, item: D}}
  - {id: BILL, stage: order, slabs: [{from: 1000.00, amount: 50.00}], limit: {total: 9}}
"""
NONE = Return()


def _pack(rules: str = RULES, **terms: str) -> CompiledPack:
    returns = ", ".join(f"{key}: {way}" for key, way in terms.items())
    return pack_of(rules, head=HEAD.replace("}", f", returns: {{{returns}}}}}"))


def _sale(*lines: tuple[str, int], setting: Setting | None = None) -> Sale:
    products = {sku: product(sku) for sku in "ABCD"}
    made = setting or Setting(products=products)
    return Sale(made.order(*lines), made.facts(), made.counters)


def _decide(sale: Sale, pack: CompiledPack) -> Result:
    return evaluate(sale.order, sale.facts, sale.counters, pack)


def _back(**numbers: int) -> Return:
    """Say what comes back: `line_1`, `free_1` and `charged_1` are numbers of the sale."""
    kinds: dict[str, dict[int, Quantity]] = {"line": {}, "free": {}, "charged": {}}
    for name, count in numbers.items():
        kind, number = name.split("_")
        kinds[kind][int(number)] = Quantity(count)
    return Return(kinds["line"], kinds["free"], kinds["charged"])


def _codes(settled: ReturnResult) -> list[str]:
    return [reason.code for reason in settled.reasons]


@pytest.mark.parametrize(
    ("back", "credit"),
    [
        # 432.00 for twelve: two leave ten with their discount, three leave nine without it.
        (0, 0),
        (1, 3600),
        (2, 7200),
        (3, 7200),
        (4, 11200),
        (11, 39200),
        (12, 43200),
    ],
)
def test_a_discount_is_earned_anew_by_what_is_kept(back: int, credit: int) -> None:
    settled = settle_return(_sale(("B", 12)), _back(line_1=back), _pack())

    assert (settled.outcome, settled.totals.payable) == ("accept", credit)


def test_a_return_says_line_by_line_what_is_credited() -> None:
    rules = RULES + "taxes: [{id: GST, heads: {CGST: 2.5, SGST: 2.5}}]\n"

    settled = settle_return(_sale(("B", 12), ("C", 3)), _back(line_1=3, line_2=1), _pack(rules))

    first, second = settled.lines
    assert (first.number, first.sku, first.quantity) == (1, "B", 3)
    assert (first.gross, first.line_discount, first.net) == (12_000, 4_800, 7_200)
    assert (first.tax, first.total) == (360, 7_560)
    assert [(part.head, part.amount) for part in first.taxes] == [("CGST", 180), ("SGST", 180)]
    assert (second.gross, second.tax, second.total) == (333, 16, 349)
    assert settled.totals.payable == 7_909


def test_a_line_that_stays_loses_its_share_of_a_discount_of_the_order() -> None:
    settled = settle_return(_sale(("A", 70), ("C", 100)), _back(line_1=7), _pack())

    stays = settled.lines[1]
    assert (stays.number, stays.quantity, stays.gross) == (2, 0, 0)
    assert (stays.order_discount, stays.total) == (1_612, -1_612)
    assert settled.totals.payable == 7_000 - 5_000


def test_a_return_that_costs_more_than_it_brings_is_for_a_person() -> None:
    settled = settle_return(_sale(("B", 100)), _back(line_1=1), _pack())

    assert (settled.outcome, _codes(settled)) == ("hold", ["return_costs"])
    assert settled.totals.payable == -36_400
    assert words_of(settled.reasons[0]) == "what is kept earns less: 364.00 is to pay"


def test_what_was_paid_on_top_comes_back_with_the_rest() -> None:
    pack, sale = _pack(), _sale(("B", 100))
    first = settle_return(sale, _back(line_1=1), pack)

    second = settle_return(sale, _back(line_1=99), pack, before=_back(line_1=1))

    assert first.totals.payable + second.totals.payable == _decide(sale, pack).totals.payable


def test_free_goods_that_are_no_longer_earned_have_to_come_back() -> None:
    settled = settle_return(_sale(("A", 20)), _back(line_1=3), _pack())

    assert settled.owed == (OwedGoods(1, "A", "FREE", Quantity(1), UnitPrice(100_000)),)
    assert settled.totals.payable == 3_000
    assert (
        "1 Product A given free by FREE are no longer earned: they come back or cost 10.00 each"
        in [words_of(step) for step in settled.trace]
    )


@pytest.mark.parametrize(
    ("back", "owed", "credit"),
    [
        (_back(line_1=3, free_1=1), 0, 3_000),
        (_back(line_1=3, free_1=2), 0, 3_000),
        (_back(line_1=3, charged_1=1), 0, 2_000),
        # What is still earned is not charged, whatever was typed in.
        (_back(line_1=3, charged_1=2), 0, 2_000),
        (_back(charged_1=2), 0, 0),
        (_back(line_1=20), 2, 20_000),
        (_back(line_1=20, free_1=1, charged_1=1), 0, 19_000),
    ],
)
def test_free_goods_come_back_or_are_paid_for(back: Return, owed: int, credit: int) -> None:
    settled = settle_return(_sale(("A", 20)), back, _pack())

    assert sum(one.quantity for one in settled.owed) == owed
    assert settled.totals.payable == credit


def test_a_charged_piece_that_comes_back_after_all_is_paid_back() -> None:
    pack, sale = _pack(), _sale(("A", 20))
    before = _back(line_1=3, charged_1=1)

    settled = settle_return(sale, _back(free_1=1), pack, before=before)

    assert settled.totals.payable == 1_000
    assert [(one.quantity, one.total) for one in settled.charges] == [(1, 1_000)]


def test_a_pack_may_charge_free_goods_at_once() -> None:
    pack = _pack(free_goods="charge")

    settled = settle_return(_sale(("A", 20)), _back(line_1=3), pack)

    assert (settled.owed, settled.totals.payable) == ((), 2_000)
    assert [(one.sku, one.quantity, one.total) for one in settled.charges] == [("A", -1, -1_000)]


def test_a_charged_piece_is_taxed_as_a_sale() -> None:
    pack = _pack(RULES + "taxes: [{id: GST, heads: {GST: 5}}]\n", free_goods="charge")

    settled = settle_return(_sale(("A", 20)), _back(line_1=3), pack)

    assert (settled.charges[0].net, settled.charges[0].tax) == (-1_000, -50)
    assert settled.totals.payable == 3_150 - 1_050


def test_a_charged_piece_without_a_tax_rate_is_not_charged_untaxed() -> None:
    rules = RULES + "taxes: [{id: GST, when: {sku: C}, heads: {GST: 5}}]\n"

    settled = settle_return(_sale(("C", 10)), _back(line_1=5, charged_1=1), _pack(rules))

    assert (settled.outcome, _codes(settled)) == ("hold", ["tax_unknown"])


def test_another_product_given_free_costs_what_it_costs_by_the_lists_of_the_sale() -> None:
    settled = settle_return(_sale(("C", 10)), _back(line_1=1), _pack())

    assert settled.owed == (OwedGoods(1, "D", "GIFT", Quantity(1), UnitPrice(50_000)),)


@pytest.mark.parametrize(
    "rules",
    [
        RULES.replace(", D: 5.00", ""),
        RULES.replace(
            "}}]\nschemes",
            "}}, {id: DOWN, level: customer, for_all: true, when: {sku: D}, "
            "adjust: {amount: -5.00}}]\nschemes",
        ),
    ],
    ids=["in no list", "its lists bring it down to nothing"],
)
@pytest.mark.parametrize(
    ("way", "outcome", "codes"),
    [("take_back", "accept", []), ("charge", "hold", ["free_goods_unpriced"])],
)
def test_free_goods_without_a_price_can_only_come_back(
    way: str, outcome: str, codes: list[str], rules: str
) -> None:
    pack = _pack(rules, free_goods=way)

    settled = settle_return(_sale(("C", 10)), _back(line_1=1, charged_1=1), pack)

    assert (settled.outcome, _codes(settled)) == (outcome, codes)
    assert [(one.quantity, one.unit_price) for one in settled.owed] == [(1, None)]


def test_what_stock_did_not_give_does_not_have_to_come_back() -> None:
    stock = (batch("A1", "A", 20),)
    setting = Setting(batches=stock, credit=limit(10**9))

    settled = settle_return(_sale(("A", 20), setting=setting), _back(line_1=20), _pack())

    assert (settled.owed, settled.totals.payable) == ((), 20_000)


def test_the_cheapest_that_was_given_does_for_any_that_is_still_earned() -> None:
    rules = """
prices: [{id: BASE, level: default, rates: {A: 10.00, B: 40.00}}]
schemes: [{id: CHEAP, count: {over: basket}, free: {every: 3, give: 1, item: cheapest}}]
"""
    settled = settle_return(_sale(("A", 3), ("B", 3)), _back(line_1=3), _pack(rules))

    # Two A were given. Three B still earn one piece: one of the A stays.
    assert [(one.sku, one.quantity) for one in settled.owed] == [("A", 1)]


def test_what_a_scheme_gave_and_counted_goes_back_to_its_counters() -> None:
    sale, pack = _sale(("A", 120)), _pack()

    some = settle_return(sale, _back(line_1=15), pack)
    much = settle_return(sale, _back(line_1=120), pack)

    # The budget paid for ten free pieces, which 105 still earn.
    assert some.changes == ()
    assert [(one.rule, one.scope, one.used, one.spent) for one in much.changes] == [
        ("BILL", "total", -1, -5_000),
        ("FREE", "total", -1, -10_000),
    ]


def test_counters_are_those_of_the_sale() -> None:
    setting = Setting(counters=had("FREE", "total", money=Minor(9_000)))
    sale = _sale(("A", 20), setting=setting)

    settled = settle_return(sale, _back(line_1=20), _pack())

    assert [(one.rule, one.spent) for one in settled.changes] == [("FREE", -1_000)]


def test_discounts_may_stay_with_the_pieces_that_are_kept() -> None:
    pack = _pack(discounts="keep")

    settled = settle_return(_sale(("B", 100), ("A", 1)), _back(line_1=99), pack)

    paid = 400_000 - 80_000 - 4_984
    assert [(line.number, line.total) for line in settled.lines] == [(1, paid - 3_150)]
    assert settled.lines[0].line_discount == 80_000 - 800
    assert settled.changes == ()


def test_kept_discounts_go_back_to_the_counters_with_the_last_piece() -> None:
    pack = _pack(discounts="keep")
    sale = _sale(("B", 100))

    settled = settle_return(sale, _back(line_1=1), pack, before=_back(line_1=99))

    assert [(one.rule, one.used, one.spent) for one in settled.changes] == [("BILL", -1, -5_000)]


def test_pieces_made_free_inside_the_order_are_a_discount_that_stays() -> None:
    rules = """
prices: [{id: BASE, level: default, rates: {A: 10.00}}]
schemes: [{id: IN, budget: {amount: 99.00}, free: {every: 3, give: 1, item: same, inside: true}}]
"""
    pack = _pack(rules, discounts="keep")

    settled = settle_return(_sale(("A", 3)), _back(line_1=1), pack)

    assert settled.totals.payable == 2_000 - 1_333
    assert settled.changes == ()


def test_a_piece_of_a_case_comes_back_at_its_part_of_the_price_of_the_case() -> None:
    rules = "prices: [{id: P, level: default, per: CASE, rates: {A: 100.01}}]"
    setting = Setting(products={"A": product("A", pack_sizes={"CASE": 12})})
    lines = (OrderLine(1, "A", Quantity(2400), unit="CASE"),)
    sale = Sale(replace(setting.order(), lines=lines), setting.facts())

    piece = settle_return(sale, _back(line_1=1), pack_of(rules))
    rest = settle_return(sale, _back(line_1=2399), pack_of(rules), before=_back(line_1=1))

    # 2399/12 of 100.01 are 19,993.6658; so many pieces at 8.3342 would be 19,993.75.
    assert (piece.totals.payable, rest.totals.payable) == (2_000_200 - 1_999_367, 1_999_367)


def test_a_free_piece_of_what_is_sold_by_the_case_costs_its_part_of_the_case() -> None:
    rules = """
prices: [{id: P, level: default, per: CASE, rates: {A: 100.01}}]
schemes: [{id: FREE, budget: {amount: 17.00}, free: {every: 12, give: 1, item: same}}]
"""
    setting = Setting(products={"A": product("A", pack_sizes={"CASE": 12})})
    lines = (OrderLine(1, "A", Quantity(48), unit="CASE"),)
    sale = Sale(replace(setting.order(), lines=lines), setting.facts())

    settled = settle_return(sale, _back(line_1=48, charged_1=1), pack_of(rules))

    # The budget of 17.00 pays for two pieces at 8.3342.
    assert settled.owed == (OwedGoods(1, "A", "FREE", Quantity(1), UnitPrice(83_342)),)
    assert settled.charges[0].total == -833


def test_prices_that_include_tax_are_credited_as_they_were_paid() -> None:
    head = HEAD.replace("}", ", tax: inclusive}")
    pack = pack_of(RULES + "taxes: [{id: VAT, heads: {VAT: 20}}]\n", head=head)

    settled = settle_return(_sale(("B", 12)), _back(line_1=3), pack)

    line = settled.lines[0]
    assert (line.total, settled.totals.payable) == (7_200, 7_200)
    assert (line.net, line.tax) == (6_000, 1_200)


def test_rounding_of_the_bill_is_credited_with_it() -> None:
    pack = pack_of(RULES, head=HEAD.replace("}", ", round_to: 1.00}"))
    sale = _sale(("C", 7))

    settled = settle_return(sale, _back(line_1=7), pack)

    assert settled.totals == _decide(sale, pack).totals
    assert settled.totals.round_off == -31


def test_what_stock_cut_cannot_come_back() -> None:
    setting = Setting(batches=(batch("B1", "B", 5),), credit=limit(10**9))

    settled = settle_return(_sale(("B", 12), setting=setting), _back(line_1=6), _pack())

    assert (settled.outcome, _codes(settled)) == ("reject", ["returned_too_much"])
    assert words_of(settled.reasons[0]) == "6 Product B would have come back, 5 were sold"


@pytest.mark.parametrize(
    ("back", "before", "codes"),
    [
        (_back(line_1=21), NONE, ["returned_too_much"]),
        (_back(line_1=1), _back(line_1=20), ["returned_too_much"]),
        (_back(line_1=-1), NONE, ["quantity_invalid"]),
        (_back(line_2=1), NONE, ["line_unknown"]),
        (_back(free_1=3), NONE, ["returned_too_much"]),
        (_back(free_1=1), _back(free_1=2), ["returned_too_much"]),
        (_back(charged_1=3), NONE, ["returned_too_much"]),
        (_back(free_2=1), NONE, ["line_unknown"]),
        (_back(line_1=21, free_2=1), NONE, ["returned_too_much", "line_unknown"]),
    ],
)
def test_what_was_not_sold_is_no_return(back: Return, before: Return, codes: list[str]) -> None:
    settled = settle_return(_sale(("A", 20)), back, _pack(), before=before)

    assert (settled.outcome, _codes(settled)) == ("reject", codes)
    assert (settled.totals.payable, settled.lines, settled.changes) == (0, (), ())


def test_nothing_comes_back_of_an_order_that_was_refused() -> None:
    settled = settle_return(_sale(("ZZ", 1)), _back(line_1=1), _pack())

    assert (settled.outcome, _codes(settled)) == ("reject", ["order_not_sold"])


def test_what_had_no_price_is_not_credited() -> None:
    pack = _pack("prices: [{id: P, level: default, rates: {A: 1.00}}]")

    settled = settle_return(_sale(("A", 1), ("B", 1)), _back(line_2=1), pack)

    assert _codes(settled) == ["line_unpriced"]


def test_a_rule_that_fails_credits_nothing() -> None:
    alone = {"op": "<", "args": [{"fact": "order.lines"}, {"value": 2}]}
    broken = {"op": "and", "args": [alone, {"fact": "no.such"}]}
    slabs = [{"from": 1, "percent": 1}]
    scheme = {"id": "BAD", "kind": "order", "over": "order", "of": "net", "slabs": slabs}
    prices = [{"id": "P", "level": "default", "rates": {"A": 10_000, "B": 10_000}}]
    pack = load_pack(packed_of(prices=prices, schemes=[{**scheme, "if": broken}]))

    settled = settle_return(_sale(("A", 1), ("B", 1)), _back(line_2=1), pack)

    assert (settled.outcome, _codes(settled)) == ("hold", ["rule_failed"])
    assert settled.totals.payable == 0


def test_a_return_names_the_sale_it_was_worked_out_from() -> None:
    sale, pack = _sale(("A", 20)), _pack()

    settled = settle_return(sale, _back(line_1=1), pack)

    assert settled.sale_hash == _decide(sale, pack).result_hash


def test_every_step_is_told_in_plain_words() -> None:
    back = _back(line_1=15, free_1=1, line_2=3)

    settled = settle_return(_sale(("A", 20), ("B", 12)), back, _pack())

    assert [words_of(step) for step in settled.trace] == [
        "15 of 20 Product A come back at 10.00 each",
        "3 of 12 Product B come back at 40.00 each",
        "1 Product A given free by FREE come back",
        "VOL takes nothing off what is kept, 48.00 before",
        "1 Product A given free by FREE are no longer earned: they come back or cost 10.00 each",
        "222.00 is credited",
    ]


def test_a_return_that_the_hub_has_still_to_settle_leaves_the_result_alone() -> None:
    sale, pack = _sale(("A", 20)), _pack()
    before = _decide(sale, pack)

    settle_return(sale, _back(line_1=5), pack)

    assert _decide(sale, pack) == before
    assert isinstance(before.lines[0], PricedLine)


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ("{free_goods: keep}", "'keep' is not one of take_back, charge"),
        ("{discounts: drop}", "'drop' is not one of recompute, keep"),
        ("{goods: charge}", "unknown key 'goods'"),
        ("charge", "'returns' is a mapping"),
    ],
)
def test_terms_that_make_no_sense_are_a_fault(terms: str, fault: str) -> None:
    faults = faults_of(HEAD.replace("}", f", returns: {terms}}}"))

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:1:")
    assert fault in faults[0]


@pytest.mark.parametrize("key", ["credit: 1.00", "take_back: {A: 1}", "return_reasons: []"])
def test_a_case_that_expects_of_a_return_has_one(key: str) -> None:
    case = "{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {net: 1.00, @}}"
    text = f"{HEAD}case_products: {{A: {{}}}}\ntests: [{case}]\n".replace("@", key)

    faults = faults_of(text)

    assert len(faults) == 1
    assert "needs a return" in faults[0]
