"""The packed form of a pack and of each of its rules, to what the engine holds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from sys import intern
from typing import Any, Final, TypeVar

from rules.engine.bitmaps import Scope
from rules.engine.expressions import Condition, compile_condition, facts_of
from rules.engine.index import RuleTable
from rules.engine.naming import texts_of
from rules.engine.packs.documents import Packed
from rules.engine.packs.tables import Tables
from rules.engine.schemes.bounds import bounds_of, periods_of
from rules.engine.schemes.shared import shared_of
from rules.engine.schemes.slabs import Slab, earning, steps_of
from rules.engine.schemes.targets import Target, giving
from rules.engine.settlement.building import (
    build_allocation,
    build_approval,
    build_credit,
    build_gates,
    build_limit,
    soonest_first,
)
from rules.engine.tables import (
    Combo,
    ComboPart,
    CompiledPack,
    DiscountRule,
    FloorRule,
    FreeScheme,
    FreeTier,
    Move,
    PriceRule,
    QuantityRule,
    QuoteTerms,
    ReturnTerms,
    SlabScheme,
    Stacking,
    TaxRule,
)
from rules.language.ranking import LEVEL_RANK
from rules.language.vocabulary import COUPON_KEY, SCHEME_KINDS
from rules.values.decimals import shown_percent, shown_unit_price
from rules.values.units import Minor, Quantity, Rate, UnitPrice

Rule = TypeVar("Rule")

_DATED: Final = {
    "prices": ("prices", "floors"),
    "schemes": ("discounts", *(kind.table for kind in SCHEME_KINDS.values())),
    "taxes": ("taxes",),
}
"""The tables of which the rules go by the day that a pack names for them."""

_OF_A_LINE: Final = frozenset({"line.quantity", "line.gross"})
_OF_ALL_LINES: Final = frozenset({"order.gross", "order.net", "order.lines"})
_RATED: Final = 2
"""A packed head of a tax is its name and rate; a third number is an amount for each base unit."""


def compile_pack(document: Packed, digest: str, tables: Tables) -> CompiledPack:
    """Compile a document whose format is known; `digest` is the SHA-256 of its bytes."""
    schemes = document["schemes"]
    scale = document["scale"]

    def of_kind(kind: str, build: Callable[[Packed], Rule]) -> RuleTable[Rule]:
        # Each kind goes through all schemes, of which never more than one need be in memory: as
        # machine code, what looks like a generator would be a list of them all.
        wanted = filter(lambda scheme: scheme["kind"] == kind, schemes)
        return tables.in_turn(SCHEME_KINDS[kind].table, wanted, build)

    def slabs(kind: str) -> RuleTable[SlabScheme]:
        return of_kind(kind, lambda rule: _slab_scheme(rule, scale))

    combos = of_kind("combo", _combo)
    baskets = slabs("basket")
    return CompiledPack(
        **_head(document),
        hash=digest,
        stacking=_stacking(document, schemes),
        above_mrp=document.get("above_mrp", "hold"),
        returns=ReturnTerms(**document.get("returns", {})),
        by_delivery=_by_delivery(document.get("dates", {})),
        quotes=QuoteTerms(**document.get("quotes", {})),
        groups=document.get("groups", {}),
        quantities=tables.ranked("quantities", document["quantities"], _quantity),
        prices=tables.ranked("prices", document["prices"], _price),
        floors=tables.ranked("floors", document["floors"], _floor),
        discounts=tables.ranked("discounts", document.get("discounts", ()), _discount),
        line_schemes=slabs("line"),
        basket_schemes=baskets,
        targets=_targets(baskets),
        combos=combos,
        combo_parts=_parts(combos),
        order_schemes=slabs("order"),
        free_schemes=of_kind("free", _free_scheme),
        taxes=tables.ranked("taxes", document["taxes"], _tax),
        limits=tables.ranked("limits", document.get("limits", ()), build_limit),
        gates=tables.ranked("gates", document.get("gates", ()), build_gates),
        credit=tables.in_turn("credit", document["credit"], build_credit),
        approvals=tables.ranked("approvals", document["approvals"], build_approval),
        named_products=frozenset(sku for scheme in schemes for sku in _named(scheme)),
        funders={one["id"]: one["funder"] for one in schemes if "funder" in one},
        coupons=_coupons(schemes),
        allocation=tables.ranked(
            "allocation", document["allocation"], lambda rule: build_allocation(rule, document)
        ),
        allocation_else=soonest_first(document),
        periods=frozenset(each for scheme in schemes for each in periods_of(scheme)),
        shared=tuple(shared for scheme in schemes for shared in shared_of(scheme)),
    )


def _head(document: Packed) -> Packed:
    """Give what a pack says of itself and of its money."""
    return {
        "name": document["name"],
        "version": document["version"],
        "currency": document["currency"],
        "scale": document["scale"],
        "timezone": document["timezone"],
        "tax_inclusive": document["tax"] == "inclusive",
        "round_to": Minor(document["round_to"]),
        "warehouses": tuple(document["warehouses"]),
        "cases": document["cases"],
        "sources": document["sources"],
        "texts": texts_of(document),
        "previous": document.get("previous"),
        "not_before": _day(document.get("not_before")),
    }


def _stacking(document: Packed, schemes: Sequence[Packed]) -> Stacking:
    by_rule = any("compound" in scheme for scheme in schemes)
    return Stacking(**document.get("stacking", {}), by_rule=by_rule)


def _by_delivery(dates: Packed) -> frozenset[str]:
    return frozenset(name for key in dates for name in _DATED[key])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _word(text: Any) -> Any:  # noqa: ANN401 (one of the few words that a rule may say)
    """Hold a word that thousands of rules say once."""
    return intern(text)


def _condition(rule: Packed) -> Condition | None:
    return compile_condition(rule["if"]) if "if" in rule else None


def _quantity(rule: Packed) -> QuantityRule:
    return QuantityRule(rule["id"], rule.get("unit"), rule["min"], rule["multiple"], rule["then"])


def _price(rule: Packed) -> PriceRule:
    return PriceRule(
        rule["id"],
        LEVEL_RANK[rule["level"]],
        rates=rule.get("rates"),
        unit=rule.get("per"),
        mrp=rule.get("mrp"),
        margin=_move(rule.get("margin", {})),
        adjust=_move(rule),
        above_mrp=rule.get("above_mrp"),
    )


def _move(packed: Packed) -> Move | None:
    if "percent" not in packed and "amount" not in packed:
        return None
    return Move(Rate(packed.get("percent", 0)), UnitPrice(packed.get("amount", 0)))


def _floor(rule: Packed) -> FloorRule:
    percent = Rate(rule.get("percent", 0))
    return FloorRule(rule["id"], rule.get("rates"), percent, rule.get("cost"))


def _slabs(rule: Packed) -> tuple[Slab, ...]:
    return tuple(
        Slab(
            start=slab["from"],
            percent=slab.get("percent"),
            amount=Minor(slab.get("amount", 0)),
            price=slab.get("price"),
            cap=slab.get("cap"),
            end=slab.get("to"),
            gate=bool(slab.get("gate")),
        )
        for slab in rule["slabs"]
    )


def _slab_scheme(rule: Packed, scale: int) -> SlabScheme:
    slabs, bounds, condition = _slabs(rule), bounds_of(rule), _condition(rule)
    marginal, of, unit = rule.get("mode") == "marginal", _word(rule["of"]), rule.get("unit")
    gated = any(slab.gate for slab in slabs)
    group, alone = intern(rule.get("group", "")), bool(rule.get("alone"))
    steps = None if marginal or unit or bounds or "untaxed" in rule else steps_of(slabs)
    return SlabScheme(
        id=rule["id"],
        over=_word(rule["over"]),
        of=of,
        unit=unit,
        slabs=slabs,
        marginal=marginal,
        priority=rule.get("priority", 0),
        group=group,
        alone=alone,
        bounds=bounds,
        condition=condition,
        earn=earning(slabs, marginal=marginal, counts_pieces=of == "qty", scale=scale),
        gated=gated,
        steps=steps,
        rivals=alone or bool(group),
        each=rule.get("each"),
        compound="compound" in rule,
        untaxed="untaxed" in rule,
        by_line=steps is not None and facts_of(rule.get("if", {})) <= _OF_A_LINE,
        target=_target(rule["target"], slabs, scale) if "target" in rule else None,
        of_order=_asks_of_order(rule),
    )


def _asks_of_order(rule: Packed) -> bool:
    """Tell whether an `if:` asks for what all lines come to, or how many there are."""
    return not _OF_ALL_LINES.isdisjoint(facts_of(rule.get("if", {})))


def _target(on: Packed, slabs: tuple[Slab, ...], scale: int) -> Target:
    pieces = on.get("qty")
    given = giving(slabs, by_piece=pieces is not None, scale=scale)
    return Target(on["when"], pieces, on.get("every"), on.get("pick", "cheapest"), given)


def _targets(baskets: RuleTable[SlabScheme]) -> RuleTable[int]:
    """Index what schemes give a discount on, so that a line asks only for those it fits."""
    found = [
        (place, scheme.target.when)
        for place, scheme in enumerate(baskets.rules)
        if scheme.target is not None and scheme.target.when
    ]
    return RuleTable([place for place, _ in found], [Scope(when) for _, when in found])


def _discount(rule: Packed) -> DiscountRule:
    percent, each = Rate(rule.get("percent", 0)), UnitPrice(rule.get("amount", 0))
    return DiscountRule(rule["id"], rule["above"], percent, each)


def _combo(rule: Packed) -> Combo:
    return Combo(
        id=rule["id"],
        parts=tuple(ComboPart(part["when"], Quantity(part["qty"])) for part in rule["parts"]),
        amount=Minor(rule.get("amount", 0)),
        percent=rule.get("percent"),
        price=rule.get("price"),
        max_sets=rule.get("max_sets"),
        bounds=bounds_of(rule),
        condition=_condition(rule),
        once=rule.get("once", ""),
        of_order=_asks_of_order(rule),
    )


def _parts(combos: RuleTable[Combo]) -> RuleTable[tuple[int, int]]:
    """Index the parts of all combos, so that a line asks only for those it fits."""
    found = [
        (place, number, part)
        for place, combo in enumerate(combos.rules)
        for number, part in enumerate(combo.parts)
    ]
    return RuleTable(
        [(place, number) for place, number, _ in found], [Scope(part.when) for _, _, part in found]
    )


def _tiers(rule: Packed) -> Sequence[Packed]:
    """Give the tiers of free goods; a pack without any has one, from the first piece on."""
    tiers: Sequence[Packed] = rule.get("tiers") or ({"every": rule["every"], "give": rule["give"]},)
    return tiers


def _free_scheme(rule: Packed) -> FreeScheme:
    return FreeScheme(
        id=rule["id"],
        over=_word(rule["over"]),
        unit=rule.get("unit"),
        tiers=tuple(
            FreeTier(Quantity(one.get("from", 0)), Quantity(one["every"]), Quantity(one["give"]))
            for one in _tiers(rule)
        ),
        by=_word(rule.get("by", "full")),
        start_after=Quantity(rule.get("start_after", 0)),
        item=rule.get("item"),
        cheapest=bool(rule.get("cheapest")),
        inside=bool(rule.get("inside")),
        most=rule.get("max"),
        bounds=bounds_of(rule),
        condition=_condition(rule),
        end=rule.get("end"),
        rounding=rule.get("round", "down"),
        optional=rule.get("optional"),
        once=rule.get("once", ""),
        choice=tuple(rule.get("choice", ())),
        dearest=rule.get("pick") == "dearest",
        of_order=_asks_of_order(rule),
    )


def _named(rule: Packed) -> Sequence[str]:
    """Give the products that a scheme names as free goods, or as what has its discount."""
    choice: Sequence[str] = rule.get("choice", ())
    discounted: Sequence[str] = rule.get("target", {}).get("when", {}).get("sku", ())
    return [rule["item"]] if "item" in rule else [*choice, *discounted]


def _coupons(schemes: Sequence[Packed]) -> Mapping[str, frozenset[str]]:
    asking: dict[str, set[str]] = {}
    for scheme in schemes:
        for code in scheme.get("when", {}).get(COUPON_KEY, ()):
            asking.setdefault(code, set()).add(scheme["id"])
    return {code: frozenset(names) for code, names in asking.items()}


def _tax(rule: Packed) -> TaxRule:
    heads = rule["heads"]
    rates = tuple(Rate(head[1]) for head in heads)
    rate = Rate(sum(rates))
    per_unit = {place: UnitPrice(head[2]) for place, head in enumerate(heads) if len(head) > _RATED}
    shown = [f"{shown_percent(rate)} %"] if rate or not per_unit else []
    shown += [shown_unit_price(sum(per_unit.values()))] if per_unit else []
    label = f"{rule['id']} {' + '.join(shown)}"
    return TaxRule(rule["id"], tuple(head[0] for head in heads), rates, rate, label, per_unit)
