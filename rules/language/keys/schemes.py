"""Keys of schemes: slabs, free goods, combos, what bounds them, and groups of which one wins."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from rules.language.keys.common import MOST_PIECES, Rule, conditions
from rules.language.text.keys import (
    Choice,
    Common,
    Condition,
    Flag,
    Keys,
    Number,
    NumberOr,
    Percent,
    Rows,
    Table,
    UnitPrice,
    Whole,
    Word,
    WordOr,
    Words,
)
from rules.language.vocabulary import EACH, PRODUCT_KEYS, GivenBy


class Count(Keys):
    """What is counted."""

    over = Choice("over", "how far", ("line", "sku", "basket", "period", "order"))
    each = Choice("each", "over which period; with `over: period`", EACH)
    of = Choice("of", "pieces or money", ("qty", "gross", "net"))
    unit = Word("in", "a pack size, such as CASE; base units otherwise")
    without_tax = Flag("without_tax", "money is counted without the tax that prices include")


class Slab(Keys):
    """What is given from a count on, up to the next slab."""

    start = Number("from", "the count it starts at")
    end = Number("to", "the last count that earns")
    gate = Flag("gate", "above `to` all is lost, not only what is above")
    percent = Percent("percent", "off", least=1)
    amount = Number("amount", "off", least=1)
    price = UnitPrice("price", "of one of what is counted", least=1)
    cap = Number("cap", "the most this slab gives", least=1, packed="cap")
    needs = ("from",)
    one_of = ("percent", "amount", "price")


class Target(Keys):
    """What has the discount; all that is counted otherwise."""

    declared = conditions("any of them", PRODUCT_KEYS)
    pieces = Whole(
        "qty", "so many pieces have it; all otherwise", least=1, most=MOST_PIECES, packed="qty"
    )
    every = Whole(
        "every",
        "for each so many counted; once otherwise",
        least=1,
        most=MOST_PIECES,
        packed="every",
    )
    pick = Choice(
        "pick",
        "which pieces; the cheapest otherwise",
        ("cheapest", "dearest", "next"),
        packed="pick",
        usual="cheapest",
    )


class Tier(Keys):
    """A tier, on the whole count."""

    start = Whole("from", "from so many paid on", least=1, most=MOST_PIECES)
    every = Whole("every", "for each so many paid", least=1, most=MOST_PIECES)
    give = Whole("give", "so many are free", least=1, most=MOST_PIECES)
    needs: ClassVar[Sequence[str]] = ("from", "every", "give")


class Item(Keys):
    """One of several products, as the order wishes."""

    choice = Words("choice", "the SKUs, two or more")
    pick = Choice(
        "pick",
        "which one without a wish; the cheapest otherwise",
        ("cheapest", "dearest"),
        packed="pick",
        usual="cheapest",
    )
    needs = ("choice",)


class Gift(Tier):
    """Pieces that are free for so many paid ones."""

    end = Whole("to", "what is paid above counts no more", least=1, most=MOST_PIECES, packed="end")
    tiers = Rows("tiers", "other numbers from other counts on", Tier, least=1)
    item = WordOr(
        "item",
        "what is free: same, cheapest, a SKU, or one of several as the order wishes",
        Item,
    )
    by = Choice(
        "by",
        "what an incomplete number earns",
        ("full", "proportional", "multiple"),
        packed="by",
        usual="full",
    )
    round = Choice(
        "round",
        "how a share becomes whole pieces; down otherwise",
        ("down", "half_up", "up"),
        packed="round",
        usual="down",
    )
    start_after = Whole(
        "start_after",
        "only pieces after the first so many count",
        least=1,
        most=MOST_PIECES,
        packed="start_after",
    )
    inside = Flag(
        "inside", "pieces of the order itself are free; on top otherwise", packed="inside"
    )
    most = Whole("max", "the most free pieces of an order", least=1, most=MOST_PIECES, packed="max")
    optional = Choice(
        "optional",
        "whether the order may decline it, or has to choose it",
        ("decline", "choose"),
        packed="optional",
    )
    needs = ("item",)
    one_of = ("every", "tiers")
    together = ("every", "give")


class Part(Keys):
    """So many pieces of these products."""

    declared = conditions("any of them", PRODUCT_KEYS)
    pieces = Whole("qty", "pieces of a set", least=1, most=MOST_PIECES)
    needs = ("qty",)


class Most(Keys):
    """The most the scheme gives on one order, or on one line."""

    order = Number("order", "on one order", least=1, packed="max_discount")
    line = Number("line", "on one line", least=1, packed="max_line")
    any_of = ("order", "line")


class Limit(Keys):
    """What all customers, or each of them, may have of a scheme in a period."""

    uses = Whole("uses", "uses, one an order", least=1, packed="uses")
    pieces = Whole("qty", "pieces free or with a discount", least=1, packed="qty")
    amount = Number("amount", "money given", least=1, packed="amount")
    each = Choice("each", "in which period; in all otherwise", EACH, packed="each", usual="scheme")
    any_of = ("uses", "qty", "amount")


class Limits(Keys):
    """How often the scheme may be used and how much it may give."""

    total = NumberOr(
        "total",
        "uses by all customers, or more of it",
        Whole("total", "uses", least=1),
        keys=Limit,
    )
    per_customer = NumberOr(
        "per_customer",
        "uses by each customer, or more of it",
        Whole("per_customer", "uses", least=1),
        keys=Limit,
    )


class Budget(Keys):
    """What all uses may cost."""

    amount = Number("amount", "the most it gives over all orders", least=1)
    needs = ("amount",)


class Scheme(Rule):
    """A scheme, whatever it gives."""

    when = Common("when", "when_scheme")
    holds = Condition("if", "line", "order")
    stage = Choice("stage", "what the scheme is on", ("line", "order"))
    funder = Word("funder", "who pays for what the scheme gives")
    limit = Table("limit", "", Limits)
    when_short = Choice(
        "when_short",
        "where a limit has less left than was earned",
        ("part", "none"),
        packed="when_short",
        usual="part",
    )
    budget = Table("budget", "", Budget)


_COUNT: Final = Table("count", "", Count)
_ONCE: Final = Word(
    "once", "pieces that give once count for no other scheme of this name", packed="once"
)
_MOST_OFF: Final = NumberOr(
    "max_discount",
    "the most the scheme gives on one order, or on one line",
    Number("max_discount", "on one order", least=1),
    keys=Most,
)
_PERCENT: Final = Percent("percent", "off all of it, or off each complete set", least=1)


class OffGoods(Scheme):
    """A discount on goods."""

    count = _COUNT
    on = Table("on", "", Target)
    max_discount = _MOST_OFF
    group = Word("group", "of the schemes of a group one wins", packed="group")
    alone = Flag(
        "alone",
        "it shuts out the other schemes of the line or of the order's stage",
        packed="alone",
    )
    compound = Flag(
        "compound", "it acts on what all schemes before it have left", packed="compound"
    )


class Plain(OffGoods):
    """A discount by a percentage that needs no count."""

    percent = _PERCENT


class Slabs(OffGoods):
    """A discount by what is counted."""

    slabs = Rows("slabs", "what is given from which count on", Slab, least=1)
    mode = Choice(
        "mode",
        "on the whole count, or each slab on its own",
        ("whole", "marginal"),
        packed="mode",
        usual="whole",
    )


class Free(Scheme):
    """Free goods."""

    count = _COUNT
    free = Table("free", "", Gift)
    once = _ONCE


class Combo(Scheme):
    """So much off, or a price, for each complete set."""

    when = Common("when", "when_combo")
    combo = Rows("combo", "the parts of a complete set", Part, least=2)
    once = _ONCE
    amount_off = Number("amount_off", "off each complete set", least=1)
    percent = _PERCENT
    price = Number("price", "of each complete set", least=1)
    max_sets = Whole("max_sets", "the most sets of an order", least=1, packed="max_sets")
    max_discount = _MOST_OFF
    one_of = ("amount_off", "percent", "price")


KINDS: Final[Mapping[GivenBy, type[Scheme]]] = {"slabs": Slabs, "free": Free, "combo": Combo}
"""What a scheme may say, by the key under which it says what it gives; else it is `Plain`."""


EVERY: Final[Sequence[type[Scheme]]] = (Plain, *KINDS.values())
"""What a scheme may say, kind by kind."""


class Group(Keys):
    """A group of schemes of which one wins."""

    group_name = Word("name", "the group's name, as in its schemes")
    pick = Choice("pick", "which one wins; the best otherwise", ("best", "priority", "cheapest"))
    needs = ("name",)
