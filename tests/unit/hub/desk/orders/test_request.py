"""The hash that an approval is bound to: of all that the approver looked at, of nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from hub.desk.orders.model.request import content_hash
from rules import Order, OrderLine, Quantity
from tests.builders.decisions import order, quote, request

TWO = (
    OrderLine(1, "TEA", Quantity(3)),
    OrderLine(2, "RICE", Quantity(1), "CASE", "R1"),
)
ASKED = order(lines=TWO, coupons=("SPRING", "TEN"), choices={"GIFT": "HONEY", "BAG": "SOAP"})


ODD = order(
    lines=(
        OrderLine(2, "RICE", Quantity(1), "CASE", "R1"),
        OrderLine(1, 'चाय\x7f\t\x01"/\\', Quantity(2**53)),
    ),
    coupons=("दीपावली", "ten"),
    choices={"GIFT": "HONEY", "BAG": "SOAP"},
)


def hashed(asked: Order = ASKED, *, seller: int = 1, pack: str | None = "p", cost: int = 5) -> str:
    """Hash an order."""
    return content_hash(seller, asked, pack=pack, payable=cost)


@pytest.mark.parametrize(
    "changed",
    [
        {"customer": "C2"},
        {"payment": "cash"},
        {"coupons": ("SPRING",)},
        {"coupons": ("SPRING", "TEN", "TEN")},
        {"choices": {"GIFT": "SOAP", "BAG": "SOAP"}},
        {"lines": TWO[:1]},
        {"lines": (TWO[0], replace(TWO[1], number=3))},
        {"lines": (TWO[0], replace(TWO[1], sku="OIL"))},
        {"lines": (TWO[0], replace(TWO[1], quantity=Quantity(2)))},
        {"lines": (TWO[0], replace(TWO[1], unit=None))},
        {"lines": (TWO[0], replace(TWO[1], batch="R2"))},
    ],
    ids=str,
)
def test_a_change_of_what_is_ordered_asks_for_the_approval_anew(changed: dict[str, Any]) -> None:
    assert hashed(replace(ASKED, **changed)) != hashed()


def test_another_seller_pack_or_amount_asks_for_it_anew() -> None:
    hashes = {hashed(), hashed(seller=2), hashed(pack="q"), hashed(pack=None), hashed(cost=6)}

    assert len(hashes) == 5


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": (TWO[1], TWO[0])},
        {"coupons": ("TEN", "SPRING")},
        {"coupons": ("spring", "Ten")},
        {"choices": {"BAG": "SOAP", "GIFT": "HONEY"}},
        {"id": "another"},
    ],
    ids=str,
)
def test_the_order_of_the_writing_does_not_count(changed: dict[str, Any]) -> None:
    assert hashed(replace(ASKED, **changed)) == hashed()


def test_the_hash_is_the_same_on_every_machine_and_in_every_release() -> None:
    # Approvals are kept with it: an order must not lose them to a new program.
    assert hashed() == "efbafb7d03afc69f9f1802ffdb8c23e010a9287ba4f9fc382e057cdb384536a5"


def test_other_content_makes_another_request_that_was_never_quoted() -> None:
    asked = request(quote=quote())
    other = asked.with_order(order(quantity=1))

    assert other.quote is None
    assert other.order.lines[0].quantity == 1
    assert (other.uuid, other.source_key) == (asked.uuid, asked.source_key)
    assert asked.quote is not None


def test_the_hash_of_any_text_stays_what_approvals_of_years_ago_are_bound_to() -> None:
    assert (
        hashed(ODD, pack=None) == "c962f6a80673a13d83e5a64c8ef140906ea0dba2be94c2761866ae73b7a02159"
    )
