"""Keys that every rule has: its id, its text, its conditions, its days, its weight."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rules.language.text.keys import (
    Common,
    Condition,
    Day,
    Key,
    Keys,
    Table,
    Text,
    UnitPrice,
    Whole,
    Word,
    Words,
)
from rules.language.vocabulary import (
    CHOICES,
    COUPON_KEY,
    CUSTOMER_KEYS,
    LINTS,
    PRODUCT_KEYS,
)

MAX_PRIORITY: Final = 1000
MOST_PRICE: Final = 10**15
MOST_PIECES: Final = 10**9
MOST_DAYS: Final = 100_000

MEANINGS: Final = {
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
"""What the conditions of a rule ask for."""


def conditions(text: str, keys: tuple[str, ...]) -> dict[str, Key]:
    """Declare conditions, by key."""
    return {key: Words(key, f"{MEANINGS[key]}; {text}", CHOICES.get(key, ())) for key in keys}


def _asking(*keys: str) -> type[Keys]:
    """Declare a `when` that may ask for some keys."""

    class Barred(Keys):
        """What is left out, each key by itself."""

        declared = conditions("none of them", keys)

    class When(Keys):
        """The conditions, all of which have to hold; of listed values one."""

        barred = Table("not", "what is left out, each key by itself", Barred)
        declared = conditions("any of them", keys)

    return When


class Valid(Keys):
    """The days the rule holds, both included; without an end it goes on."""

    first = Day("from", "its first day")
    last = Day("to", "its last day")


class Lint(Keys):
    """Doubts of `rules lint` that are meant."""

    allow = Words("allow", "codes of doubts", tuple(LINTS))
    reason = Word("reason", "why they are meant")
    needs = ("allow", "reason")


PRIORITY: Final = Whole(
    "priority", "the larger wins or comes first; 0 otherwise", most=MAX_PRIORITY
)

SHARED: Final[dict[str, Key]] = {
    "id": Word("id", "the rule's name: letters, digits, '-', '_' and '.', once in a pack"),
    "text": Text("text", "what people read instead of the id"),
    "when": Table("when", "", _asking(*CUSTOMER_KEYS, *PRODUCT_KEYS)),
    "when_scheme": Table("when", "", _asking(*CUSTOMER_KEYS, *PRODUCT_KEYS, COUPON_KEY)),
    "when_customer": Table("when", "", _asking(*CUSTOMER_KEYS)),
    "when_combo": Table("when", "", _asking(*CUSTOMER_KEYS, COUPON_KEY)),
    "when_nothing": Table("when", "", _asking()),
    "valid": Table("valid", "", Valid),
    "priority": PRIORITY,
    "lint": Table("lint", "", Lint),
}
"""What many rules say alike, by the names that they refer to it with."""


class Rule(Keys):
    """A rule."""

    id = Common("id", "id")
    text: ClassVar[Key] = Common("text", "text")
    when = Common("when", "when")
    valid = Common("valid", "valid")
    priority = Common("priority", "priority")
    lint = Common("lint", "lint")
    needs: ClassVar[Sequence[str]] = ("id",)


class CustomerRule(Rule):
    """A rule whose conditions are about the customer alone."""

    when = Common("when", "when_customer")


class CreditFactsRule(CustomerRule):
    """A rule that may also ask for where the customer stands."""

    holds = Condition("if", "credit")


PRICE: Final = UnitPrice("", "a price", least=1, most=MOST_PRICE)
