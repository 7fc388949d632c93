"""Coupons: what is told of those that no scheme knows or that gave nothing."""

from typing import Final

from rules.stages.run import Run
from rules.stages.trace import codes

_GAVE: Final = frozenset({"scheme_applied", "free_goods_given"})


def note_coupons(run: Run) -> None:
    """Tell of every coupon that changed nothing; a code counts once however often it is shown."""
    if not run.order.coupons:
        return
    gave = {rule for code, rule in codes(run.rows) if code in _GAVE}
    for code in dict.fromkeys(code.upper() for code in run.order.coupons):
        rules = run.pack.coupons.get(code)
        if rules is None:
            run.explain("coupons", "coupon_unknown", {"coupon": code})
        elif not rules & gave:
            run.explain("coupons", "coupon_unused", {"coupon": code, "rules": sorted(rules)})
