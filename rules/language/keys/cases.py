"""Keys of cases: an order with its facts, what comes back of it, and what must come out."""

from collections.abc import Mapping
from typing import ClassVar, Final

from rules.language.keys.head import Quotes
from rules.language.text.keys import (
    MOST,
    Choice,
    Day,
    Flag,
    Key,
    Keys,
    Named,
    Number,
    NumberOr,
    Percent,
    Rows,
    Table,
    UnitPrice,
    Whole,
    Word,
    Words,
)
from rules.language.vocabulary import CHOICES, CREDIT_PARTS, GATES, LIMIT_STATES

_MOST_HOURS: Final = 1_000_000


class CaseProduct(Keys):
    """A product of the cases."""

    called = Word("name", "what people read; the SKU otherwise")
    category = Word("category", "a path from the root, such as tea/green")
    brand = Word("brand", "its brand")
    tax_class = Word("tax_class", "its tax class")
    pack_sizes = Named("pack_sizes", "base units of each pack size", Whole("", "base units"))
    mrp = UnitPrice("mrp", "the price printed on a base unit, tax included", least=1, packed="mrp")
    cost = UnitPrice(
        "cost", "what a base unit costs the distributor, made up", least=1, packed="cost"
    )


class CaseCustomer(Keys):
    """Who orders."""

    id = Word("id", "the customer's id")
    kind = Word("type", "such as retailer")
    geo = Word("geo", "a path such as IN/KA/BLR")
    status = Choice("status", "whether free to buy", CHOICES["customer.status"])
    age_days = Whole(
        "age_days", "days since it became a customer; unknown otherwise", packed="age_days"
    )


class CaseLine(Keys):
    """One product."""

    sku = Word("sku", "a case product")
    pieces = Whole("qty", "base units", least=1)
    unit = Word("unit", "the pack size it was ordered in; base units otherwise", packed="unit")
    batch = Word("batch", "the batch that was asked for", packed="batch")
    batch_reason = Word(
        "batch_reason", "why, where another leaves before it", packed="batch_reason"
    )
    percent_off = Percent(
        "percent_off", "of its gross, as whoever orders asks for", packed="percent_off", usual=0
    )
    off_each = UnitPrice(
        "off_each",
        "for each base unit, as whoever orders asks for",
        packed="off_each",
        usual=0,
    )
    needs = ("sku", "qty")


class CaseCredit(Keys):
    """Where the customer stands; unknown otherwise."""

    state = Choice("state", "whether there is a limit; unset leaves it to the pack", LIMIT_STATES)
    amounts: ClassVar[Mapping[str, Number]] = {
        key: Number(key, f"{key} without this order", least=-MOST)
        for key in ("limit", "exposure", "overdue")
    }
    parts: ClassVar[Mapping[str, Number]] = {
        part: Number(part, f"{part} without this order; exposure is their sum")
        for part in CREDIT_PARTS
        if part != "total"
    }
    overdue_days = Whole("overdue_days", "days the oldest part is overdue")
    declared: ClassVar[Mapping[str, Key]] = {**amounts, **parts}


class CaseBatch(Keys):
    """A lot in a warehouse."""

    id = Word("id", "the batch's id")
    sku = Word("sku", "its product")
    warehouse = Word("warehouse", "where it is; MAIN otherwise")
    available = Whole("available", "base units")
    received = Day("received", "when it came")
    manufactured = Day("manufactured", "when it was made")
    expiry = Day("expiry", "its last day")
    mrp = UnitPrice(
        "mrp", "the price printed on it; the product's otherwise", least=1, packed="mrp"
    )
    blocked = Flag(
        "blocked",
        "whether it may not be sold: it is recalled, or waits for a test",
        packed="blocked",
    )
    needs = ("id", "sku", "available")


class Had(Keys):
    """What was had of a scheme so far."""

    uses = Whole("uses", "uses")
    pieces = Whole("qty", "pieces free or with a discount")
    amount = Number("amount", "money given")
    bought = Number("bought", "what was bought, in the scheme's units")
    something = True


class Quoted(Keys):
    """What an earlier pack priced the order at."""

    payable = Number("payable", "what was to pay")
    hours = Whole("hours", "for how long this pack serves in its place", most=_MOST_HOURS)
    captured = Whole(
        "captured",
        "how many hours ago it was captured, by a trusted clock",
        most=_MOST_HOURS,
        packed="captured",
    )
    needs = ("payable", "hours")


_PIECES: Final = Whole("", "pieces")
_HAD: Final = NumberOr("", "uses, or more of it", Whole("", "uses"), keys=Had)
_AMOUNTS: Final[Mapping[str, Key]] = {
    key: Number(key, "of the whole order", least=-MOST, packed=key)
    for key in ("gross", "discount", "net", "tax", "round_off", "payable")
}
LINE_AMOUNTS: Final[Mapping[str, Key]] = {
    key: Number(key, "of the line", least=-MOST, packed=key)
    for key in ("gross", "net", "tax", "total")
}


class ExpectedLine(Keys):
    """What must come of one line; something is."""

    declared: ClassVar[Mapping[str, Key]] = LINE_AMOUNTS
    unit_price = UnitPrice("unit_price", "the price of a base unit", packed="unit_price")
    heads = Named("heads", "the heads of its tax", Number("", "an amount", least=-MOST))
    something = True


class Expected(Keys):
    """What must come out; something is."""

    declared: ClassVar[Mapping[str, Key]] = _AMOUNTS
    outcome = Choice(
        "outcome", "what becomes of the order", ("accept", "hold", "reject"), packed="outcome"
    )
    quote = Choice(
        "quote", "what the quote is worth", ("honoured", "unchanged", *Quotes.otherwise.options)
    )
    credit = Number("credit", "what the return is credited with", least=-MOST)
    free = Named("free", "free pieces by SKU", _PIECES)
    sold = Named("sold", "sold pieces by SKU", _PIECES)
    picked = Named("picked", "picked pieces by batch", _PIECES)
    take_back = Named(
        "take_back", "free pieces that have to come back after the return, by SKU", _PIECES
    )
    applied = Words("applied", "rules that applied", may_be_none=True)
    not_applied = Words("not_applied", "rules that did not", may_be_none=True)
    approvals = Words("approvals", "the approvals that are needed, all of them", may_be_none=True)
    reasons = Words("reasons", "the reason codes, all of them", may_be_none=True)
    told = Words("told", "codes that the trace tells, among others", may_be_none=True)
    return_reasons = Words(
        "return_reasons", "the reason codes of the return, all of them", may_be_none=True
    )
    lines = Named(
        "lines",
        "what must come of single lines, by their place from 1",
        Table("", "", ExpectedLine),
    )
    something = True


class Case(Keys):
    """An order with its facts, and what must come out."""

    called = Word("name", "what the case shows")
    on = Day("on", "the day the order is decided")
    delivery = Day(
        "delivery",
        "the day on which the goods are wanted; unknown otherwise",
        packed="delivery",
    )
    customer = Table("customer", "", CaseCustomer)
    payment = Choice("payment", "how the order is paid", CHOICES["payment"])
    lines = Rows("lines", "what is ordered", CaseLine, least=1)
    products = Named("products", "products of this case alone", Table("", "", CaseProduct))
    prices = Named(
        "prices", "prices in place of the default lists", UnitPrice("", "a price", least=1)
    )
    credit = Table("credit", "", CaseCredit)
    gate = Choice(
        "gate", "the gate whose answer is expected; the order's otherwise", GATES, packed="gate"
    )
    batches = Rows("batches", "batches in stock; unknown otherwise", CaseBatch)
    distances = Named(
        "distances", "how far each warehouse is, such as kilometres", Whole("", "how far")
    )
    returned = Named("returned", "what comes back, by SKU", _PIECES)
    returned_free = Named("returned_free", "free goods that come back, by SKU", _PIECES)
    charged = Named("charged", "free goods that are paid for instead, by SKU", _PIECES)
    used = Named("used", "what all customers had of schemes so far", _HAD)
    had = Named("had", "what this customer had of schemes so far in their periods", _HAD)
    leased = Words("leased", "schemes of which only a lease may be given here")
    quoted = Table("quoted", "", Quoted)
    coupons = Words("coupons", "coupons shown with the order")
    choices = Named(
        "choices",
        "products wished for, by the scheme's id",
        Word("", "a SKU; of an optional gift also take or none"),
    )
    expect = Table("expect", "", Expected)
    needs = ("name", "on", "lines", "expect")
