"""Comparing a file of orders: what its lines share, what need not be decided twice, and by whom."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from rules import Customer, load_pack
from rules.__main__ import main
from rules.language import read_pack
from rules.tools.build.packing import bound
from rules.tools.replay.comparing import compare
from rules.tools.replay.deciding import compare_file
from rules.tools.replay.questions import read_orders
from rules.tools.replay.touching import Touched
from rules.tools.schema.documents import Question, plain
from rules.tools.schema.reading import DocumentError
from tests.unit.rules.making import BASE, HEAD, Setting, product, read_text

EXAMPLES = Path(__file__).parents[3] / "rules" / "examples"
SHARED = {
    "shared": {
        "customers": {"C1": {"type": "retailer", "geo": ["IN", "KA"]}, "C2": {}},
        "products": {"A": {"name": "Apple", "brand": "X"}, "B": {"name": "Bean", "brand": "Y"}},
        "credit": {"C2": {"state": "cash_only"}},
        "as_of": "noon",
    }
}


def _order(customer: str, *lines: tuple[str, int]) -> dict[str, object]:
    return {
        "id": f"{customer}-{len(lines)}",
        "customer": customer,
        "business_date": "2026-04-01",
        "lines": [
            {"number": number, "sku": sku, "quantity": quantity}
            for number, (sku, quantity) in enumerate(lines, 1)
        ],
    }


def _file(*documents: object) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in documents)


def test_orders_take_customer_credit_and_products_from_the_first_line() -> None:
    found = read_orders(_file(SHARED, {"order": _order("C1", ("A", 1))}, {"order": _order("C2")}))

    first, second = (asked.facts for asked in found)
    assert (first.customer.id, first.customer.type, first.credit) == ("C1", "retailer", None)
    assert (second.credit.state if second.credit else "", second.as_of) == ("cash_only", "noon")
    assert first.products["A"].brand == "X"
    assert first.products is second.products


def test_an_order_with_facts_of_its_own_keeps_them() -> None:
    facts = {"as_of": "", "customer": {"id": "C1"}, "products": {}}

    (asked,) = read_orders(_file(SHARED, {"order": _order("C1"), "facts": facts}))

    assert (asked.facts.customer.type, asked.facts.products) == (None, {})


@pytest.mark.parametrize(
    ("documents", "fault"),
    [
        (
            [SHARED, {"order": _order("C9")}],
            "2: $.order.customer: 'C9' is not among the shared customers",
        ),
        ([{"shared": {"customers": {}}}], "1: $.shared: 'products' is missing"),
        (
            [{"shared": {"customers": {"C1": {"id": "C2"}}, "products": {}}}],
            "1: $.shared.customers.C1.id: is not 'C1', under which it stands",
        ),
        ([{"order": _order("C1")}], "1: $: 'facts' is missing"),
        ([{"order": _order("C1"), "facts": []}], "1: $.facts: needs an object, not a list"),
    ],
)
def test_what_is_wrong_with_shared_facts_is_told(documents: list[object], fault: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_orders(_file(*documents))

    assert refused.value.faults == (fault,)


def _packed(*rules: str) -> bytes:
    return read_text(HEAD + "\n".join(rules) + "\n")


def _moves(before: str, after: str, **given: object) -> bool:
    """Tell whether one order of A for a retailer in Karnataka may move between two packs."""
    packs = [_packed(rules) for rules in (before, after)]
    made = Setting(
        customer=Customer("C1", "retailer", ("IN", "KA")),
        products={"A": product("A", brand="X"), "B": product("B", brand="Y")},
        **given,  # type: ignore[arg-type]
    )
    touched = Touched(*map(json.loads, packs)).giving(*map(load_pack, packs))
    return touched.may_move(Question(made.order(("A", 1)), made.facts(), made.counters))


SCHEME = "schemes: [{id: S, when: {CONDITION}, slabs: [{from: 1, percent: PERCENT}]}]"


@pytest.mark.parametrize(
    ("condition", "moves"),
    [
        ("brand: X", True),
        ("brand: Y", False),
        ("sku: B", False),
        ("geo: IN", True),
        ("geo: IN/TN", False),
        ("customer: C2", False),
        ("not: {brand: X}", False),
        ("not: {brand: Y}", True),
        ("payment: cash", False),
        ("geo: IN/KA, brand: Y", False),
    ],
)
def test_a_changed_scheme_moves_the_orders_it_holds_for(condition: str, moves: bool) -> None:  # noqa: FBT001
    before, after = (
        BASE + SCHEME.replace("CONDITION", condition).replace("PERCENT", percent)
        for percent in ("1", "2")
    )

    assert _moves(before, after) is moves
    assert _moves(before, BASE) is moves
    assert _moves(BASE, after) is moves


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (BASE, BASE, False),
        (BASE, BASE.replace("A: 10.00", "A: 11.00"), True),
        (BASE, BASE.replace("B: 20.00", "B: 21.00"), False),
        (BASE, BASE.replace(", C: 0.3333", ""), False),
        (BASE, BASE.replace("A: 10.00, ", ""), True),
        (BASE, BASE.replace("}]", ", priority: 1}]"), True),
        (BASE, BASE.replace("}]", ", lint: {allow: expired, reason: why}}]"), False),
        (BASE, BASE + "taxes: [{id: T, when: {tax_class: z}, heads: {V: 1}}]", False),
        (BASE, BASE + "credit: [{id: C, when: {customer: C9}, then: stop}]", False),
        (BASE, BASE + "credit: [{id: C, then: stop}]", True),
        (BASE, BASE + "approvals: [{id: A, on: cash_only, levels: [{role: r}]}]", True),
        (BASE, BASE + "tests: []", False),
    ],
)
def test_a_change_moves_what_it_is_about(before: str, after: str, moves: bool) -> None:  # noqa: FBT001
    assert _moves(before, after) is moves


def test_another_head_moves_every_order() -> None:
    packs = [_packed(BASE), read_text(HEAD.replace("scale: 2", "scale: 2, round_to: 1.00") + BASE)]
    made = Setting()

    touched = Touched(*map(json.loads, packs)).giving(*map(load_pack, packs))

    assert touched.may_move(Question(made.order(("A", 1)), made.facts(), made.counters))


def test_a_place_in_a_chain_moves_nothing() -> None:
    packed = _packed(BASE)
    later = bound(packed, not_before=date(2030, 1, 1))
    made = Setting()

    touched = Touched(json.loads(packed), json.loads(later))

    assert not touched.may_move(Question(made.order(("A", 1)), made.facts(), made.counters))


def test_what_a_scheme_gives_by_name_is_part_of_an_order() -> None:
    free = "schemes: [{id: F, when: {sku: A}, free: {every: 1, give: 1, item: B}}]\n"
    taxed = "taxes: [{id: T, when: {brand: Y}, heads: {V: 1}}]"

    assert _moves(BASE + free, BASE + free + taxed)


def _random_pack(chance: Random) -> str:
    """Write some rules of every kind that conditions can keep from an order."""
    rates = {sku: f"{chance.randint(1, 3)}.00" for sku in "ABCD" if chance.random() < 0.9}
    listed = ", ".join(f"{sku}: {rate}" for sku, rate in rates.items()) or "A: 1.00"
    lists = [f"{{id: BASE, level: default, rates: {{{listed}}}}}"]
    if chance.random() < 0.5:
        lists.append(
            f"{{id: SOUTH, level: geography, when: {{geo: IN/KA, brand: {chance.choice('XY')}}},"
            f" adjust: {{percent: {chance.randint(1, 2)}}}}}"
        )
    schemes = [
        f"{{id: S{at}, {_random_when(chance)}, {_random_gift(chance)}}}"
        for at in range(5)
        if chance.random() < 0.8
    ]
    rules = f"prices: [{', '.join(lists)}]\nschemes: [{', '.join(schemes)}]\n"
    if chance.random() < 0.5:
        rules += f"taxes: [{{id: T, heads: {{V: {chance.randint(1, 2)}}}}}]\n"
    if chance.random() < 0.3:
        rules += "floors: [{id: F, when: {brand: X}, percent: 97}]\n"
    if chance.random() < 0.3:
        rules += "credit: [{id: C, when: {customer: C1}, then: stop, if: order.payable > 9.00}]\n"
    return rules


def _random_when(chance: Random) -> str:
    keys = ["brand: X", "brand: Y", "sku: [A, C]", "geo: IN/KA", "geo: IN/TN", "customer: C2"]
    return f"when: {{{chance.choice(keys)}}}"


def _random_gift(chance: Random) -> str:
    return chance.choice(
        [
            "slabs: [{from: 2, percent: 5}]",
            "slabs: [{from: 3, percent: 8}], group: G",
            "stage: order, slabs: [{from: 4.00, percent: 2}]",
            "count: {over: basket}, slabs: [{from: 4, amount: 1.00}]",
            "free: {every: 2, give: 1, item: same}",
            "free: {every: 3, give: 1, item: D}",
        ]
    )


def _random_orders(chance: Random) -> Iterator[Question]:
    customers = [Customer("C1", "retailer", ("IN", "KA")), Customer("C2", None, ("IN", "TN", "X"))]
    products = {
        sku: product(sku, brand=brand, tax_class="z")
        for sku, brand in zip("ABCDE", ("X", "Y", None, "X", "Y"), strict=True)
    }
    for _ in range(30):
        made = Setting(customer=chance.choice(customers), products=products)
        skus = chance.sample("ABCDEF", chance.randint(1, 3))
        lines = [(sku, chance.randint(1, 6)) for sku in skus]
        yield Question(made.order(*lines), made.facts(), made.counters)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_left_out_changes_nothing(seed: int) -> None:
    chance = Random(seed)
    packs = [_packed(_random_pack(chance)) for _ in range(2)]
    orders = list(_random_orders(chance))
    before, after = map(load_pack, packs)
    touched = Touched(*map(json.loads, packs)).giving(before, after)

    quick = compare(before, after, orders, touched=touched)

    assert plain(quick) == plain(compare(before, after, orders))


def test_some_orders_of_random_packs_are_left_out_and_some_are_not() -> None:
    chance = Random(1)
    packs = [
        _packed(BASE + SCHEME.replace("CONDITION", "brand: X").replace("PERCENT", one))
        for one in ("1", "2")
    ]
    touched = Touched(*map(json.loads, packs)).giving(*map(load_pack, packs))

    moved = {touched.may_move(asked) for asked in _random_orders(chance)}

    assert moved == {True, False}


def test_any_number_of_processes_gives_the_same_answer() -> None:
    before, after = (read_pack(EXAMPLES / name) for name in ("pack", "next"))
    lines = (EXAMPLES / "orders.jsonl").read_text() * 120

    alone = compare_file(before, after, lines, jobs=1)

    assert compare_file(before, after, lines, jobs=3) == alone
    assert alone.orders > 400


def test_faults_of_all_parts_of_a_file_are_told() -> None:
    packed = _packed(BASE)
    lines = _file(SHARED, *[{"order": _order("C1")}] * 250, {"order": 1}, {"order": 2})

    for jobs in (1, 2):
        with pytest.raises(DocumentError) as refused:
            compare_file(packed, packed, "{}\n" + lines.split("\n", 1)[1], jobs=jobs)

        assert len(refused.value.faults) == 256
        assert refused.value.faults[0] == "1: $: 'order' is missing"
        assert refused.value.faults[-1].startswith("253: ")


def test_diff_says_how_fast_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    packs = [str(EXAMPLES / "pack"), str(EXAMPLES / "next")]

    assert main(["diff", *packs, "--orders", str(EXAMPLES / "orders.jsonl"), "--jobs", "1"]) == 0

    assert " a second\n" in capsys.readouterr().err
