"""Rule files by chance that settle too: limits, gates, credit, approvals, allocation, returns."""

from typing import Any, Final

from rules import Gate
from tests.differential.gifts import Giver
from tests.differential.worlds import MONEY_TURNS, WAREHOUSES
from tests.differential.written import Written

GATES: Final[list[Gate]] = ["order", "delivery", "invoice"]
PARTS: Final = ["total", "open_orders", "deliveries", "invoices", "cheques"]
_CUSTOMER_KEYS: Final = ["customer", "customer.type", "customer.status", "geo", "payment"]
_KEYS: Final = [*_CUSTOMER_KEYS, "sku", "category", "brand", "tax_class"]
_ROLES: Final = ["clerk", "desk", "head", "owner"]
_CODES: Final = [
    "credit_limit_exceeded",
    "cash_only",
    "customer_on_hold",
    "line_unpriced",
    "tax_unknown",
    "below_floor",
    "above_mrp",
    "mrp_differs",
    "quantity_too_small",
    "quantity_not_multiple",
    "discount_above_limit",
]
_MONEY: Final = [
    *("order.gross", "order.net", "order.tax", "order.payable", "customer.limit"),
    *("customer.exposure", "customer.open_orders", "customer.invoices", "customer.overdue"),
]
_NUMBERS: Final = ["order.lines", "customer.overdue_days", "customer.age_days"]
_TIMES: Final = ["30m", "4h", "2d"]


class Clerk(Giver):
    """Writes one rule file with all its sections."""

    def write(self) -> Written:
        """Write the whole file."""
        chance = self._chance
        document = super().write()
        document["pack"] |= self._terms()
        document["schemes"] += [self._free() for _ in range(chance.choice([0, 1]))]
        approvals = [self._approval() for _ in range(chance.choice([0, 1, 2, 4]))]
        last = {"id": "LAST", "levels": self._levels()}
        return {
            **document,
            "limits": [self._limit_rule() for _ in range(chance.choice([0, 1, 3]))],
            "gates": [self._gates() for _ in range(chance.choice([0, 0, 1, 2]))],
            "approvals": [*approvals, last],
            "credit": [self._credit(approvals) for _ in range(chance.choice([0, 1, 2, 4]))],
            "allocation": [self._allocation() for _ in range(chance.choice([0, 1, 2, 3]))],
        }

    def _terms(self) -> Written:
        """Write what the head of the file says of stock and returns."""
        chance = self._chance
        terms: Written = {"allow_lifo": True}
        if chance.random() < 0.5:
            terms["warehouses"] = chance.sample(WAREHOUSES, chance.randint(1, len(WAREHOUSES)))
        if chance.random() < 0.5:
            terms["expires_today"] = chance.choice(["sell", "keep"])
        if chance.random() < 0.7:
            terms["returns"] = {
                "free_goods": chance.choice(["take_back", "charge"]),
                "discounts": chance.choice(["recompute", "recompute", "keep"]),
            }
        return terms

    def _limit_rule(self) -> Written:
        rule = self._rule("LIMIT", _CUSTOMER_KEYS, ranked=True)
        amount = self._turn_of_money()
        return {**rule, "limit": self._chance.choice([amount, amount, "none", "cash_only"])}

    def _gates(self) -> Written:
        chance = self._chance
        asked = chance.sample(GATES, chance.randint(1, 3))
        rule = self._rule("GATE", _CUSTOMER_KEYS, ranked=True)
        return {**rule, **{gate: chance.random() < 0.6 for gate in asked}}

    def _turn_of_money(self) -> str:
        """Give an amount at which customers stand too, or any."""
        chance = self._chance
        return self._coins(chance.choice([*MONEY_TURNS, chance.randint(1, 900_000)]))

    def _credit(self, approvals: list[Written]) -> Written:
        chance = self._chance
        rule = self._rule("CREDIT", _CUSTOMER_KEYS)
        kind = chance.choice(["bounds", "bounds", "if", "overdue", "part"])
        if kind == "bounds":
            self._bounds(rule)
        elif kind == "overdue":
            terms = {"limit": self._turn_of_money(), "grace_days": chance.choice([0, 7, 30])}
            rule["overdue"] = dict(chance.sample(sorted(terms.items()), chance.randint(1, 2)))
        elif kind == "part":
            rule["limit"] = {chance.choice(PARTS): self._turn_of_money()}
        if kind == "if" or chance.random() < 0.2:
            rule["if"] = self._text()
        if chance.random() < 0.3:
            rule["at"] = chance.sample(GATES, chance.randint(1, 2))
        return {**rule, **self._effect(approvals)}

    def _effect(self, approvals: list[Written]) -> Written:
        """Say what follows, and whose approval it takes: the last of a route always holds."""
        chance = self._chance
        then = chance.choice(["stop", "approve", "approve", "allow_if", "allow_if", "allow"])
        effect: Written = {"then": then}
        if then in {"approve", "allow_if"}:
            before = chance.sample(approvals, min(len(approvals), chance.choice([0, 1, 2])))
            effect["route"] = [*(rule["id"] for rule in before), "LAST"]
        if then == "allow_if":
            needs = ["advance", "cash", "deposit"]
            effect["require"] = chance.sample(needs, chance.randint(1, 2))
        return effect

    def _bounds(self, rule: Written) -> None:
        chance = self._chance
        for key in chance.choice([["at_least"], ["at_most"], ["at_least", "at_most"]]):
            facts = chance.sample([*_MONEY, *_NUMBERS], chance.choice([1, 1, 2]))
            rule[key] = {fact: self._bound_of(fact) for fact in facts}

    def _bound_of(self, fact: str) -> str:
        if fact == "order.lines":
            return str(self._chance.choice([1, 2, 3]))
        if fact in _NUMBERS:
            return str(self._chance.choice([0, 7, 30, 45, 90]))
        return self._turn_of_money()

    def _text(self) -> str:
        chance = self._chance
        parts = [self._one_test() for _ in range(chance.choice([1, 1, 2]))]
        text = f" {chance.choice(['and', 'or'])} ".join(parts)
        return f"not ({text})" if chance.random() < 0.2 else text

    def _one_test(self) -> str:
        chance = self._chance
        if chance.random() < 0.2:
            return f"customer.credit == '{chance.choice(['none', 'cash_only', 'amount'])}'"
        if chance.random() < 0.2:
            return "customer.exposure + order.payable > customer.limit"
        fact = chance.choice([*_MONEY, *_NUMBERS])
        return f"{fact} {chance.choice(['<', '<=', '>', '>='])} {self._bound_of(fact)}"

    def _approval(self) -> Written:
        chance = self._chance
        rule = self._rule("APPROVAL", _CUSTOMER_KEYS, ranked=True)
        rule["levels"] = self._levels()
        if chance.random() < 0.8:
            rule["on"] = chance.sample(_CODES, chance.choice([1, 3, 6]))
        if chance.random() < 0.3:
            rule["if"] = self._text()
        if chance.random() < 0.2:
            rule["never"] = ["requester", "salesperson"]
        if chance.random() < 0.2:
            ways = {"quantities": "lower", "payment": chance.sample(["cash", "advance"], 1)}
            rule["counter"] = dict(chance.sample(sorted(ways.items()), chance.randint(1, 2)))
        return rule

    def _levels(self) -> list[Written]:
        chance = self._chance
        ends = sorted({chance.choice(MONEY_TURNS[1:]) for _ in range(chance.choice([0, 1, 2]))})
        levels = [self._level() | {"up_to": self._coins(end)} for end in ends]
        levels.append(self._level())
        for level in levels:
            level.update(self._silence(is_last=level is levels[-1]))
        return levels

    def _level(self) -> Written:
        chance = self._chance
        roles = chance.sample(_ROLES, 2)
        level: Written = chance.choice([{"role": roles[0]}, {"any_of": roles}, {"in_order": roles}])
        return {**level, "delegate": False} if chance.random() < 0.2 else level

    def _silence(self, *, is_last: bool) -> Written:
        """Say what follows where nobody decides; mostly nothing."""
        chance = self._chance
        if chance.random() < 0.5:
            return {}
        if chance.random() < 0.6:
            ways = ["wait", "reject"] if is_last else ["wait", "reject", "next"]
            return {"within": chance.choice(_TIMES), "otherwise": chance.choice(ways)}
        steps: list[Written] = [
            {"after": "30m", "notify": chance.sample(_ROLES, 2)},
            {"after": "4h", "reassign": chance.choice(_ROLES)},
            {"after": "2d", "expire": True},
        ]
        return {"escalate": steps[: chance.randint(1, 3)]}

    def _allocation(self) -> Written:
        chance = self._chance
        rule = self._rule("ALLOC", _KEYS, ranked=True)
        if chance.random() < 0.15:
            return {**rule, "pick": "none"}
        rule["pick"] = chance.choice(["fefo", "fefo", "fifo", "lifo"])
        if chance.random() < 0.3:
            rule["expires_today"] = chance.choice(["sell", "keep"])
        if chance.random() < 0.3:
            rule["min_life_days"] = chance.choice([0, 1, 30])
        if chance.random() < 0.3:
            rule["min_life_percent"] = chance.choice(["0", "33.3333", "50", "100"])
        if chance.random() < 0.3:
            rule["safety_stock"] = chance.choice([1, 2, 5, 10])
        if chance.random() < 0.4:
            rule["split"] = chance.random() < 0.3
        if chance.random() < 0.4:
            rule["manual"] = chance.choice(["allow", "reason", "refuse"])
        if chance.random() < 0.5:
            some = chance.sample(WAREHOUSES, chance.randint(1, 2))
            rule["warehouses"] = chance.choice([some, "biggest_first", "nearest"])
        return {**rule, **self._shortage()}

    def _shortage(self) -> dict[str, Any]:
        chance = self._chance
        kind = chance.choice(["cut", "cut", "backorder", "refuse", "whole", ""])
        if kind == "whole":
            return {"ship": "all_or_nothing"}
        waits = {"wait_days": 14} if kind == "backorder" and chance.random() < 0.5 else {}
        if kind == "backorder" and chance.random() < 0.5:
            waits["backorder_most"] = chance.choice([1, 3, 10])
        return {"short": kind, **waits} if kind else {}
