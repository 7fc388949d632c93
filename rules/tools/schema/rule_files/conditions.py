"""What every rule may say: its id, its conditions, its days, its weight and what lint lets pass."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rules.language.conditions import MAX_PRIORITY, SCHEME_KEYS
from rules.language.expressions import MAX_TEXT
from rules.language.vocabulary import CHOICES, COUPON_KEY, CUSTOMER_KEYS, FACTS, LINTS, PRODUCT_KEYS
from rules.tools.schema.rule_files.values import (
    Schema,
    day,
    refer,
    table,
    texts,
    whole,
    word,
    words,
)

_MEANINGS: Final = {
    "customer": "ids of customers",
    "customer.type": "types of customers, such as retailer",
    "customer.status": "whether the customer is free to buy",
    "geo": "regions as paths from the root, such as IN/KA; all below them are meant",
    "payment": "how the order is paid",
    "sku": "SKUs of products",
    "category": "categories as paths from the root; all below them are meant",
    "brand": "brands of products",
    "tax_class": "tax classes of products",
    COUPON_KEY: "coupons shown with the order, upper or lower case",
}


def conditions(text: str, keys: Iterable[str]) -> dict[str, Schema]:
    """Describe conditions by key."""
    return {key: words(f"{_MEANINGS[key]}; {text}", CHOICES.get(key, ())) for key in keys}


def _when(keys: Iterable[str]) -> Schema:
    return table(
        "the conditions, all of which have to hold; of listed values one",
        {
            **conditions("any of them", keys),
            "not": table("what is left out, each key by itself", conditions("none of them", keys)),
        },
    )


def definitions() -> dict[str, Schema]:
    """Describe what many rules say alike, by the names they refer to it with."""
    return {
        "id": {
            "description": "the rule's name: letters, digits, '-', '_' and '.', once in a pack",
            "type": ["string", "number"],
            "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
        },
        "text": texts("what people read instead of the id"),
        "when": _when((*CUSTOMER_KEYS, *PRODUCT_KEYS)),
        "when_scheme": _when(SCHEME_KEYS),
        "when_customer": _when(CUSTOMER_KEYS),
        "when_combo": _when((*CUSTOMER_KEYS, COUPON_KEY)),
        "when_nothing": _when(()),
        "valid": table(
            "the days the rule holds, both included; without an end it goes on",
            {"from": day("its first day"), "to": day("its last day")},
        ),
        "priority": whole("the larger wins or comes first; 0 otherwise", most=MAX_PRIORITY),
        "lint": table(
            "doubts of `rules lint` that are meant",
            {"allow": words("codes of doubts", LINTS), "reason": word("why they are meant")},
            needs=("allow", "reason"),
        ),
    }


def rule(
    text: str,
    properties: Mapping[str, Schema],
    *,
    when: str = "when",
    stages: Sequence[str] = (),
    needs: Sequence[str] = (),
) -> Schema:
    """Describe a rule: what all have, and what is its own; `stages` where it has an `if`."""
    names = {name: name for name in ("id", "text", "valid", "priority", "lint")} | {"when": when}
    shared = {key: refer(name) for key, name in names.items()}
    if stages:
        facts = ", ".join(dict.fromkeys(fact for stage in stages for fact in FACTS[stage]))
        shared["if"] = {
            "description": f"an expression that has to hold; it knows {facts}",
            "type": "string",
            "maxLength": MAX_TEXT,
        }
    return table(text, {**shared, **properties}, needs=("id", *needs))
