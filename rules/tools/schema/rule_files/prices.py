"""The sections about how much is sold and at what price: quantities, prices, floors, discounts."""

from rules.language.discounts import ABOVE
from rules.language.prices import ABOVE_MRP
from rules.language.vocabulary import LEVELS
from rules.tools.schema.rule_files.conditions import rule
from rules.tools.schema.rule_files.values import (
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
)

_RATES = named("prices of one base unit by SKU", number("a price", least=0))
_CSV = word("a CSV file of the folder with the columns sku and price")


def sections() -> dict[str, Schema]:
    """Describe the sections `quantities`, `prices`, `floors` and `discounts`."""
    return {
        "quantities": listing("how much of a product one may order", _quantity()),
        "prices": listing("price lists and what adjusts them", _price()),
        "floors": listing("what a line may not be sold below", _floor()),
        "discounts": listing("what may be asked for off a line", _discount()),
    }


def _quantity() -> Schema:
    return rule(
        "a minimum or a multiple; of the rules that hold the narrowest counts",
        {
            "in": word("a pack size, such as CASE; base units otherwise"),
            "min": whole("the least one may order", least=1),
            "multiple": whole("what one may order a multiple of", least=1),
            "then": choice("what follows otherwise", ("round_up", "hold", "reject")),
        },
        needs=("then",),
    ) | {"anyOf": [{"required": ["min"]}, {"required": ["multiple"]}]}


def _price() -> Schema:
    lists, moves = exactly_one("csv", "rates", "mrp"), exactly_one("margin", "adjust")
    return rule(
        "a price list, or what moves the next lower level's price",
        {
            "level": choice("the level; the last of these is the strongest", LEVELS),
            "for_all": flag("whether it holds for everybody, without the condition of its level"),
            "above_mrp": choice(
                "what happens above the MRP; as the pack says otherwise", ABOVE_MRP
            ),
            "csv": _CSV,
            "rates": _RATES,
            "per": word("the pack size that prices are for; base units otherwise"),
            "mrp": _part("how far from the MRP, such as -18.5", least=None),
            "margin": _move("what raises the next lower level's price first", least=0),
            "adjust": _move("what is added to the next lower level's price", least=None),
        },
        needs=("level",),
    ) | {"oneOf": [*lists["oneOf"], {"anyOf": moves["oneOf"]}]}


def _move(text: str, *, least: int | None) -> Schema:
    ways = {
        "percent": number("such as 2.5", least=least),
        "amount": number("for each base unit, such as 1.50", least=least),
    }
    return table(text, ways) | exactly_one(*ways)


def _part(text: str, *, least: int | None) -> Schema:
    return table(text, {"percent": number("in percent", least=least)}, needs=("percent",))


def _discount() -> Schema:
    return rule(
        "how much off a line whoever orders may ask for; the narrowest rule counts",
        {
            "percent": percent("of the line's gross amount"),
            "amount": number("for each base unit, such as 1.50"),
            "above": choice("what follows where more is asked for", ABOVE),
        },
        needs=("above",),
    ) | exactly_one("percent", "amount")


def _floor() -> Schema:
    return rule(
        "the least a line is sold for; below it a person decides",
        {
            "csv": _CSV,
            "rates": _RATES,
            "percent": percent("of the line's gross amount"),
            "cost": _part("of what the product costs, such as 103", least=0),
        },
    ) | exactly_one("csv", "rates", "percent", "cost")
