"""The index finds exactly the rules that a plain look at every condition finds."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules import Customer, Product
from rules.engine.bitmaps import Scope
from rules.engine.index import RuleTable, customer_keys, places

GEOS = ["IN", "IN/KA", "IN/KA/BLR", "IN/TN", "US"]
CATEGORIES = ["food", "food/tea", "food/tea/green", "soap"]
VALUES = {
    "customer": ["C1", "C2"],
    "customer.type": ["retailer", "kiosk"],
    "customer.status": ["active", "hold"],
    "geo": GEOS,
    "payment": ["cash", "credit"],
    "sku": ["A", "B"],
    "category": CATEGORIES,
    "brand": ["X", "Y"],
    "tax_class": ["t1", "t2"],
}
START = date(2026, 1, 1).toordinal()

CONDITION = st.sampled_from(
    [
        (key, list(some))
        for key, values in sorted(VALUES.items())
        for count in (1, 2)
        for some in combinations(values, count)
    ]
)
CONDITIONS = st.lists(CONDITION, max_size=4, unique_by=lambda one: one[0]).map(dict)


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    first = START + draw(st.integers(0, 20))
    last = first + draw(st.integers(0, 20))
    scope = Scope(draw(CONDITIONS), draw(CONDITIONS), first, last)
    if draw(st.booleans()):
        scope = replace(scope, first=Scope().first)
    return replace(scope, last=Scope().last) if draw(st.booleans()) else scope


@st.composite
def asked(draw: st.DrawFn) -> tuple[Customer, str, Product, int]:
    customer = Customer(
        draw(st.sampled_from(["C1", "C2", "C3"])),
        draw(st.sampled_from([None, "retailer", "kiosk"])),
        tuple(draw(st.sampled_from(["", *GEOS])).split("/")) if draw(st.booleans()) else (),
        draw(st.sampled_from(["active", "hold"])),
    )
    product = Product(
        draw(st.sampled_from(["A", "B", "C"])),
        "name",
        tuple(draw(st.sampled_from(CATEGORIES)).split("/")) if draw(st.booleans()) else (),
        draw(st.sampled_from([None, "X", "Y"])),
        draw(st.sampled_from([None, "t1", "t2"])),
    )
    payment = draw(st.sampled_from(["cash", "credit"]))
    return customer, payment, product, START + draw(st.integers(-2, 45))


def _answers(customer: Customer, payment: str, product: Product) -> dict[str, list[str]]:
    def path(steps: tuple[str, ...]) -> list[str]:
        return ["/".join(steps[: end + 1]) for end in range(len(steps))]

    return {
        "customer": [customer.id],
        "customer.type": [customer.type] if customer.type else [],
        "customer.status": [customer.status],
        "geo": path(customer.geo),
        "payment": [payment],
        "sku": [product.sku],
        "category": path(product.category),
        "brand": [product.brand] if product.brand else [],
        "tax_class": [product.tax_class] if product.tax_class else [],
    }


def _holds(scope: Scope, answers: dict[str, list[str]], day: int) -> bool:
    wanted = all(set(values) & set(answers[key]) for key, values in scope.when.items())
    barred = any(set(values) & set(answers[key]) for key, values in scope.barred.items())
    return wanted and not barred and scope.first <= day <= scope.last


@given(st.lists(scopes(), max_size=40), st.lists(asked(), min_size=1, max_size=4))
def test_the_bitmaps_agree_with_a_plain_look_at_every_rule(
    rules: list[Scope], questions: list[tuple[Any, ...]]
) -> None:
    table = RuleTable(range(len(rules)), rules)

    for customer, payment, product, day in questions:
        found = table.for_customer(customer_keys(customer, payment), day)
        found &= table.for_product(product)

        answers = _answers(customer, payment, product)
        expected = [place for place, rule in enumerate(rules) if _holds(rule, answers, day)]
        assert list(places(found)) == expected
        assert table.first(found) == (expected[0] if expected else None)


@given(
    st.lists(scopes(), min_size=4, max_size=8),
    st.randoms(use_true_random=False),
    asked(),
)
def test_an_index_made_from_the_one_before_is_the_one_made_anew(
    known: list[Scope], chance: Random, question: tuple[Any, ...]
) -> None:
    rules = chance.choices(known, k=chance.randint(8, 40))
    before = RuleTable(range(len(rules)), rules)
    changed = list(rules)
    for _ in range(chance.randint(0, 5)):
        changed[chance.randrange(len(rules))] = chance.choice(known)
    customer, payment, product, day = question
    keys = customer_keys(customer, payment)

    renewed = RuleTable(range(len(rules)), changed, before=before)

    for table, expected in ((renewed, changed), (before, rules)):
        anew = RuleTable(range(len(rules)), expected)
        assert table.for_customer(keys, day) == anew.for_customer(keys, day)
        assert table.for_product(product) == anew.for_product(product)
        assert table.by_product == anew.by_product


def test_a_rule_is_found_on_its_first_and_last_day_only() -> None:
    first = date(2026, 4, 1)
    table = RuleTable(["R"], [Scope({}, {}, first.toordinal(), first.toordinal() + 1)])
    keys = customer_keys(Customer("C1"), "cash")

    found = [
        table.for_customer(keys, (first + timedelta(days=day)).toordinal()) for day in range(-1, 3)
    ]

    assert found == [0, 1, 1, 0]
