"""The engine's reason codes and their parameters, stage by stage.

A code that refuses, holds or changes an order keeps its name: stored result hashes cover it.
"""

from rules.values.reasons import ReasonCode, register

register(
    # quantities
    ReasonCode(
        "quantity_too_small", {"ordered": "count", "product": "name", "terms": "phrases"}, "holds"
    ),
    ReasonCode(
        "quantity_not_multiple",
        {"ordered": "count", "product": "name", "terms": "phrases"},
        "holds",
    ),
    ReasonCode("quantity_rounded", {"how": "phrase"}, "changes"),
    # prices
    ReasonCode("order_empty", severity="rejects"),
    ReasonCode("line_repeated", severity="rejects"),
    ReasonCode("quantity_invalid", {"quantity": "count"}, "rejects"),
    ReasonCode("product_unknown", {"sku": "code"}, "rejects"),
    ReasonCode(
        "list_passed_over",
        {"list": "rule", "unit": "code", "size": "count", "count": "count", "product": "name"},
    ),
    ReasonCode("list_unit_unknown", {"list": "rule", "unit": "code", "product": "name"}),
    ReasonCode("priced", {"price": "unit_price", "per": "phrase", "made": "phrases"}),
    ReasonCode("line_unpriced", {"product": "name"}, "holds"),
    ReasonCode("rule_failed", {"rule": "rule", "then": "phrase"}, "holds"),
    ReasonCode("below_floor", {"product": "name", "net": "money", "floor": "phrase"}, "holds"),
    ReasonCode("cost_not_known", {"rule": "rule"}),
    ReasonCode(
        "mrp_differs", {"batch": "code", "mrp": "unit_price", "priced_from": "unit_price"}, "holds"
    ),
    ReasonCode(
        "above_mrp",
        {
            "quantity": "count",
            "product": "name",
            "total": "money",
            "bound": "phrase",
            "most": "money",
        },
        "holds",
    ),
    ReasonCode("taxed", {"tax": "name", "net": "money"}),
    ReasonCode("tax_unknown", {"product": "name"}, "holds"),
    ReasonCode("rounded", {"exact": "money", "payable": "money"}),
)

register(
    # schemes and coupons
    ReasonCode(
        "discount_above_limit", {"product": "name", "asked": "money", "limit": "money"}, "holds"
    ),
    ReasonCode("discount_cut", {"product": "name", "asked": "money", "limit": "money"}, "changes"),
    ReasonCode(
        "discount_refused", {"product": "name", "asked": "money", "limit": "money"}, "rejects"
    ),
    ReasonCode("discount_not_given", {"product": "name", "asked": "money"}, "changes"),
    ReasonCode("discount_invalid", severity="rejects"),
    ReasonCode("scheme_applied", {"rule": "rule", "amount": "money"}),
    ReasonCode("share_of_basket_discount", {"rule": "rule", "amount": "money"}),
    ReasonCode("share_of_order_discount", {"rule": "rule", "amount": "money"}),
    ReasonCode("scheme_beaten", {"rule": "rule", "by": "phrase"}),
    ReasonCode("scheme_excluded", {"rule": "rule", "winner": "rule"}),
    ReasonCode("gate_closed", {"rule": "rule"}),
    ReasonCode("budget_used_up", {"rule": "rule", "period": "period"}),
    ReasonCode("limit_used_up", {"rule": "rule", "what": "phrase"}),
    ReasonCode("lease_used_up", {"rule": "rule"}),
    ReasonCode("max_discount_given", {"rule": "rule"}),
    ReasonCode("limit_short", {"rule": "rule", "part": "phrase"}),
    ReasonCode("limit_reached", {"rule": "rule", "part": "phrase"}),
    ReasonCode("choice_unknown", {"rule": "rule", "wished": "code", "given": "code"}),
    ReasonCode("free_goods_given", {"rule": "rule", "gift": "phrase"}),
    ReasonCode("free_goods_offered", {"rule": "rule", "gift": "phrase"}),
    ReasonCode("free_goods_declined", {"rule": "rule", "gift": "phrase"}),
    ReasonCode("coupon_unknown", {"coupon": "code"}),
    ReasonCode("coupon_unused", {"coupon": "code", "rules": "rules"}),
    ReasonCode("nearly_earned", {"more": "phrase", "benefit": "phrase"}),
)

register(
    # credit and approvals
    ReasonCode("customer_blocked", severity="rejects"),
    ReasonCode("customer_on_hold", severity="holds"),
    ReasonCode("cash_only", severity="holds"),
    ReasonCode(
        "credit_limit_exceeded", {"exposed": "money", "limit": "money", "over": "money"}, "holds"
    ),
    ReasonCode("credit_within_limit", {"exposed": "money", "limit": "money"}),
    ReasonCode("credit_unlimited"),
    ReasonCode("credit_not_used", {"payment": "payment"}),
    ReasonCode("credit_not_known"),
    ReasonCode("credit_not_granted"),
    ReasonCode("credit_granted", {"rule": "rule"}),
    ReasonCode("credit_gate_off", {"gate": "gate"}),
    ReasonCode("credit_gate_on", {"gate": "gate"}),
    ReasonCode("credit_stopped", {"text": "texts", "facts": "details"}, "rejects"),
    ReasonCode("approval_required", {"text": "texts", "facts": "details"}, "holds"),
    ReasonCode(
        "credit_conditional", {"text": "texts", "facts": "details", "require": "codes"}, "holds"
    ),
    ReasonCode("credit_allowed", {"text": "texts", "facts": "details"}),
    ReasonCode(
        "approval_named", {"who": "steps", "code": "code", "amount": "money", "terms": "details"}
    ),
    # what makes an offer no offer, and a decision no decision
    ReasonCode("offer_order_other", severity="rejects"),
    ReasonCode("offer_payment_barred", {"payment": "payment"}, "rejects"),
    ReasonCode("offer_empty", severity="rejects"),
    ReasonCode("offer_line_unknown", {"line": "count"}, "rejects"),
    ReasonCode("offer_line_larger", {"line": "count"}, "rejects"),
    ReasonCode("offer_quantities_fixed", severity="rejects"),
    ReasonCode("offer_unchanged", severity="rejects"),
    ReasonCode("decided_already", severity="rejects"),
    ReasonCode("order_changed", severity="rejects"),
    ReasonCode("self_approval", severity="rejects"),
    ReasonCode("said_yes_already", severity="rejects"),
    ReasonCode("no_stand_in", severity="rejects"),
    ReasonCode("role_not_asked", severity="rejects"),
    ReasonCode("no_offer_allowed", severity="rejects"),
)

register(
    # stock
    ReasonCode("stock_not_known"),
    ReasonCode("allocated", {"quantity": "count", "product": "name"}),
    ReasonCode("batch_named", {"batch": "code", "why": "details"}),
    ReasonCode("batch_unknown", {"batch": "code", "product": "name"}, "rejects"),
    ReasonCode("batch_blocked", {"batch": "code", "product": "name"}, "rejects"),
    ReasonCode("not_stocked", {"product": "name"}),
    ReasonCode(
        "batch_expired", {"batch": "code", "product": "name", "expiry": "phrase"}, "rejects"
    ),
    ReasonCode(
        "batch_out_of_turn",
        {"first": "code", "product": "name", "batch": "code", "ask": "details"},
        "rejects",
    ),
    ReasonCode("short_stock", {"stock": "phrase", "rest": "details"}, "changes"),
    ReasonCode("out_of_stock", {"stock": "phrase", "rest": "details"}, "changes"),
    ReasonCode("free_goods_short", {"stock": "phrase", "rest": "details"}, "changes"),
    ReasonCode("order_incomplete", severity="rejects"),
)

register(
    # goods that come back
    ReasonCode("order_not_sold", severity="rejects"),
    ReasonCode("line_unknown", {"what": "phrase"}, "rejects"),
    ReasonCode("returned_too_much", {"how": "phrase"}, "rejects"),
    ReasonCode(
        "returned", {"count": "count", "sold": "count", "product": "name", "price": "unit_price"}
    ),
    ReasonCode("free_goods_returned", {"count": "count", "product": "name", "rule": "rule"}),
    ReasonCode("discounts_kept"),
    ReasonCode("discount_recomputed", {"rule": "rule", "now": "phrase", "before": "phrase"}),
    ReasonCode(
        "free_goods_owed", {"count": "count", "product": "name", "rule": "rule", "way": "phrase"}
    ),
    ReasonCode(
        "free_goods_unpriced",
        {"count": "count", "product": "name", "rule": "rule", "way": "phrase"},
        "holds",
    ),
    ReasonCode("free_goods_charged", {"product": "name", "rule": "rule", "charge": "phrase"}),
    ReasonCode("return_costs", {"amount": "money"}, "holds"),
    ReasonCode("return_credited", {"amount": "money"}),
)

register(
    # why a scheme gave nothing, asked on demand
    ReasonCode("scheme_not_started", {"day": "day"}),
    ReasonCode("scheme_ended", {"day": "day"}),
    ReasonCode("coupon_needed", {"coupons": "either"}),
    ReasonCode("fact_unknown", {"fact": "code"}),
    ReasonCode("fact_differs", {"fact": "code", "found": "code", "wanted": "either"}),
    ReasonCode("fact_barred", {"fact": "code", "found": "code"}),
    ReasonCode("no_such_line", {"wanted": "listed"}),
    ReasonCode("condition_needed", {"condition": "code"}),
    ReasonCode("scheme_starts_at", {"start": "phrase", "period": "period"}),
    ReasonCode("scheme_counts_by", {"start": "phrase"}),
    ReasonCode("set_incomplete"),
)
