"""Where a customer stands: its limit, or the pack's, and what credit rules may ask for."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules import Credit, Gate
from tests.differential.plain.conditions import Rule, narrowest_first
from tests.differential.plain.desk import Desk

_BECOMES = {"order": "open_orders", "delivery": "deliveries", "invoice": "invoices"}


@dataclass(frozen=True)
class Standing:
    """A customer's limit and what it owes, in the major unit; `limit` only where it is one."""

    state: str
    limit: Decimal | None
    parts: dict[str, Decimal]
    overdue: Decimal
    overdue_days: int

    def with_order(self, part: str, payable: Decimal, gate: Gate) -> Decimal:
        """Give what a part of the exposure comes to with what passes a gate."""
        added = part in {"total", _BECOMES[gate]}
        return self.parts[part] + (payable if added else 0)


def standing_of(desk: Desk, credit: Credit) -> Standing:
    """Read where the customer stands; a limit that nobody has set is the pack's to say."""
    limit: Decimal | None = desk.money(credit.limit)
    state: str = credit.state
    if state == "unset":
        rules: list[Rule] = [{**rule, "level": _level(rule)} for rule in desk.rules("limits")]
        held = narrowest_first(rules, desk.asker, None)
        says = held[0]["limit"] if held else "cash_only"
        state = says if says in {"none", "cash_only"} else "amount"
        limit = Decimal(says) if state == "amount" else None
    parts = {
        "total": credit.exposure,
        "open_orders": credit.open_orders,
        "deliveries": credit.deliveries,
        "invoices": credit.invoices,
        "cheques": credit.cheques,
    }
    return Standing(
        state,
        limit if state == "amount" else None,
        {part: desk.money(amount) for part, amount in parts.items()},
        desk.money(credit.overdue),
        credit.overdue_days,
    )


def _level(rule: Rule) -> str:
    when = rule.get("when", {})
    keys = {"customer": "customer", "customer.type": "customer_type", "geo": "geography"}
    return next((level for key, level in keys.items() if key in when), "default")


def credit_situation(desk: Desk, standing: Standing | None) -> dict[str, dict[str, Any]]:
    """Write down what conditions of credit rules and approvals may ask for; unknown is None."""
    facts = desk.situation()
    totals = desk.totals
    facts["order"] |= {
        "gross": totals.gross,
        "net": totals.net,
        "tax": totals.tax,
        "payable": totals.payable,
    }
    known: dict[str, Any] = dict.fromkeys(
        ("credit", "limit", "exposure", "open_orders", "deliveries", "invoices", "cheques")
    )
    known |= {"overdue": None, "overdue_days": None, "age_days": desk.facts.customer.age_days}
    if standing is not None:
        parts = dict(standing.parts)
        known |= {"exposure": parts.pop("total"), **parts}
        known |= {"credit": standing.state, "limit": standing.limit}
        known |= {"overdue": standing.overdue, "overdue_days": standing.overdue_days}
    facts["customer"] |= known
    return facts
