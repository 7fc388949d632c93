"""Keys of the head of a pack: its name, its money, its days, and how its rules go together."""

from collections.abc import Mapping
from typing import ClassVar, Final

from rules.language.keys.prices import ABOVE_MRP
from rules.language.keys.settlement import TODAY
from rules.language.text.keys import (
    Choice,
    Flag,
    Key,
    Keys,
    Letters,
    Number,
    Table,
    Whole,
    Word,
    Words,
)
from rules.values.rounding import UNIT_PRICE_SCALE

_MOST_VERSION: Final = 10**9
_MOST_HOURS: Final = 24 * 31
_WHICH_DAY: Final = ("order", "delivery")


class Stacking(Keys):
    """Whether discounts add, or act on what those before have left."""

    inside = Choice(
        "inside", "those of one priority", ("add", "compound"), packed="inside", usual="add"
    )
    across = Choice(
        "across",
        "those of larger priorities",
        ("add", "compound", "leave_out"),
        packed="across",
        usual="add",
    )


class Returns(Keys):
    """What follows for what a sale has earned if goods come back."""

    free_goods = Choice(
        "free_goods",
        "those no longer earned",
        ("take_back", "charge"),
        packed="free_goods",
        usual="take_back",
    )
    discounts = Choice(
        "discounts",
        "those on what is kept",
        ("recompute", "keep"),
        packed="discounts",
        usual="recompute",
    )


class Quotes(Keys):
    """What holds for orders that were quoted with an earlier pack."""

    honour_hours = Whole(
        "honour_hours",
        "hours for which such a quote holds",
        most=_MOST_HOURS,
        packed="honour_hours",
        usual=0,
    )
    offline_hours = Whole(
        "offline_hours",
        "hours after its capture for which one captured by then holds",
        most=_MOST_HOURS,
        packed="offline_hours",
        usual=0,
    )
    otherwise = Choice(
        "otherwise",
        "what follows after that where prices differ",
        ("reprice", "approve"),
        packed="otherwise",
        usual="reprice",
    )


class Dates(Keys):
    """Which day counts; the order's otherwise, and where no delivery is named."""

    declared: ClassVar[Mapping[str, Key]] = {
        kind: Choice(kind, f"for {kind}", _WHICH_DAY, packed=kind, usual="order")
        for kind in ("prices", "schemes", "taxes")
    }


class Head(Keys):
    """The pack itself, in one of its files."""

    pack_name = Word("name", "the pack's name")
    version = Whole("version", "rises with every change", least=1, most=_MOST_VERSION)
    currency = Letters("currency", "such as INR", 3)
    scale = Whole(
        "scale",
        "decimals of an amount; 2 otherwise, and a hub takes no other",
        most=UNIT_PRICE_SCALE,
    )
    timezone = Word("timezone", "such as Asia/Kolkata")
    tax = Choice("tax", "whether prices are without tax or with it", ("exclusive", "inclusive"))
    round_to = Number("round_to", "what an order is rounded to, such as 1.00", least=1)
    warehouses = Words("warehouses", "warehouses, the first to be picked from first")
    above_mrp = Choice(
        "above_mrp",
        "what follows if a line is above its MRP",
        ABOVE_MRP,
        packed="above_mrp",
        usual=ABOVE_MRP[0],
    )
    returns = Table("returns", "", Returns, packed="returns")
    quotes = Table("quotes", "", Quotes, packed="quotes")
    dates = Table("dates", "", Dates, packed="dates")
    allow_lifo = Flag("allow_lifo", "whether the newest batch may leave first")
    expires_today = Choice("expires_today", "what is done with what expires today", TODAY)
    stacking = Table("stacking", "", Stacking, packed="stacking")
    needs = ("name", "version", "currency", "timezone")
