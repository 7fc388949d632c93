"""Schemes that together give goods away, or sell them below a floor or below their cost."""

from collections.abc import Iterator, Mapping

from rules.language.vocabulary import PRODUCT_KEYS
from rules.tools.lint.catalogue import Attributes, Catalogue, list_prices
from rules.tools.lint.doubts import Doubt, Packed
from rules.tools.lint.scopes import Scopes
from rules.tools.lint.stacking import Stacks, Taking, told
from rules.values.decimals import shown_unit_price
from rules.values.rounding import MILLION, half_up


def given_away(stacks: Stacks) -> Iterator[tuple[str, Doubt]]:
    """Doubt schemes that together take more than the goods cost, by the id of the largest."""
    for chosen in stacks.over_all():
        text = f"holds together with others for more than all there is: {told(chosen)}"
        yield chosen[0].rule["id"], Doubt("stacks_over_100", text)


def under_floors(
    document: Packed, stacks: Stacks, catalogue: Catalogue
) -> Iterator[tuple[str, Doubt]]:
    """Doubt floors that the pack's own schemes go below, by their ids."""
    prices = list_prices(document)
    for rule in document["floors"]:
        if "percent" not in rule:
            rates = rule.get("rates") or {
                sku: half_up(cost * rule["cost"], MILLION) for sku, cost in catalogue.costs.items()
            }
            least = {sku: price for sku, price in rates.items() if sku in prices}
            found = _first(least, prices, stacks, products=_products(catalogue))
            if found is not None:
                sku, chosen = found
                text = f"{_below(prices[sku], chosen)}, below the floor"
                yield rule["id"], Doubt("under_floor", f"{sku} {text}", ("rates", sku))
        elif under := _under(rule, stacks, _products(catalogue)):
            text = f"schemes that hold together go below it: {told(under)}"
            yield rule["id"], Doubt("under_floor", text, ("percent",))


def _under(
    floor: Packed, stacks: Stacks, products: Mapping[str, Attributes]
) -> tuple[Taking, ...] | None:
    """Give schemes that bring a product of the floor below it; of no known product, any."""
    limit = MILLION - floor["percent"]
    if not products or stacks.more_than(limit, floor) is None:
        return stacks.more_than(limit, floor)
    scope = Scopes([floor])
    mine = (one for one in products.values() if scope.met_by(one, PRODUCT_KEYS))
    return next(filter(None, (stacks.more_on(limit, one) for one in mine)), None)


def under_costs(
    document: Packed, stacks: Stacks, catalogue: Catalogue
) -> Iterator[tuple[str, Doubt]]:
    """Doubt what sells products of the catalogue below their cost, by the id of a rule."""
    prices = list_prices(document)
    costs = {sku: cost for sku, cost in catalogue.costs.items() if sku in prices}
    for rule in document["prices"]:
        rates = {} if "per" in rule else rule.get("rates", {})
        cheap = [sku for sku, rate in rates.items() if rate < costs.get(sku, 0)]
        if cheap:
            sku, more = cheap[0], f", and {len(cheap) - 1} more" if len(cheap) > 1 else ""
            text = f"{sku} at {shown_unit_price(rates[sku])} is below its cost of "
            text += f"{shown_unit_price(costs[sku])}{more}"
            yield rule["id"], Doubt("under_cost", text, ("rates", sku))
    sound = {sku: cost for sku, cost in costs.items() if cost <= prices[sku]}
    found = _first(sound, prices, stacks, products=_products(catalogue))
    if found is not None:
        sku, chosen = found
        text = f"{sku} {_below(prices[sku], chosen)}, below its cost"
        yield chosen[0].rule["id"], Doubt("under_cost", text)


def _products(catalogue: Catalogue) -> Mapping[str, Attributes]:
    return {**catalogue.examples, **(catalogue.products or {})}


def _first(
    least: Mapping[str, int],
    prices: Mapping[str, int],
    stacks: Stacks,
    *,
    products: Mapping[str, Attributes],
) -> tuple[str, tuple[Taking, ...]] | None:
    """Give the first product that schemes bring below what it may cost, and the schemes."""
    for sku, bound in least.items():
        limit = MILLION - half_up(bound * MILLION, prices[sku])
        chosen = stacks.more_on(limit, products.get(sku, {"sku": sku}))
        if chosen:
            return sku, chosen
    return None


def _below(price: int, chosen: tuple[Taking, ...]) -> str:
    return f"at {shown_unit_price(price)} less {told(chosen)}"
