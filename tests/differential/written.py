"""Rule files by chance: every kind of price, scheme and tax, with edges that orders will hit."""

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from tests.differential.worlds import (
    BRANDS,
    CATEGORIES,
    COUPONS,
    CUSTOMERS,
    DAYS,
    PLACES,
    SKUS,
    TAX_CLASSES,
    TYPES,
)

Written = dict[str, Any]

COUNTS: Final = [1, 2, 3, 4, 5, 6, 7, 10, 12, 20, 24]
"""Where slabs and free goods turn, so that orders can ask for just as many, one less, one more."""

EACH: Final = ["day", "week", "month", "quarter", "year", "scheme"]
"""The periods that are counted in."""

_PERCENTS: Final = [
    "0.0001",
    "0.5",
    "1",
    "2.5",
    "5",
    "10",
    "12.5",
    "33.3333",
    "50",
    "99.9999",
    "100",
]
_WORDS: Final = {
    "customer": CUSTOMERS,
    "customer.type": TYPES,
    "customer.status": ["active", "hold", "blocked"],
    "geo": PLACES,
    "payment": ["credit", "cash", "advance"],
    "coupon": COUPONS,
    "sku": SKUS,
    "category": CATEGORIES,
    "brand": BRANDS,
    "tax_class": TAX_CLASSES,
}
CUSTOMER_KEYS: Final = ["customer", "customer.type", "customer.status", "geo", "payment"]
PRODUCT_KEYS: Final = ["sku", "category", "brand", "tax_class"]
_KEYS: Final = [*CUSTOMER_KEYS, *PRODUCT_KEYS]
SCHEME_KEYS: Final = [*_KEYS, "coupon"]
_LEVEL_KEYS: Final = {
    "geography": "geo",
    "customer_type": "customer.type",
    "customer": "customer",
}


def as_yaml(document: Written) -> str:
    """Write a rule file; JSON is YAML too."""
    return json.dumps(document, indent=1)


class Author:
    """Writes one rule file; `scale` is the currency's."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.scale = chance.choice([2, 2, 2, 0, 3, 4])
        self._turn = iter(chance.sample(range(1, 1000), 200))
        self._number = 0
        self._tax_is = chance.choice(["exclusive", "inclusive"])

    def write(self) -> Written:
        """Write the whole file."""
        chance = self._chance
        schemes = [self._scheme() for _ in range(chance.randint(0, 9))]
        named = sorted({scheme["group"] for scheme in schemes if "group" in scheme})
        groups = [
            {"name": name, "pick": chance.choice(["best", "priority", "cheapest"])}
            for name in named
            if chance.random() < 0.7
        ]
        by_priority = {group["name"] for group in groups if group["pick"] == "priority"}
        for scheme in schemes:
            if scheme.get("group") in by_priority:
                scheme["priority"] = next(self._turn)
        return {
            "pack": self._head(),
            "prices": list(self._prices()),
            "quantities": [self._quantity() for _ in range(chance.choice([0, 0, 1, 2]))],
            "floors": [self._floor() for _ in range(chance.choice([0, 0, 1, 2]))],
            "discounts": [self._discount() for _ in range(chance.choice([0, 1, 2, 3]))],
            "schemes": schemes,
            "groups": groups,
            "taxes": [self._tax() for _ in range(chance.choice([0, 1, 2, 3]))],
        }

    def _head(self) -> Written:
        chance = self._chance
        head: Written = {
            "name": "made",
            "version": 1,
            "currency": "XTS",
            "scale": self.scale,
            "timezone": "Asia/Kolkata",
            "tax": self._tax_is,
        }
        if chance.random() < 0.5:
            head["round_to"] = str(chance.choice([1, 5, 50, 100]) * Decimal(1).scaleb(-self.scale))
        if chance.random() < 0.5:
            head["above_mrp"] = chance.choice(["hold", "reject", "allow"])
        if chance.random() < 0.5:
            ways = ["add", "compound"]
            across = chance.choice([*ways, "leave_out"])
            head["stacking"] = {"inside": chance.choice(ways), "across": across}
        if chance.random() < 0.4:
            days = ["order", "delivery", "delivery"]
            head["dates"] = {key: chance.choice(days) for key in ("prices", "schemes", "taxes")}
        return head

    def _id(self, kind: str) -> str:
        self._number += 1
        # Ids are no counters: the turn of schemes that are alike must not be that of the file.
        return f"{self._chance.choice('ABCDE')}{self._number}-{kind}"

    def _rule(self, kind: str, keys: list[str], *, ranked: bool = False) -> Written:
        chance = self._chance
        rule: Written = {"id": self._id(kind)}
        when = self._when(keys, most=2)
        if chance.random() < 0.15:
            when["not"] = self._when(keys, most=1) or {"customer": CUSTOMERS[0]}
        if when:
            rule["when"] = when
        days = sorted(chance.choices(DAYS, k=2))
        valid = {key: str(day) for key, day in zip(("from", "to"), days, strict=True)}
        if chance.random() < 0.3:
            valid.pop(chance.choice(["from", "to"]))
        if chance.random() < 0.4:
            rule["valid"] = valid
        if ranked:
            rule["priority"] = next(self._turn)
        elif chance.random() < 0.4:
            rule["priority"] = chance.choice([0, 1, 1, 5])
        return rule

    def _when(self, keys: list[str], *, most: int) -> Written:
        chance = self._chance
        picked = chance.sample(keys, chance.choice([0, *range(most + 1)]))
        return {key: self._listed(key) for key in sorted(picked)}

    def _listed(self, key: str) -> str | list[str]:
        known = _WORDS[key]
        words = self._chance.sample(known, min(len(known), self._chance.choice([1, 1, 2, 3])))
        return words[0] if len(words) == 1 else words

    def _prices(self) -> Iterator[Written]:
        chance = self._chance
        yield {"id": "BASE", "level": "default", "rates": self._rates(0.95)}
        if chance.random() < 0.3:
            rule = self._rule("LIST", PRODUCT_KEYS, ranked=True)
            yield {**rule, "level": "default", **self._listed_prices()}
        for level, key in _LEVEL_KEYS.items():
            for _ in range(chance.choice([0, 0, 1, 2])):
                rule = self._rule(level.upper(), _KEYS, ranked=True)
                rule["level"] = level
                if chance.random() < 0.1 and key not in rule.get("when", {}):
                    rule["for_all"] = True
                else:
                    rule.setdefault("when", {})[key] = self._listed(key)
                if chance.random() < 0.3:
                    rule["above_mrp"] = chance.choice(["hold", "reject", "allow"])
                yield {**rule, **self._priced()}

    def _priced(self) -> Written:
        """Move the price of the level below, or list one."""
        chance = self._chance
        if chance.random() < 0.4:
            return self._listed_prices()
        ways = chance.choice([["adjust"], ["adjust"], ["margin"], ["margin", "adjust"]])
        moves: Written = {}
        for way in ways:
            sign = chance.choice(["-", ""]) if way == "adjust" else ""
            if chance.random() < 0.3:
                moves[way] = {"amount": f"{sign}{chance.randint(1, 90_000) / 10_000:.4f}"}
            else:
                moves[way] = {"percent": self._adjustment() if sign else self._percent()}
        return moves

    def _listed_prices(self) -> Written:
        chance = self._chance
        if chance.random() < 0.25:
            return {"mrp": {"percent": chance.choice(["0", "-18.5", "-33.3333", "-50"])}}
        rates: Written = {"rates": self._rates(0.5)}
        if chance.random() < 0.3:
            rates["per"] = chance.choice(["CASE", "CASE", "PCS"])
        return rates

    def _rates(self, share: float) -> Written:
        chance = self._chance
        rates = {sku: self._unit_price() for sku in SKUS if chance.random() < share}
        return rates or {SKUS[0]: "1"}

    def _unit_price(self) -> str:
        """Give a price whose multiples often end on half a coin."""
        chance = self._chance
        price = chance.choice([chance.randint(1, 400), chance.randint(1, 3_000_000)])
        halves = chance.choice([1, 1, 25, 50, 2500, 5000])
        return str((Decimal(price * halves) / 10_000).normalize().quantize(Decimal("0.0001")))

    def _percent(self) -> str:
        chance = self._chance
        exact = Decimal(chance.randint(1, 999_999)).scaleb(-4)
        return chance.choice([*_PERCENTS, str(exact), str(exact)])

    def _adjustment(self) -> str:
        percent = self._percent()
        return percent if percent == "100" else self._chance.choice(["-", ""]) + percent

    def _money(self, most: int) -> str:
        return self._coins(self._chance.choice([1, 5, 50, self._chance.randint(1, most)]))

    def _coins(self, coins: int) -> str:
        return str(Decimal(coins).scaleb(-self.scale))

    def _quantity(self) -> Written:
        chance = self._chance
        rule = self._rule("QTY", _KEYS, ranked=True)
        rule["then"] = chance.choice(["round_up", "round_up", "hold", "reject"])
        if chance.random() < 0.4:
            rule["in"] = "CASE"
        if chance.random() < 0.5:
            rule["min"] = chance.choice(COUNTS)
        if "min" not in rule or chance.random() < 0.5:
            rule["multiple"] = chance.choice([2, 3, 5])
        return rule

    def _floor(self) -> Written:
        rule = self._rule("FLOOR", _KEYS, ranked=True)
        if self._chance.random() < 0.3:
            return {**rule, "cost": {"percent": self._chance.choice(["90", "103", "99.9999"])}}
        if self._chance.random() < 0.5:
            return {**rule, "percent": self._percent()}
        return {**rule, "rates": self._rates(0.6)}

    def _discount(self) -> Written:
        chance = self._chance
        rule = self._rule("ASK", _KEYS, ranked=True)
        rule["above"] = chance.choice(["approve", "approve", "cut", "refuse"])
        if chance.random() < 0.3:
            return {**rule, "amount": self._unit_price()}
        return {**rule, "percent": chance.choice(["0", "5", self._percent()])}

    def _tax(self) -> Written:
        chance = self._chance
        rule = self._rule("TAX", _KEYS, ranked=True)
        rates = ["0", "0.25", "2.5", "6", "9", "14", "20", "33.3333", "100"]
        heads = chance.sample(["CGST", "SGST", "CESS"], chance.choice([1, 2, 2, 3]))
        written: Written = {head: chance.choice(rates) for head in heads}
        if chance.random() < 0.25:
            written[heads[0]] = {"amount": self._unit_price()}
        return {**rule, "heads": written}

    def _scheme(self) -> Written:
        kind = self._chance.choice(
            ["line", "line", "line", "pool", "pool", "order", "free", "combo"]
        )
        made: Written = getattr(self, f"_{kind}")()
        return made

    def _line(self) -> Written:
        rule = self._rule("LINE", SCHEME_KEYS)
        rule["count"] = self._count(["line"])
        self._condition(rule, ["line.quantity", "line.gross", "order.gross", "product.brand"])
        return self._slab_scheme(rule)

    def _pool(self) -> Written:
        rule = self._rule("POOL", SCHEME_KEYS)
        rule["count"] = self._count(["sku", "basket", "period"])
        self._condition(rule, ["order.gross", "order.net"])
        if rule["count"]["over"] != "period" and self._chance.random() < 0.4:
            rule["on"] = self._target(rule["count"])
        return self._slab_scheme(rule)

    def _target(self, count: Written) -> Written:
        """Let something else have the discount than what is counted, or some pieces of it."""
        chance = self._chance
        in_pieces = count["of"] == "qty"
        target = self._when(PRODUCT_KEYS, most=1) if chance.random() < 0.6 else {}
        if not target or chance.random() < 0.5:
            target["qty"] = chance.choice([1, 1, 2, 5])
            if in_pieces and chance.random() < 0.5:
                target["every"] = chance.choice([1, 2, 3, 5])
            picks = ["cheapest", "dearest"]
            if in_pieces and len(target.keys() - {"qty", "every"}) == 0 and "in" not in count:
                picks += ["next", "next"]
            target["pick"] = chance.choice(picks)
        return target

    def _order(self) -> Written:
        rule = self._rule("BILL", SCHEME_KEYS)
        rule["stage"] = "order"
        if self._chance.random() < 0.5:
            rule["count"] = self._untaxed({"of": self._chance.choice(["gross", "net"])})
        self._condition(rule, ["order.gross", "order.net"])
        return self._slab_scheme(rule)

    def _count(self, overs: list[str]) -> Written:
        chance = self._chance
        over = chance.choice(overs)
        worth = "gross" if over == "line" else chance.choice(["gross", "net"])
        count = {"over": over, "of": chance.choice(["qty", "qty", worth])}
        if count["of"] == "qty" and chance.random() < 0.4:
            count["in"] = "CASE"
        if over == "period":
            count["each"] = chance.choice(EACH)
        return self._untaxed(count)

    def _untaxed(self, count: Written) -> Written:
        """Count the money of some without the tax that prices include."""
        if self._tax_is == "inclusive" and count["of"] != "qty" and self._chance.random() < 0.5:
            return {**count, "without_tax": True}
        return count

    def _condition(self, rule: Written, facts: list[str]) -> None:
        chance = self._chance
        if chance.random() > 0.3:
            return
        tests = [
            self._test(chance.choice([*facts, "customer.type", "order.payment", "order.lines"]))
        ]
        if chance.random() < 0.4:
            tests.append(self._test(chance.choice(facts)))
        text = f" {chance.choice(['and', 'or'])} ".join(tests)
        rule["if"] = f"not ({text})" if chance.random() < 0.2 else text

    def _test(self, fact: str) -> str:
        chance = self._chance
        if fact.endswith(("brand", "type", "payment")):
            words = {"brand": BRANDS, "type": TYPES, "payment": _WORDS["payment"]}
            known = words[fact.split(".")[1]]
            if chance.random() < 0.5:
                return f"{fact} {chance.choice(['==', '!='])} '{chance.choice(known)}'"
            listed = ", ".join(f"'{word}'" for word in chance.sample(known, 2))
            return f"{fact} {chance.choice(['in', 'not in'])} [{listed}]"
        sign = chance.choice(["<", "<=", ">", ">=", "==", "!="])
        if fact in {"order.lines", "line.quantity"}:
            return f"{fact} {sign} {chance.choice(COUNTS)}"
        amount = self._money(300_000)
        return chance.choice(
            [f"{fact} {sign} {amount}", f"{fact} * 2 - {amount} {sign} {self._money(300_000)}"]
        )

    def _slab_scheme(self, rule: Written) -> Written:
        chance = self._chance
        in_pieces = rule.get("stage") != "order" and rule["count"]["of"] == "qty"
        marginal = chance.random() < 0.25 and "on" not in rule
        on = rule.get("on", {})
        after_nothing = on.get("pick") == "next" and "every" not in on
        counts = not {"in", "without_tax"}.isdisjoint(rule.get("count", {}))
        if chance.random() < 0.2 and not counts and not after_nothing:
            rule["percent"] = self._percent()
        else:
            closing = "gate" if "on" in rule else "any"
            rule["slabs"] = self._slabs(in_pieces=in_pieces, marginal=marginal, ends=closing)
            if marginal:
                rule["mode"] = "marginal"
        if chance.random() < 0.4:
            rule["group"] = chance.choice(["G", "H"])
        if chance.random() < 0.1:
            rule["alone"] = True
        if chance.random() < 0.2:
            rule["compound"] = True
        if chance.random() < 0.15:
            most = self._money(50_000)
            ends = [most, {"line": most}, {"line": most, "order": self._money(90_000)}]
            rule["max_discount"] = chance.choice(ends)
        return self._bound(rule)

    def _slabs(self, *, in_pieces: bool, marginal: bool, ends: str) -> list[Written]:
        chance = self._chance
        if in_pieces:
            starts = [str(count) for count in sorted(chance.sample(COUNTS, chance.randint(1, 3)))]
        else:
            coins = {chance.randint(1, 300_000) for _ in range(chance.randint(1, 3))}
            if marginal and chance.random() < 0.4:
                coins.add(0)
            starts = [str(Decimal(coin).scaleb(-self.scale)) for coin in sorted(coins)]
        slabs = []
        for place, start in enumerate(starts):
            slab: Written = {"from": start}
            kind = chance.choice(
                ["percent", "percent", "amount", "price" if in_pieces else "percent"]
            )
            if kind == "percent":
                slab["percent"] = self._percent()
            else:
                slab[kind] = self._money(30_000) if kind == "amount" else self._unit_price()
            if chance.random() < 0.2:
                slab["cap"] = self._money(20_000)
            after = Decimal(starts[place + 1]) if place + 1 < len(starts) else Decimal(start) + 9
            self._end(slab, after, marginal=marginal, ends=ends)
            slabs.append(slab)
        return slabs

    def _end(self, slab: Written, after: Decimal, *, marginal: bool, ends: str) -> None:
        """Cap or close one slab of three, anywhere before the next one starts."""
        chance = self._chance
        start = Decimal(slab["from"])
        room = int(after - start)
        if chance.random() > 0.3 or start != int(start) or start + room < 2:
            return
        gate = ends == "gate" or (chance.random() < 0.5 and not marginal)
        if "amount" in slab and not gate:
            return
        slab["to"] = str(start + chance.randint(0 if start else 1, max(room - 1, 0)))
        if gate:
            slab["gate"] = True

    def _bound(self, rule: Written) -> Written:
        chance = self._chance
        if chance.random() < 0.15:
            rule["budget"] = {"amount": self._money(100_000)}
        if chance.random() < 0.25:
            rule["limit"] = {
                whose: self._limit()
                for whose in chance.choice([["total"], ["per_customer"], ["total", "per_customer"]])
            }
        limits = rule.get("limit", {}).values()
        short = any(isinstance(limit, dict) and {"qty", "amount"} & set(limit) for limit in limits)
        if (short or "budget" in rule) and chance.random() < 0.3:
            rule["when_short"] = "none"
        return rule

    def _limit(self) -> int | Written:
        chance = self._chance
        if chance.random() < 0.3:
            return chance.choice([1, 2])
        every: Written = {
            "uses": chance.choice([1, 2]),
            "qty": chance.choice(COUNTS),
            "amount": self._money(30_000),
        }
        kept = chance.sample(sorted(every), chance.choice([1, 1, 2]))
        limit = {key: every[key] for key in kept}
        return {**limit, "each": chance.choice(EACH)} if chance.random() < 0.7 else limit
