"""The sections that settle an order: taxes, credit, approvals and allocation."""

from rules.language.settlement.allocation import PICKS, TODAY
from rules.language.settlement.approvals import APPROVAL_CODES
from rules.language.vocabulary import CHOICES, FACTS, GATES, NEVER_DECIDE
from rules.tools.schema.rule_files.conditions import rule
from rules.tools.schema.rule_files.values import (
    Schema,
    choice,
    exactly_one,
    flag,
    listing,
    named,
    number,
    number_or,
    percent,
    table,
    whole,
    word,
    words,
)


def sections() -> dict[str, Schema]:
    """Describe the sections `taxes`, `credit`, `approvals` and `allocation`."""
    head = number_or("a rate", {"amount": number("so much for each base unit")})
    heads = named(
        "the parts of the tax by name, in percent or by the unit", head | {"maximum": 1000}
    )
    tax = rule("a rate by class, day and place", {"heads": heads}, needs=("heads",))
    return {
        "taxes": listing("tax rates", tax),
        "limits": listing("limits of customers who have none of their own", _limit()),
        "gates": listing("where credit is checked", _gates()),
        "credit": listing("what is asked of who buys on credit; all are told", _credit()),
        "approvals": listing("who may release what is held", _approval()),
        "allocation": listing("how batches are picked", _allocation()),
    }


def _limit() -> Schema:
    own = number("an amount, or none or cash_only") | {
        "pattern": r"^([0-9]+(\.[0-9]+)?|none|cash_only)$"
    }
    return rule(
        "the limit of customers who have none of their own; the narrowest rule counts",
        {"limit": own},
        when="when_customer",
        needs=("limit",),
    )


def _gates() -> Schema:
    gates = {
        "order": flag("whether credit is checked when goods are ordered; true otherwise"),
        "delivery": flag("when they leave; true otherwise"),
        "invoice": flag("when they are billed; false otherwise"),
    }
    return rule(
        "where credit is checked; the narrowest rule counts", gates, when="when_customer"
    ) | {"anyOf": [{"required": [gate]} for gate in gates]}


def _ceiling() -> Schema:
    parts = {
        "total": "of all that is owed or ordered",
        "open_orders": "of open orders",
        "deliveries": "of deliveries without an invoice",
        "invoices": "of unpaid invoices",
        "cheques": "of cheques that are not cleared",
    }
    amounts = {part: number(f"the most {text}") for part, text in parts.items()}
    return table("holds above it, for orders on credit", amounts) | exactly_one(*parts)


def _credit() -> Schema:
    numbers = [name for name, kind in FACTS["credit"].items() if kind != "text"]
    bound = {name: number("a bound, itself allowed", least=None) for name in numbers}
    return rule(
        "a condition on where the customer stands, and what follows",
        {
            "text": word("what people read"),
            "at_least": table("facts that are at least so much", bound),
            "at_most": table("facts that are at most so much", bound),
            "overdue": table(
                "holds where more is overdue, and for longer",
                {"limit": number("what may be overdue"), "grace_days": whole("days that may be")},
            )
            | {"anyOf": [{"required": ["limit"]}, {"required": ["grace_days"]}]},
            "limit": _ceiling(),
            "at": words("the gates it is asked at; all otherwise", GATES),
            "then": choice("the most severe decides", ("stop", "approve", "allow_if", "allow")),
            "route": words("ids of approvals that release it: the first that holds counts"),
            "require": words("what allows it, such as advance"),
        },
        when="when_customer",
        stages=("credit",),
        needs=("then",),
    )


def _approval() -> Schema:
    return rule(
        "who may release what",
        {
            "on": words("reasons that it is for, beside credit rules' routes", APPROVAL_CODES),
            "levels": listing("by amount; the last has no `up_to`", _level(), least=1),
            "never": words("who may not decide; the requester always", NEVER_DECIDE),
            "counter": table(
                "what may be offered instead of a yes",
                {
                    "quantities": choice("smaller quantities", ("lower",)),
                    "payment": words("other ways to pay", CHOICES["payment"]),
                },
            )
            | {"anyOf": [{"required": ["quantities"]}, {"required": ["payment"]}]},
        },
        when="when_customer",
        stages=("credit",),
        needs=("levels",),
    )


def _level() -> Schema:
    return table(
        "who decides up to an amount",
        {
            "role": word("one role"),
            "any_of": words("any of these roles"),
            "in_order": words("these roles, one after another"),
            "up_to": number("the largest amount of this level"),
            "within": _time("by when somebody decides"),
            "otherwise": choice("what follows if nobody does", ("wait", "next", "reject")),
            "delegate": flag("whether somebody may stand in for who decides; true otherwise"),
            "escalate": listing("what follows silence, step by step", _escalation()),
        },
    ) | exactly_one("role", "any_of", "in_order")


def _escalation() -> Schema:
    return table(
        "one step; none is a yes",
        {
            "after": _time("how long nobody has decided"),
            "notify": words("roles that are told"),
            "reassign": words("roles that decide instead"),
            "expire": {"description": "the approval is over", "enum": [True]},
        },
        needs=("after",),
    ) | exactly_one("notify", "reassign", "expire")


def _time(text: str) -> Schema:
    return {
        "description": f"{text}: 30m, 4h or 2d",
        "type": "string",
        "pattern": "^[0-9]{1,4}[mhd]$",
    }


def _allocation() -> Schema:
    return rule(
        "how batches are picked; the narrowest rule counts",
        {
            "pick": choice(
                "expires first, oldest made first, newest made first, or not kept in stock", PICKS
            ),
            "expires_today": choice(
                "what is done with what expires today; as the pack says otherwise", TODAY
            ),
            "min_life_days": whole("days a batch must have left"),
            "min_life_percent": percent("of its life a batch must have left"),
            "split": flag("whether several batches may fill a line"),
            "short": choice("what happens to what is missing", ("cut", "backorder", "refuse")),
            "wait_days": whole("for how long what is on back-order may follow", least=1),
            "backorder_most": whole(
                "so many pieces of a line may follow, the rest is cut", least=1
            ),
            "safety_stock": whole("so many pieces of each product stay on the shelf", least=1),
            "ship": choice("whether the order ships whole", ("as_available", "all_or_nothing")),
            "warehouses": words("the order of warehouses, biggest_first or nearest"),
            "manual": choice(
                "whether a line may name a batch before its turn", ("allow", "reason", "refuse")
            ),
        },
        needs=("pick",),
    )
