"""Engines that say which schemes hold for each line of an order, all given the same schemes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import rule_engine
import zen

from rules import CompiledPack, Counters, Facts, Order
from rules.engine.index import places
from rules.stages.run import Line, Run
from tests.benchmarks.rules_workload import Scheme

Matches = list[list[str]]

_KEYS: Final = {
    "sku": "sku",
    "brand": "brand",
    "category": "category",
    "customer": "customer",
    "customer.type": "customer_type",
    "geo": "geo",
}


class Engine(Protocol):
    """Holds the schemes; what a call is given is prepared before the clock runs."""

    def prepare(self, order: Order, facts: Facts) -> Any:
        """Put an order into the form that the engine takes."""

    def match(self, prepared: Any) -> Any:
        """Find the schemes that hold; this is timed."""

    def read(self, found: Any) -> Matches:
        """Give the schemes' ids line by line, sorted."""


class OurMatching:
    """The index and the conditions of the decision core, with nothing decided."""

    def __init__(self, pack: CompiledPack) -> None:
        self._pack = pack

    def prepare(self, order: Order, facts: Facts) -> tuple[Order, Facts]:
        """Take an order as it is."""
        return order, facts

    def match(self, prepared: tuple[Order, Facts]) -> Matches:
        """Look every line up in both tables of schemes that ask for a line."""
        order, facts = prepared
        pack = self._pack
        run = Run(order, facts, Counters(), pack=pack)
        line_schemes, free_schemes = pack.line_schemes.rules, pack.free_schemes.rules
        mine, mine_free = run.side.line_schemes, run.side.free_schemes
        found: Matches = []
        for asked in order.lines:
            product = facts.products[asked.sku]
            goods = pack.sides.of_product(product)
            line = Line(asked, product, goods)
            hits: list[str] = []
            values = None
            for place in places(mine & goods.line_schemes):
                scheme = line_schemes[place]
                if scheme.condition is not None:
                    values = values or run.values(line)
                    if not scheme.condition(values):
                        continue
                hits.append(scheme.id)
            hits += [free_schemes[place].id for place in places(mine_free & goods.free_schemes)]
            found.append(hits)
        return found

    def read(self, found: Matches) -> Matches:
        """Sort what was found."""
        return [sorted(hits) for hits in found]


class RuleEngine:
    """One `rule-engine` rule a scheme, each tried on each line."""

    def __init__(self, schemes: Sequence[Scheme]) -> None:
        self._rules = [(one.id, rule_engine.Rule(_expression(one))) for one in schemes]

    def prepare(self, order: Order, facts: Facts) -> list[dict[str, Any]]:
        """Write every line with all that is asked of it."""
        return _lines(order, facts)

    def match(self, prepared: list[dict[str, Any]]) -> Matches:
        """Try every rule on every line."""
        return [[name for name, rule in self._rules if rule.matches(line)] for line in prepared]

    def read(self, found: Matches) -> Matches:
        """Sort what was found."""
        return [sorted(hits) for hits in found]


class ZenLoop:
    """A zen decision table that is given all lines of an order at once."""

    def __init__(self, schemes: Sequence[Scheme], *, trace: bool = False) -> None:
        table = _zen_table(schemes)
        table |= {"executionMode": "loop", "inputField": "lines", "outputPath": "found"}
        self._engine = _zen_engine(table)
        self._options: Any = {"trace": trace}

    def prepare(self, order: Order, facts: Facts) -> str:
        """Write the lines as JSON, which zen takes faster than a dict."""
        return json.dumps({"lines": _lines(order, facts)})

    def match(self, prepared: str) -> Any:
        """Evaluate the table."""
        return self._engine.evaluate("schemes", prepared, self._options)

    def read(self, found: Any) -> Matches:
        """Take the ids out of the answer."""
        return [_ids(rows) for rows in found["result"]["found"]]


class ZenBatch:
    """A zen decision table that is given the lines of an order as a batch."""

    def __init__(self, schemes: Sequence[Scheme]) -> None:
        self._engine = _zen_engine(_zen_table(schemes))

    def prepare(self, order: Order, facts: Facts) -> list[Any]:
        """Make one request a line."""
        return [{"key": "schemes", "context": line} for line in _lines(order, facts)]

    def match(self, prepared: list[Any]) -> Any:
        """Evaluate the batch."""
        return self._engine.evaluate_batch(prepared)

    def read(self, found: Any) -> Matches:
        """Take the ids out of the answers."""
        return [_ids(one["data"]["result"]) for one in found]


def _lines(order: Order, facts: Facts) -> list[dict[str, Any]]:
    customer = facts.customer
    return [
        {
            "sku": line.sku,
            "brand": facts.products[line.sku].brand,
            "category": "/".join(facts.products[line.sku].category),
            "customer": customer.id,
            "customer_type": customer.type,
            "geo": "/".join(customer.geo),
            "quantity": line.quantity,
            "day": order.business_date.toordinal(),
        }
        for line in order.lines
    ]


def _expression(scheme: Scheme) -> str:
    asked = [f"{_KEYS[key]} in {json.dumps(values)}" for key, values in scheme.when.items()]
    if scheme.days is not None:
        first, last = (day.toordinal() for day in scheme.days)
        asked.append(f"day >= {first} and day <= {last}")
    if scheme.least:
        asked.append(f"quantity >= {scheme.least}")
    return " and ".join(asked)


def _zen_engine(table: Mapping[str, Any]) -> zen.ZenEngine:
    nodes = [
        {"id": "input", "name": "input", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "output", "name": "output", "type": "outputNode"},
    ]
    edges = [
        {"id": "in", "sourceId": "input", "targetId": "table"},
        {"id": "out", "sourceId": "table", "targetId": "output"},
    ]
    document = {"schemes": {"nodes": nodes, "edges": edges}}
    return zen.ZenEngine({"loader": {"type": "static", "content": document}})


def _zen_table(schemes: Sequence[Scheme]) -> dict[str, Any]:
    asked = [*_KEYS.values(), "quantity", "day"]
    return {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in asked],
        "outputs": [{"id": "id", "name": "id", "field": "id"}],
        "rules": [_zen_row(scheme) for scheme in schemes],
        "passThrough": False,
    }


def _zen_row(scheme: Scheme) -> dict[str, str]:
    row = {"_id": scheme.id, "id": json.dumps(scheme.id)}
    for key, name in _KEYS.items():
        row[name] = ", ".join(json.dumps(value) for value in scheme.when.get(key, ()))
    row["quantity"] = f">= {scheme.least}" if scheme.least else ""
    row["day"] = ""
    if scheme.days is not None:
        row["day"] = f"[{scheme.days[0].toordinal()}..{scheme.days[1].toordinal()}]"
    return row


def _ids(rows: Sequence[Mapping[str, str]]) -> list[str]:
    return sorted(row["id"] for row in rows)
