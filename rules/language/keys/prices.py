"""Keys about how much is sold and at what price: quantities, prices, floors, discounts."""

from typing import Final

from rules.language.keys.common import MOST_PIECES, MOST_PRICE, PRICE, Rule
from rules.language.text.keys import (
    Choice,
    Flag,
    Keys,
    Named,
    Percent,
    Table,
    UnitPrice,
    Whole,
    Word,
)
from rules.language.vocabulary import LEVELS

ABOVE_MRP: Final = ("hold", "reject", "allow")
"""What may happen to a line above its MRP, the usual first."""

ABOVE: Final = ("approve", "cut", "refuse")
"""What may follow where more is asked for than a rule gives at once."""

_ALL_BUT_NOTHING: Final = -999_999
_TEN_TIMES: Final = 9_000_000


class Quantity(Rule):
    """A minimum or a multiple; of the rules that hold the narrowest counts."""

    unit = Word("in", "a pack size, such as CASE; base units otherwise", packed="unit")
    min = Whole("min", "the least one may order", least=1, most=MOST_PIECES)
    multiple = Whole("multiple", "what one may order a multiple of", least=1, most=MOST_PIECES)
    then = Choice("then", "what follows otherwise", ("round_up", "hold", "reject"))
    needs = ("id", "then")
    any_of = ("min", "multiple")


class MrpPart(Keys):
    """How far from the MRP, such as -18.5."""

    percent = Percent("percent", "in percent", least=_ALL_BUT_NOTHING, most=_TEN_TIMES)
    needs = ("percent",)


class CostPart(Keys):
    """What part of what the product costs, such as 103."""

    percent = Percent("percent", "in percent", least=1, most=_TEN_TIMES)
    needs = ("percent",)


class Margin(Keys):
    """What raises the next lower level's price, before anything is adjusted."""

    percent = Percent("percent", "such as 2.5", least=1, most=_TEN_TIMES)
    amount = UnitPrice("amount", "for each base unit, such as 1.50", least=1, most=MOST_PRICE)
    one_of = ("percent", "amount")


class Adjust(Keys):
    """What is added to the next lower level's price."""

    percent = Percent("percent", "such as -2.5", least=_ALL_BUT_NOTHING, most=_TEN_TIMES)
    amount = UnitPrice(
        "amount", "for each base unit, such as -1.50", least=-MOST_PRICE, most=MOST_PRICE
    )
    one_of = ("percent", "amount")


_CSV: Final = "a CSV file of the folder with the columns sku and price"
_RATES: Final = "prices of one base unit by SKU"


class Price(Rule):
    """A price list, or what moves the next lower level's price."""

    level = Choice("level", "the level; the last of these is the strongest", LEVELS)
    for_all = Flag("for_all", "whether it holds for everybody, without the condition of its level")
    above_mrp = Choice(
        "above_mrp",
        "what happens above the MRP; as the pack says otherwise",
        ABOVE_MRP,
        packed="above_mrp",
    )
    csv = Word("csv", _CSV)
    rates = Named("rates", _RATES, PRICE)
    per = Word("per", "the pack size that prices are for; base units otherwise", packed="per")
    mrp = Table("mrp", "how far from the MRP, such as -18.5", MrpPart)
    margin = Table("margin", "what raises the next lower level's price first", Margin)
    adjust = Table("adjust", "what is added to the next lower level's price", Adjust)
    needs = ("id", "level")
    one_of = ("csv", "rates", "mrp", ("margin", "adjust"))


class Floor(Rule):
    """The least a line is sold for; below it a person decides."""

    csv = Word("csv", _CSV)
    rates = Named("rates", _RATES, PRICE)
    percent = Percent("percent", "of the line's gross amount", least=1)
    cost = Table("cost", "of what the product costs, such as 103", CostPart)
    one_of = ("csv", "rates", "percent", "cost")


class Discount(Rule):
    """How much off a line whoever orders may ask for; the narrowest rule counts."""

    percent = Percent("percent", "of the line's gross amount", packed="percent")
    amount = UnitPrice(
        "amount", "for each base unit, such as 1.50", most=MOST_PRICE, packed="amount"
    )
    above = Choice("above", "what follows where more is asked for", ABOVE)
    needs = ("id", "above")
    one_of = ("percent", "amount")
