"""The sections about how much is sold and at what price: quantities, prices and floors."""

from rules.language.vocabulary import LEVELS
from rules.tools.editors.conditions import rule
from rules.tools.editors.values import (
    Schema,
    choice,
    exactly_one,
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
    """Describe the sections `quantities`, `prices` and `floors`."""
    return {
        "quantities": listing("how much of a product one may order", _quantity()),
        "prices": listing("price lists and what adjusts them", _price()),
        "floors": listing("what a line may not be sold below", _floor()),
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
    return rule(
        "a price list, or a percentage on the next lower level's price",
        {
            "level": choice("the level; the last of these is the strongest", LEVELS),
            "csv": _CSV,
            "rates": _RATES,
            "adjust": table(
                "what is added to the next lower level's price",
                {"percent": number("such as -3 or 2.5", least=None)},
                needs=("percent",),
            ),
        },
        needs=("level",),
    ) | exactly_one("csv", "rates", "adjust")


def _floor() -> Schema:
    return rule(
        "the least a line is sold for; below it a person decides",
        {"csv": _CSV, "rates": _RATES, "percent": percent("of the line's gross amount")},
    ) | exactly_one("csv", "rates", "percent")
