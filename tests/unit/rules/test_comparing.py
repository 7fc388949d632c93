"""Two packs over the same orders: what is counted, by which rules, and what is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rules import Customer, UnitPrice, load_pack
from rules.__main__ import main
from rules.language import read_pack
from rules.tools.replay.changes import Comparison
from rules.tools.replay.comparing import compare
from rules.tools.replay.questions import read_orders
from rules.tools.replay.telling import told
from rules.tools.schema.documents import Question, plain
from rules.tools.schema.reading import DocumentError
from tests.unit.rules.making import BASE, HEAD, Setting, limit, pack_of, product

EXAMPLES = Path(__file__).parents[3] / "rules" / "examples"
TENTH = "schemes: [{id: S, slabs: [{from: 1, percent: 10}]}]\n"
DEARER = BASE.replace("A: 10.00", "A: 11.00")


def _orders(*quantities: int) -> list[Question]:
    return [
        Question(made.order(("A", quantity)), made.facts(), made.counters)
        for made in [Setting()]
        for quantity in quantities
    ]


def _compare(before: str, after: str, *quantities: int) -> Comparison:
    return compare(pack_of(before), pack_of(after), _orders(*quantities))


def test_equal_packs_change_nothing() -> None:
    found = _compare(BASE, BASE, 1, 2, 3)

    assert (found.orders, found.changed, found.rules, found.biggest) == (3, 0, (), ())


def test_a_dearer_list_is_counted_by_order_and_by_rule() -> None:
    found = _compare(BASE, DEARER, 1, 5)

    assert (found.changed, found.payable_before, found.payable_after) == (2, 6000, 6600)
    assert [(one.rule, one.before, one.after) for one in found.rules] == [("BASE", 6000, 6600)]


def test_a_new_scheme_is_a_loss_of_its_own() -> None:
    found = _compare(BASE, BASE + TENTH, 10)

    assert [(one.rule, one.before, one.after) for one in found.rules] == [("S", 0, -1000)]


def test_orders_and_rules_are_told_as_people_call_them() -> None:
    named = TENTH.replace("id: S,", "id: S, text: {en: A tenth off},")
    asked = [replace(one, called="ORD-7, Krishna Stores") for one in _orders(10)]

    found = compare(pack_of(BASE), pack_of(BASE + named), asked)

    assert [one.called for one in found.biggest] == ["ORD-7, Krishna Stores"]
    text = "\n".join(told(found))
    assert "ORD-7, Krishna Stores" in text
    assert "A tenth off" in text


def test_what_rules_do_adds_up_to_what_is_to_pay() -> None:
    found = _compare(BASE, DEARER + TENTH, 3, 7, 11)

    moved = sum(one.after - one.before for one in found.rules)
    assert moved == found.payable_after - found.payable_before


def test_free_goods_change_an_order_without_money() -> None:
    free = "schemes: [{id: F, free: {every: 10, give: 1, item: same}}]\n"

    found = _compare(BASE, BASE + free, 9, 20)

    assert (found.changed, found.payable_before) == (1, found.payable_after)
    assert [(one.free_before, one.free_after) for one in found.rules] == [(0, 2)]


def _gift(give: int) -> str:
    return f"schemes: [{{id: F, free: {{every: 10, give: {give}, item: C}}}}]\n"


def test_a_gift_is_worth_what_it_costs_else_its_list_price() -> None:
    costly = {"A": product("A"), "C": product("C", cost=UnitPrice(50_000))}
    for products, worth in (({"A": product("A"), "C": product("C")}, 133), (costly, 2_000)):
        made = Setting(products=products)
        asked = [Question(made.order(("A", 20)), made.facts(), made.counters)]

        found = compare(pack_of(BASE + _gift(1)), pack_of(BASE + _gift(3)), asked)

        gain = found.worth_after - found.worth_before
        assert (gain, found.units_before, found.units_after) == (worth, 2, 6)
        assert (found.rules[0].worth_after - found.rules[0].worth_before) == worth
        assert found.biggest[0].worth_after - found.biggest[0].worth_before == worth
        assert found.payable_before == found.payable_after


def test_orders_are_ranked_by_the_goods_that_they_get_too() -> None:
    found = _compare(BASE + _gift(1), BASE + _gift(2), 10, 500, 40)

    sizes = [one.worth_after - one.worth_before for one in found.biggest]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[1] > sizes[2] > 0


@pytest.mark.parametrize(
    "renamed",
    [
        ("schemes: [{id: %s, slabs: [{from: 1, percent: 10}]}]\n"),
        ("schemes: [{id: %s, free: {every: 10, give: 1, item: C}}]\n"),
    ],
)
def test_a_rule_with_another_name_changes_no_order(renamed: str) -> None:
    found = _compare(BASE + renamed % "ONE", BASE + renamed % "TWO", 20)

    assert (found.changed, found.biggest) == (0, ())


def test_another_reason_for_the_same_hold_is_no_change() -> None:
    held = "credit: [{id: CR, text: %s, then: approve, route: Q}]\n"
    held += "approvals: [{id: Q, levels: [{role: clerk}]}]\n"
    made = Setting(credit=limit(100_000))
    asked = [Question(made.order(("A", 2)), made.facts(), made.counters)]

    found = compare(pack_of(BASE + held % "old"), pack_of(BASE + held % "new"), asked)

    assert found.changed == 0


def test_accepted_orders_that_would_be_held_are_counted_and_told() -> None:
    strict = "quantities: [{id: Q, min: 5, then: hold}]\n"

    found = _compare(BASE, BASE + strict, 1, 4, 5)
    back = _compare(BASE + strict, BASE, 1, 4, 5)

    assert (found.changed, found.held, found.released) == (2, 2, 0)
    assert "2 accepted orders of 50.00 would be held or rejected" in list(told(found))
    assert "    held, was accepted" in list(told(found))
    assert "    accepted, was held" in list(told(back))
    assert (back.changed, back.held, back.released) == (2, 0, 2)
    assert "2 held or rejected orders of 50.00 would be accepted" in list(told(back))
    assert [one.size for one in found.biggest] == [4_000, 1_000]


def test_a_gift_that_no_past_order_has_is_worth_its_list_price() -> None:
    made = Setting(products={"A": product("A")})
    asked = [Question(made.order(("A", 20)), made.facts(), made.counters)]
    same = "schemes: [{id: S, when: {sku: A}, free: {every: 10, give: 1, item: %s}}]\n"

    found = compare(pack_of(BASE + same % "A"), pack_of(BASE + same % "B"), asked)

    assert (found.worth_before, found.worth_after) == (2_000, 4_000)
    assert (found.units_before, found.units_after) == (2, 2)
    assert any(line.split()[:2] == ["S", "free"] for line in told(found))


def test_the_ten_biggest_are_told_the_biggest_first() -> None:
    found = _compare(BASE, DEARER, *range(1, 15))

    sizes = [one.payable_after - one.payable_before for one in found.biggest]
    assert (len(sizes), sizes) == (10, sorted(sizes, reverse=True))


def test_an_order_that_is_held_now_says_why() -> None:
    blocked = "prices: [{id: BASE, level: default, rates: {B: 20.00}}]\n"

    lines = "\n".join(told(_compare(BASE, blocked, 1)))

    assert "no price for Product A" in lines
    assert lines.count("10.00") >= 2


def test_the_example_comes_out_as_written() -> None:
    orders = read_orders((EXAMPLES / "orders.jsonl").read_text())
    before, after = (load_pack(read_pack(EXAMPLES / name)) for name in ("pack", "next"))

    found = compare(before, after, orders)

    written = json.loads((EXAMPLES / "comparison.json").read_text())
    assert json.loads(json.dumps(plain(found.biggest))) == written["biggest"]
    assert json.loads(json.dumps(plain(found.rules))) == written["rules"]
    assert max(len(line) for text in told(found) for line in text.split("\n")) <= 80


def test_faults_of_orders_are_told_with_their_lines() -> None:
    with pytest.raises(DocumentError) as refused:
        read_orders('\n{"order": 1}\n{')

    first, missing, broken = refused.value.faults
    assert first == "2: $.order: needs an object, not 1"
    assert missing == "2: $: 'facts' is missing"
    assert broken.startswith("3: $: not JSON: ")


def test_diff_ends_with_two_where_orders_have_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = tmp_path / "orders.jsonl"
    orders.write_text("[]")

    code = main(["diff", *[str(EXAMPLES / "pack")] * 2, "--orders", str(orders)])

    assert code == 2
    assert "orders.jsonl:1: $: needs an object, not a list" in capsys.readouterr().err


def test_diff_names_the_faults_of_either_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.yaml").write_text(HEAD + "taxs: []\n")

    code = main(["diff", str(EXAMPLES / "pack"), str(tmp_path), "--orders", "none"])

    assert code == 1
    assert "did you mean 'taxes'?" in capsys.readouterr().err


def test_packs_of_two_currencies_do_not_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.yaml").write_text(HEAD.replace("INR", "GBP") + BASE)

    code = main(["diff", str(EXAMPLES / "pack"), str(tmp_path), "--orders", "none"])

    assert code == 2
    assert "different currencies" in capsys.readouterr().err


def test_diff_decides_each_order_for_its_own_customer() -> None:
    hotels = "{id: H, level: customer_type, when: {customer.type: horeca}, adjust: {percent: -10}}"
    both = BASE.replace("prices: [", f"prices: [{hotels}, ")
    orders = [
        Question(made.order(("A", 1)), made.facts(), made.counters)
        for made in (Setting(), Setting(customer=Customer("C2", "horeca")))
    ]

    found = compare(pack_of(BASE), pack_of(both), orders)

    assert (found.changed, found.payable_after) == (1, 1900)
