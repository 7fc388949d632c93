"""Rule files by chance, with schemes that give goods, and sets of several products."""

from typing import Any

from tests.differential.worlds import SKUS
from tests.differential.written import (
    COUNTS,
    CUSTOMER_KEYS,
    PRODUCT_KEYS,
    SCHEME_KEYS,
    Author,
    Written,
)


class Giver(Author):
    """Writes free goods and combos too."""

    def _free(self) -> Written:
        chance = self._chance
        rule = self._rule("FREE", SCHEME_KEYS)
        over = chance.choice(["sku", "line", "basket"])
        rule["count"] = {"over": over}
        if chance.random() < 0.3:
            rule["count"]["in"] = "CASE"
        if chance.random() < 0.4:
            rule["once"] = chance.choice(["P", "P", "Q"])
        self._condition(rule, ["order.gross", "order.net"])
        every = chance.choice([1, 2, 3, 5, 10])
        free: Written = {"every": every, "give": chance.randint(1, every)}
        free["inside"] = chance.random() < 0.4
        items = ["cheapest"] if over == "basket" else ["cheapest", "same", "same"]
        free["item"] = chance.choice(items if free["inside"] else [*items, *self._named_items()])
        free["by"] = chance.choice(["full", "full", "proportional", "multiple"])
        if free["by"] == "proportional" and chance.random() < 0.7:
            free["round"] = chance.choice(["down", "half_up", "up"])
        if chance.random() < 0.3:
            free["start_after"] = chance.choice(COUNTS)
        self._tiers(free)
        if chance.random() < 0.3:
            free["max"] = chance.choice([1, 2, 5, 20])
        if chance.random() < 0.3:
            free["optional"] = chance.choice(["decline", "choose"])
        return self._bound({**rule, "free": free})

    def _tiers(self, free: Written) -> None:
        """Let some free goods start later, end, or come in tiers."""
        chance = self._chance
        starts = sorted(chance.sample([2, 5, 9, 10, 12, 24, 30], 2))
        kind = chance.choice(["none", "none", "from", "tiers"])
        if kind == "from":
            free["from"] = starts[0]
        elif kind == "tiers":
            first = {"from": starts[0], "every": free.pop("every"), "give": free.pop("give")}
            every = chance.choice([1, 2, 5, 10])
            later = {"from": starts[1], "every": every, "give": chance.randint(1, every)}
            free["tiers"] = [first, later]
        if chance.random() < 0.2:
            free["to"] = starts[1] + chance.choice([0, 1, 20])

    def _named_items(self) -> list[Any]:
        chance = self._chance
        pick = chance.choice(["cheapest", "dearest"])
        return [chance.choice(SKUS), {"choice": chance.sample(SKUS, 3), "pick": pick}]

    def _combo(self) -> Written:
        chance = self._chance
        rule = self._rule("COMBO", [*CUSTOMER_KEYS, "coupon"])
        self._condition(rule, ["order.gross", "order.net"])
        rule["combo"] = []
        for _ in range(chance.choice([2, 2, 3])):
            key = chance.choice(PRODUCT_KEYS)
            rule["combo"].append({key: self._listed(key), "qty": chance.randint(1, 4)})
        gives = chance.choice(["amount_off", "percent", "price"])
        rule[gives] = self._percent() if gives == "percent" else self._money(30_000)
        if chance.random() < 0.4:
            rule["once"] = "P"
        if chance.random() < 0.4:
            rule["max_sets"] = chance.choice([1, 2, 5])
        return self._bound(rule)
