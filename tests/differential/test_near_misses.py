"""What is told as nearly earned is earned: whoever orders so much more gets what was told."""

import random

import pytest

from rules import load_pack
from tests.differential.agreement import packed
from tests.differential.following import Following
from tests.differential.orders import random_question
from tests.differential.standings import settled_question
from tests.differential.terms import Clerk
from tests.differential.worlds import random_products
from tests.fixtures.trials import Trials

QUESTIONS = 20
"""Orders that each rule file decides; of every second one the hub knows credit and stock."""


def find_untrue(seed: int) -> list[str]:
    """Decide orders by one rule file, and follow all that they have nearly earned."""
    chance = random.Random(seed)
    products = random_products(chance)
    document = Clerk(chance).write()
    pack = load_pack(packed(document))
    found = []
    for number in range(QUESTIONS):
        ask = settled_question if number % 2 else random_question
        following, result = Following(ask(chance, products, document), pack, document).follow()
        if result.outcome == "reject":
            continue
        for miss in result.near_misses:
            fault = following.untrue(result, miss)
            if fault:
                lines = following.question.order.lines
                found.append(f"seed {seed}, order {number}: {miss} of {lines}: {fault}")
    return found


@pytest.mark.timeout(3_600)
def test_what_is_nearly_earned_is_earned_by_so_much_more(trials: Trials) -> None:
    found = trials.run(find_untrue, usual=100, long=5_000)

    assert found == [], "\n".join(found)
