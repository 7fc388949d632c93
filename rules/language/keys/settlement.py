"""Keys of what settles an order: taxes, limits, gates, credit, approvals, allocation."""

from collections.abc import Mapping
from typing import ClassVar, Final

from rules.language.keys.common import (
    MOST_DAYS,
    MOST_PIECES,
    CreditFactsRule,
    CustomerRule,
    Rule,
)
from rules.language.text.keys import (
    MOST,
    Choice,
    Flag,
    Key,
    Keys,
    Named,
    Number,
    NumberOr,
    Percent,
    Rows,
    Span,
    Sure,
    Table,
    UnitPrice,
    Whole,
    Word,
    Words,
)
from rules.language.vocabulary import (
    CHOICES,
    CREDIT_PARTS,
    FACTS,
    GATES,
    NEVER_DECIDE,
    NOT_STOCKED,
)

APPROVAL_CODES: Final = (
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
)
"""What an approval can be for, beside the credit rules that name it themselves."""

PICKS: Final = ("fefo", "fifo", "lifo", NOT_STOCKED)
TODAY: Final = ("sell", "keep")
"""What is done with what expires on the day of the order, the usual first."""

ORDERS: Final = ("biggest_first", "nearest")
"""What may stand in place of a list of warehouses."""

_MOST_TAX: Final = 10_000_000
_MOST_EACH: Final = 10**12


class EachUnit(Keys):
    """So much for each base unit."""

    amount = UnitPrice("amount", "so much for each base unit", least=1, most=_MOST_EACH)
    needs = ("amount",)


RATE: Final = Percent("", "a rate", most=_MOST_TAX)


class Tax(Rule):
    """A rate by class, day and place."""

    heads = Named(
        "heads",
        "the parts of the tax by name, in percent or by the unit",
        NumberOr("", "a rate", RATE, keys=EachUnit),
    )
    needs = ("id", "heads")


class Limit(CustomerRule):
    """The limit of customers who have none of their own; the narrowest rule counts."""

    limit = NumberOr(
        "limit",
        "an amount, or none or cash_only",
        Number("limit", "an amount"),
        words=("none", "cash_only"),
    )
    needs = ("id", "limit")


class Gates(CustomerRule):
    """Where credit is checked; the narrowest rule counts."""

    order = Flag("order", "whether credit is checked when goods are ordered; true otherwise")
    delivery = Flag("delivery", "when they leave; true otherwise")
    invoice = Flag("invoice", "when they are billed; false otherwise")
    any_of = GATES


class Ceiling(Keys):
    """Holds above it, for orders on credit."""

    total = Number("total", "the most of all that is owed or ordered")
    open_orders = Number("open_orders", "the most of open orders")
    deliveries = Number("deliveries", "the most of deliveries without an invoice")
    invoices = Number("invoices", "the most of unpaid invoices")
    cheques = Number("cheques", "the most of cheques that are not cleared")
    one_of = CREDIT_PARTS


class Overdue(Keys):
    """Holds where more is overdue, and for longer."""

    limit = Number("limit", "what may be overdue")
    grace_days = Whole("grace_days", "days that may be", most=MOST_DAYS)
    any_of = ("limit", "grace_days")


class Bounds(Keys):
    """Facts that are numbers, each with a bound that is itself allowed."""

    declared: ClassVar[Mapping[str, Key]] = {
        name: Number(name, "a bound, itself allowed", least=-MOST)
        for name, kind in FACTS["credit"].items()
        if kind != "text"
    }


class Credit(CreditFactsRule):
    """A condition on where the customer stands, and what follows."""

    at_least = Table("at_least", "facts that are at least so much", Bounds)
    at_most = Table("at_most", "facts that are at most so much", Bounds)
    overdue = Table("overdue", "holds where more is overdue, and for longer", Overdue)
    limit = Table("limit", "holds above it, for orders on credit", Ceiling)
    at = Words("at", "the gates it is asked at; all otherwise", GATES)
    then = Choice("then", "the most severe decides", ("stop", "approve", "allow_if", "allow"))
    route = Words("route", "ids of approvals that release it: the first that holds counts")
    require = Words("require", "what allows it, such as advance")
    needs = ("id", "then")


class Escalation(Keys):
    """One step; none is a yes."""

    after = Span("after", "how long nobody has decided")
    notify = Words("notify", "roles that are told")
    reassign = Words("reassign", "roles that decide instead")
    expire = Sure("expire", "the approval is over")
    needs = ("after",)
    one_of = ("notify", "reassign", "expire")


class Level(Keys):
    """Who decides up to an amount."""

    role = Word("role", "one role")
    any_of_them = Words("any_of", "any of these roles")
    in_order = Words("in_order", "these roles, one after another")
    up_to = Number("up_to", "the largest amount of this level", least=1)
    within = Span("within", "by when somebody decides")
    otherwise = Choice("otherwise", "what follows if nobody does", ("wait", "next", "reject"))
    delegate = Flag("delegate", "whether somebody may stand in for who decides; true otherwise")
    escalate = Rows("escalate", "what follows silence, step by step", Escalation)
    one_of = ("role", "any_of", "in_order")


class Offer(Keys):
    """What may be offered instead of a yes."""

    quantities = Choice("quantities", "smaller quantities", ("lower",))
    payment = Words("payment", "other ways to pay", CHOICES["payment"])
    any_of = ("quantities", "payment")


class Approval(CreditFactsRule):
    """Who may release what."""

    on = Words("on", "reasons that it is for, beside credit rules' routes", APPROVAL_CODES)
    levels = Rows("levels", "by amount; the last has no `up_to`", Level, least=1)
    never = Words("never", "who may not decide; the requester always", NEVER_DECIDE)
    counter = Table("counter", "what may be offered instead of a yes", Offer)
    needs = ("id", "levels")


class Allocation(Rule):
    """How batches are picked; the narrowest rule counts."""

    pick = Choice(
        "pick", "expires first, oldest made first, newest made first, or not kept in stock", PICKS
    )
    expires_today = Choice(
        "expires_today",
        "what is done with what expires today; as the pack says otherwise",
        TODAY,
        packed="expires_today",
    )
    min_life_days = Whole("min_life_days", "days a batch must have left", most=MOST_DAYS)
    min_life_percent = Percent(
        "min_life_percent", "of its life a batch must have left", packed="min_life", usual=0
    )
    split = Flag("split", "whether several batches may fill a line")
    short = Choice("short", "what happens to what is missing", ("cut", "backorder", "refuse"))
    wait_days = Whole(
        "wait_days",
        "for how long what is on back-order may follow",
        least=1,
        most=MOST_DAYS,
        packed="wait_days",
    )
    backorder_most = Whole(
        "backorder_most",
        "so many pieces of a line may follow, the rest is cut",
        least=1,
        most=MOST_PIECES,
        packed="backorder_most",
    )
    safety_stock = Whole(
        "safety_stock",
        "so many pieces of each product stay on the shelf",
        least=1,
        most=MOST_PIECES,
        packed="safety",
    )
    ship = Choice("ship", "whether the order ships whole", ("as_available", "all_or_nothing"))
    warehouses = Words("warehouses", "the order of warehouses, biggest_first or nearest")
    manual = Choice(
        "manual",
        "whether a line may name a batch before its turn",
        ("allow", "reason", "refuse"),
        packed="manual",
        usual="reason",
    )
    needs = ("id", "pick")
