"""All schemes on priced lines, in the order of their stages."""

from rules.stages.discounts import give_asked_discounts
from rules.stages.run import Run
from rules.stages.schemes.combos import apply_combos
from rules.stages.schemes.free_goods import give_free_goods
from rules.stages.schemes.line_schemes import apply_line_schemes
from rules.stages.schemes.order_schemes import apply_order_schemes
from rules.stages.schemes.pools import apply_basket_schemes


def apply_schemes(run: Run) -> None:
    """Give priced lines what all schemes give, in the order of their stages."""
    apply_line_schemes(run)
    apply_basket_schemes(run)
    apply_combos(run)
    give_asked_discounts(run)
    apply_order_schemes(run)
    give_free_goods(run)
