"""The sections that settle an order: taxes, credit, approvals and allocation."""

from rules.language.settlement.approvals import APPROVAL_CODES
from rules.language.vocabulary import FACTS
from rules.tools.editors.conditions import rule
from rules.tools.editors.values import (
    Schema,
    choice,
    exactly_one,
    flag,
    listing,
    named,
    number,
    percent,
    table,
    whole,
    word,
    words,
)


def sections() -> dict[str, Schema]:
    """Describe the sections `taxes`, `credit`, `approvals` and `allocation`."""
    heads = named("the parts of the tax by name, in percent", number("a rate", most=1000))
    tax = rule("a rate by class, day and place", {"heads": heads}, needs=("heads",))
    return {
        "taxes": listing("tax rates", tax),
        "credit": listing("what is asked of who buys on credit; all are told", _credit()),
        "approvals": listing("who may release what is held", _approval()),
        "allocation": listing("how batches are picked", _allocation()),
    }


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
            "then": choice("the most severe decides", ("stop", "approve", "allow_if", "allow")),
            "route": word("the id of the approval that releases it"),
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
        },
        when="when_nothing",
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
            "within": {
                "description": "by when somebody decides: 30m, 4h or 2d",
                "type": "string",
                "pattern": "^[0-9]{1,4}[mhd]$",
            },
            "otherwise": choice("what follows if nobody does", ("wait", "next", "reject")),
        },
    ) | exactly_one("role", "any_of", "in_order")


def _allocation() -> Schema:
    return rule(
        "how batches are picked; the narrowest rule counts",
        {
            "pick": choice(
                "expires first, oldest made first or newest made first", ("fefo", "fifo", "lifo")
            ),
            "min_life_days": whole("days a batch must have left"),
            "min_life_percent": percent("of its life a batch must have left"),
            "split": flag("whether several batches may fill a line"),
            "short": choice("what happens to what is missing", ("cut", "backorder", "refuse")),
            "ship": choice("whether the order ships whole", ("as_available", "all_or_nothing")),
            "warehouses": words("the order of warehouses, biggest_first or nearest"),
            "manual": choice(
                "whether a line may name a batch before its turn", ("allow", "reason", "refuse")
            ),
        },
        needs=("pick",),
    )
