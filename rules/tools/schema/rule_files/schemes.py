"""The sections about schemes: slabs, free goods, combos and the groups of which one wins."""

from rules.language.keys.common import conditions
from rules.language.schemes.free_goods import ITEM_PICKS, OPTIONAL, ROUNDINGS
from rules.language.schemes.reading import PICKS
from rules.language.schemes.targets import PICKS as TARGET_PICKS
from rules.language.vocabulary import EACH, PRODUCT_KEYS, SCHEME_OWN
from rules.tools.schema.rule_files.conditions import rule
from rules.tools.schema.rule_files.declared import properties_of
from rules.tools.schema.rule_files.values import (
    Schema,
    choice,
    exactly_one,
    flag,
    listing,
    number,
    number_or,
    only,
    percent,
    refer,
    table,
    whole,
    word,
    words,
)


def sections() -> dict[str, Schema]:
    """Describe the sections `schemes` and `groups`."""
    group = table(
        "a group of schemes of which one wins",
        {
            "name": word("the group's name, as in its schemes"),
            "pick": choice("which one wins; the best otherwise", PICKS),
        },
        needs=("name",),
    )
    return {
        "schemes": listing("slabs, free goods and combos", _scheme()),
        "groups": listing("groups in which not the best wins", group),
    }


def _scheme() -> Schema:
    scheme = rule(
        "slabs, free goods or a combo", _properties(), when="when_scheme", stages=("line", "order")
    )
    own = {key for keys in SCHEME_OWN.values() for key in keys}
    shared = [key for key in scheme["properties"] if key not in own and key not in SCHEME_OWN]
    kinds: list[Schema] = [
        {"if": {"required": [kind]}, "then": only([*shared, kind, *keys])}
        for kind, keys in SCHEME_OWN.items()
    ]
    # The parts of a combo name the products; its conditions are about the customer.
    kinds.append(
        {"if": {"required": ["combo"]}, "then": {"properties": {"when": refer("when_combo")}}}
    )
    plain: Schema = {"required": ["percent"], "not": {"required": ["combo"]}}
    whole_count = [key for key in SCHEME_OWN["slabs"] if key != "mode"]
    kinds.append({"if": plain, "then": only([*shared, "percent", *whole_count])})
    gives = exactly_one(*SCHEME_OWN)
    return scheme | {"oneOf": [*gives["oneOf"], plain]} | {"allOf": kinds}


def _properties() -> dict[str, Schema]:
    return {
        "stage": choice("what the scheme is on", ("line", "order")),
        "count": table(
            "what is counted",
            {
                "over": choice("how far", ("line", "sku", "basket", "period", "order")),
                "each": choice("over which period; with `over: period`", EACH),
                "of": choice("pieces or money", ("qty", "gross", "net")),
                "in": word("a pack size, such as CASE; base units otherwise"),
                "without_tax": flag("money is counted without the tax that prices include"),
            },
        ),
        "once": word("pieces that give once count for no other scheme of this name"),
        "slabs": listing("what is given from which count on", _slab(), least=1),
        "mode": choice("on the whole count, or each slab on its own", ("whole", "marginal")),
        "on": _target(),
        "free": _free(),
        "combo": listing("the parts of a complete set", _part(), least=2),
        "amount_off": number("off each complete set"),
        "percent": percent("off all of it, or off each complete set"),
        "price": number("of each complete set"),
        "max_sets": whole("the most sets of an order", least=1),
        "max_discount": number_or(
            "the most the scheme gives on one order, or on one line",
            {"order": number("on one order"), "line": number("on one line")},
        ),
        "group": word("of the schemes of a group one wins"),
        "alone": flag("it shuts out the other schemes of the line or of the order's stage"),
        "compound": flag("it acts on what all schemes before it have left"),
        "funder": word("who pays for what the scheme gives"),
        "limit": table(
            "how often the scheme may be used and how much it may give",
            {
                "total": _limit("by all customers"),
                "per_customer": _limit("by each customer"),
            },
        ),
        "when_short": choice("where a limit has less left than was earned", ("part", "none")),
        "budget": table(
            "what all uses may cost",
            {"amount": number("the most it gives over all orders")},
            needs=("amount",),
        ),
    }


def _limit(text: str) -> Schema:
    return number_or(
        f"uses {text}, or more of it",
        {
            "uses": whole("uses, one an order", least=1),
            "qty": whole("pieces free or with a discount", least=1),
            "amount": number("money given"),
            "each": choice("in which period; in all otherwise", EACH),
        },
    )


def _slab() -> Schema:
    return table(
        "what is given from a count on, up to the next slab",
        {
            "from": number("the count it starts at"),
            "to": number("the last count that earns"),
            "gate": flag("above `to` all is lost, not only what is above"),
            "percent": percent("off"),
            "amount": number("off"),
            "price": number("of one of what is counted"),
            "cap": number("the most this slab gives"),
        },
        needs=("from",),
    ) | exactly_one("percent", "amount", "price")


def _free() -> Schema:
    return table(
        "pieces that are free for so many paid ones",
        {
            **_tier(),
            "to": whole("what is paid above counts no more", least=1),
            "tiers": listing(
                "other numbers from other counts on",
                table("a tier, on the whole count", _tier(), needs=("from", "every", "give")),
                least=1,
            ),
            "item": _item(),
            "by": choice("what an incomplete number earns", ("full", "proportional", "multiple")),
            "round": choice("how a share becomes whole pieces; down otherwise", ROUNDINGS),
            "start_after": whole("only pieces after the first so many count", least=1),
            "inside": flag("pieces of the order itself are free; on top otherwise"),
            "max": whole("the most free pieces of an order", least=1),
            "optional": choice("whether the order may decline it, or has to choose it", OPTIONAL),
        },
        needs=("item",),
    ) | {"oneOf": [{"required": ["every", "give"]}, {"required": ["tiers"]}]}


def _target() -> Schema:
    return table(
        "what has the discount; all that is counted otherwise",
        {
            **properties_of(conditions("any of them", PRODUCT_KEYS)),
            "qty": whole("so many pieces have it; all otherwise", least=1),
            "every": whole("for each so many counted; once otherwise", least=1),
            "pick": choice("which pieces; the cheapest otherwise", TARGET_PICKS),
        },
    )


def _tier() -> dict[str, Schema]:
    return {
        "from": whole("from so many paid on", least=1),
        "every": whole("for each so many paid", least=1),
        "give": whole("so many are free", least=1),
    }


def _item() -> Schema:
    either = table(
        "what is free: same, cheapest, a SKU, or one of several as the order wishes",
        {
            "choice": words("the SKUs, two or more"),
            "pick": choice("which one without a wish; the cheapest otherwise", ITEM_PICKS),
        },
        needs=("choice",),
    )
    plain = word(either["description"])
    return {**plain, **either, "type": [*plain["type"], either["type"]]}


def _part() -> Schema:
    return table(
        "so many pieces of these products",
        {
            **properties_of(conditions("any of them", PRODUCT_KEYS)),
            "qty": whole("pieces of a set", least=1),
        },
        needs=("qty",),
    )
