"""From what the engine found to the state that an order is in, and why."""

from dataclasses import replace

import pytest

from hub.desk.orders.model.request import Quoted
from hub.desk.orders.model.verdict import ANYBODY_IN_CHARGE, judge
from hub.desk.orders.words import sentence
from rules import ApprovalNeed, Minor, Params, Quantity, Reason, Result, Short
from rules.engine.tables import QuoteTerms
from tests.builders.decisions import PACK, quote, result

STRICT = replace(PACK, quotes=QuoteTerms(otherwise="approve"))
LIMIT = ApprovalNeed("credit_limit_exceeded", "AP-1", (("manager",),), Minor(120_400))
TEA = {"available": 2, "quantity": 3, "product": "Tea"}
SHORT: Params = {"stock": ["stock.product", TEA], "rest": []}
UP = {"ordered": 1, "product": "Tea", "terms": [["terms.by", {"pieces": 2}]], "sent": 2}
ROUNDED: Params = {"how": ["rounded.up", UP]}
FLOOR = ApprovalNeed("below_floor", "AP-2", (("owner",),), Minor(120_400))


def held(*needs: ApprovalNeed, codes: tuple[str, ...] = ()) -> Result:
    """Write a held result: the pack names who releases `needs`, and nobody for the other codes."""
    named = tuple(need.code for need in needs)
    reasons = tuple(Reason("credit", code, {}) for code in (*named, *codes))
    return replace(result("hold"), reasons=reasons, approvals=needs)


def short(*, free: bool, action: str) -> Short:
    """Write that a piece of tea is missing."""
    return Short(1, free=free, sku="TEA", missing=Quantity(1), action=action)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quoted", "status", "changed"),
    [
        (quote(pack="c" * 64, price_hash="c" * 64), "held", False),
        (quote(pack="c" * 64), "allocated", False),
        (quote(price_hash="c" * 64), "allocated", True),
        (None, "allocated", False),
    ],
)
def test_other_prices_than_an_earlier_pack_quoted_wait_for_a_person_where_the_pack_says_so(
    quoted: Quoted | None, status: str, *, changed: bool
) -> None:
    verdict = judge(result(), quoted, STRICT)

    assert (verdict.status, verdict.changed) == (status, changed)


def test_other_prices_that_a_person_released_are_a_change() -> None:
    quoted = quote(pack="c" * 64, price_hash="c" * 64)
    waiting = judge(result(), quoted, STRICT)

    verdict = judge(result(), quoted, STRICT, released={("price_changed", "")})

    assert [(need.code, need.rule, need.steps) for need in waiting.needs] == [
        ("price_changed", "", ANYBODY_IN_CHARGE)
    ]
    assert (verdict.status, verdict.changed, verdict.needs) == ("allocated", True, ())
    assert [reason.code for reason in verdict.reasons] == ["price_changed"]


def test_a_quote_that_holds_is_confirmed_without_words() -> None:
    verdict = judge(result(), quote(), PACK)

    assert (verdict.status, verdict.changed, verdict.reasons) == ("allocated", False, ())


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {"price_hash": "c" * 64, "payable": 119_000},
            "the total is 1,204.00, the counter showed 1,190.00",
        ),
        (
            {"price_hash": "c" * 64},
            (
                "prices of lines have changed since the counter showed them; "
                "the total is still 1,204.00"
            ),
        ),
        (
            {"price_hash": "c" * 64, "payable": 119_000, "pack": "d" * 64, "pack_version": 3},
            "the total is 1,204.00, the counter showed 1,190.00 (priced with rule pack 3, now 4)",
        ),
        ({"payable": 119_000}, "the total is 1,204.00, the counter showed 1,190.00"),
    ],
)
def test_what_differs_from_the_slip_is_said_in_amounts(
    changed: dict[str, object], text: str
) -> None:
    verdict = judge(result(), quote(**changed), PACK)

    assert (verdict.status, verdict.changed) == ("allocated", True)
    assert sentence(verdict.reasons[0], 2) == text


def test_a_cut_changes_the_order_even_if_nothing_was_quoted() -> None:
    cut = replace(
        result(),
        shorts=(short(free=False, action="cut"),),
        reasons=(Reason("allocation", "short_stock", SHORT, line=1),),
    )

    verdict = judge(cut, None, PACK)

    assert (verdict.status, verdict.changed) == ("allocated", True)
    assert [(reason.code, reason.line) for reason in verdict.reasons] == [("short_stock", 1)]


@pytest.mark.parametrize(
    ("free", "action", "status"),
    [
        (False, "backorder", "confirmed"),
        (True, "backorder", "confirmed"),
        (False, "cut", "allocated"),
        (True, "cut", "allocated"),
    ],
)
def test_goods_on_back_order_make_an_order_wait_for_stock_free_ones_too(
    action: str, status: str, *, free: bool
) -> None:
    verdict = judge(replace(result(), shorts=(short(free=free, action=action),)), None, PACK)

    assert (verdict.status, verdict.changed) == (status, True)


def test_a_rounded_quantity_is_a_change_even_at_the_quoted_price() -> None:
    rounded = Reason("quantity", "quantity_rounded", ROUNDED, rule="Q", line=1)

    verdict = judge(replace(result(), reasons=(rounded,)), quote(), PACK)

    assert (verdict.status, verdict.changed) == ("allocated", True)
    assert [reason.code for reason in verdict.reasons] == ["quantity_rounded"]


def test_a_rejected_order_needs_no_approval_and_is_not_changed() -> None:
    refused = replace(result("reject"), reasons=(Reason("credit", "customer_blocked", {}),))

    verdict = judge(refused, quote(payable=1), PACK, released={("customer_blocked", "")})

    assert (verdict.status, verdict.changed, verdict.needs) == ("rejected", False, ())
    assert [reason.code for reason in verdict.reasons] == ["customer_blocked"]


def test_a_held_order_needs_what_the_pack_names_and_for_the_rest_whoever_is_in_charge() -> None:
    verdict = judge(held(LIMIT, codes=("tax_unknown", "tax_unknown")), None, PACK)

    assert verdict.status == "held"
    assert [(need.code, need.rule, need.steps) for need in verdict.needs] == [
        ("credit_limit_exceeded", "AP-1", (("manager",),)),
        ("tax_unknown", "", ANYBODY_IN_CHARGE),
    ]


def test_a_hold_without_any_code_that_holds_still_needs_somebody() -> None:
    silent = replace(result("hold"), reasons=())
    spoken = replace(silent, reasons=(Reason("credit", "near_limit", {}),))

    assert [need.code for need in judge(silent, None, PACK).needs] == ["held"]
    assert [need.code for need in judge(spoken, None, PACK).needs] == ["near_limit"]


def test_a_hold_is_over_only_when_every_need_of_it_is_released() -> None:
    both = held(LIMIT, FLOOR)
    first, second = (LIMIT.code, LIMIT.rule), (FLOOR.code, FLOOR.rule)

    part = judge(both, None, PACK, released={first})
    whole = judge(both, None, PACK, released={first, second})

    assert (part.status, part.needs) == ("held", (FLOOR,))
    assert (whole.status, whole.changed, whole.needs) == ("allocated", False, ())
    assert whole.reasons == ()


def test_a_yes_to_another_rule_of_the_same_hold_releases_nothing() -> None:
    verdict = judge(held(LIMIT), None, PACK, released={(LIMIT.code, "AP-9"), (LIMIT.code, "")})

    assert (verdict.status, verdict.needs) == ("held", (LIMIT,))
