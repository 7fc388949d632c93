"""Returns count out what was bought: what came back was not, whatever becomes of its discount."""

import pytest

from rules import Quantity
from rules.engine.returns import Return, Sale
from rules.stages.returns.settling import settle_return
from tests.unit.rules.making import BASE, HEAD, NOVEMBER, Setting, had, pack_of

MONTH = "C1@2026-11"
RULES = (
    BASE
    + """
schemes:
  - id: MONTH
    count: {over: period, each: month}
    slabs: [{from: 10, percent: 10}]
  - id: PIECES
    limit: {per_customer: {qty: 40, each: month}}
    slabs: [{from: 1, percent: 5}]
"""
)


@pytest.mark.parametrize("discounts", ["recompute", "keep"])
def test_what_comes_back_was_not_bought(discounts: str) -> None:
    head = HEAD.replace("}", f", returns: {{discounts: {discounts}}}}}")
    setting = Setting(RULES, counters=had("MONTH", MONTH, bought=5), on=NOVEMBER)
    sale = Sale(setting.order(("A", 8)), setting.facts(), setting.counters)

    settled = settle_return(sale, Return({1: Quantity(5)}), pack_of(RULES, head=head))

    changes = {(one.rule, one.scope): one.bought for one in settled.changes}
    assert changes["MONTH", MONTH] == -5


def test_pieces_that_come_back_can_be_given_again() -> None:
    setting = Setting(RULES, on=NOVEMBER)
    sale = Sale(setting.order(("A", 8)), setting.facts(), setting.counters)

    settled = settle_return(sale, Return({1: Quantity(5)}), pack_of(RULES))

    assert [(one.rule, one.pieces, one.bought) for one in settled.changes] == [
        ("MONTH", 0, -5),
        ("PIECES", -5, 0),
    ]
