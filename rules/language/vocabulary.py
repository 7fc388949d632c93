"""The words rule files may use: conditions, facts and where each is known; the pack's format."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

FORMAT: Final = 1
"""The number of the packed format; an engine refuses any other."""

ENGINE: Final = 2
"""What this engine can do; a pack names the least it needs.

It rises by one in each release in which a packed rule means something new or else, or comes to
another price hash, so that a terminal of before refuses the pack instead of pricing otherwise.
2: heads of a tax are rounded each by itself, and what was not given is not counted.
"""

LANGUAGES: Final = ("en", "hi")
"""The languages that people read; the first stands in for one that is not there."""
COUNTER_LANGUAGES: Final = (*LANGUAGES, "ar", "ta")
"""The languages of counters, their slips and pages; pages of the hub have the ones above."""

Kind = Literal["money", "count", "text"]

CUSTOMER_KEYS: Final = ("customer", "customer.type", "customer.status", "geo", "payment")
PRODUCT_KEYS: Final = ("sku", "category", "brand", "tax_class")
COUPON_KEY: Final = "coupon"
"""A condition on the customer's side that schemes alone may have."""

TREE_KEYS: Final = frozenset({"geo", "category"})
"""Conditions on a node of a tree, as a path from its root: `IN/KA` holds for all below it."""

NODE_SEPARATOR: Final = "/"

Each = Literal["day", "week", "month", "quarter", "year", "scheme"]
"""What ends a count of a scheme: a stretch of the calendar, or the scheme's own days."""

EACH: Final = get_args(Each)

GivenBy = Literal["slabs", "free", "combo"]
"""The key of a rule file under which a scheme says what it gives."""


class SchemeKind(NamedTuple):
    """A kind of scheme: what it gives by, and the table of a compiled pack that holds it.

    Discounts of one `stage` add up: a combo's with those of lines; what stands in another acts on
    what these leave.
    """

    given_by: GivenBy
    table: str
    stage: Literal["line", "order", "free"]


SCHEME_KINDS: Final[Mapping[str, SchemeKind]] = {
    "line": SchemeKind("slabs", "line_schemes", "line"),
    "basket": SchemeKind("slabs", "basket_schemes", "line"),
    "combo": SchemeKind("combo", "combos", "line"),
    "order": SchemeKind("slabs", "order_schemes", "order"),
    "free": SchemeKind("free", "free_schemes", "free"),
}
"""Every kind of scheme by the name that packs have for it, in the order in which they apply."""

LEVELS: Final = ("default", "geography", "customer_type", "customer")
"""Price levels, the weakest first."""

LEVEL_KEYS: Final = {"geography": "geo", "customer_type": "customer.type", "customer": "customer"}

CHOICES: Final = {
    "payment": ("credit", "cash", "advance"),
    "customer.status": ("active", "hold", "blocked"),
}

GATES: Final = ("order", "delivery", "invoice")
"""Where credit is checked: when goods are ordered, when they leave, when they are billed."""

GATES_BY_DEFAULT: Final = ("order", "delivery")
"""Where it is checked if the pack says nothing: once billed, the goods have left long ago."""

NEVER_DECIDE: Final = ("requester", "salesperson")
"""Who may not decide on an order, by what they are to it; who asks, whatever a pack says."""

CREDIT_PARTS: Final = ("total", "open_orders", "deliveries", "invoices", "cheques")
"""What a credit rule may set a limit to: the whole exposure, or a part of it."""

NOT_STOCKED: Final = "none"
"""How a product is picked that nobody keeps: a service, or what is made to order."""

LIMIT_STATES: Final = ("none", "cash_only", "amount", "unset")
"""What a customer's credit limit may be."""

_CUSTOMER: Final[dict[str, Kind]] = {
    "customer.id": "text",
    "customer.type": "text",
    "customer.status": "text",
    "order.payment": "text",
    "order.lines": "count",
}

_LINE: Final[dict[str, Kind]] = {
    "line.quantity": "count",
    "line.gross": "money",
    "product.sku": "text",
    "product.brand": "text",
    "product.tax_class": "text",
}

FACTS: Final[dict[str, dict[str, Kind]]] = {
    "line": {**_CUSTOMER, **_LINE, "order.gross": "money"},
    "order": {**_CUSTOMER, "order.gross": "money", "order.net": "money"},
    "credit": {
        **_CUSTOMER,
        "order.gross": "money",
        "order.net": "money",
        "order.tax": "money",
        "order.payable": "money",
        "customer.credit": "text",
        "customer.limit": "money",
        "customer.exposure": "money",
        "customer.open_orders": "money",
        "customer.deliveries": "money",
        "customer.invoices": "money",
        "customer.cheques": "money",
        "customer.overdue": "money",
        "customer.overdue_days": "count",
        "customer.age_days": "count",
    },
}
"""The facts an `if:` may name, by the stage that asks.

Prices and schemes see no credit facts: a terminal would have them older than the hub, and the two
would show a shop different amounts.
"""

LINTS: Final = {
    "always_true": "warning",
    "budget_unfunded": "warning",
    "cap_below_unit": "warning",
    "covered": "warning",
    "csv_empty": "warning",
    "csv_unused": "warning",
    "expired": "warning",
    "file_unread": "warning",
    "gift_large": "warning",
    "heads_unequal": "warning",
    "level_unreachable": "warning",
    "matches_nothing": "warning",
    "names_alike": "warning",
    "never_asked": "warning",
    "never_matches": "error",
    "no_case": "warning",
    "no_cases": "warning",
    "over_100": "error",
    "over_bill": "warning",
    "percent_small": "warning",
    "price_gap": "warning",
    "role_unheld": "warning",
    "route_unnamed": "warning",
    "scale_unkept": "error",
    "slab_gap": "warning",
    "slab_no_better": "warning",
    "stacks_over_100": "warning",
    "under_cost": "warning",
    "under_floor": "warning",
    "unknown_customer": "error",
    "unknown_node": "warning",
    "unknown_sku": "error",
    "unknown_unit": "warning",
    "unknown_warehouse": "warning",
    "unpriced": "warning",
}
"""What lint doubts, and how much; a rule may allow each with a reason."""
