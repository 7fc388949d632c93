"""Approvals of orders that were taken back: who may decide is asked as before, no word is lost."""

import pytest

from hub.desk.approvals.acts.release_order import KeptYes
from hub.desk.orders.deciding import Changed
from tests.builders.market import Market, packed
from tests.suites.hub.test_approvals import ASHA, MEENA, ROUTES, code, routed, status
from tests.suites.hub.test_taking_back import Counter, forget

pytestmark = pytest.mark.one_engine

__all__ = ["routed"]  # the fixture


@pytest.fixture
def counter(routed: Market) -> Counter:
    """Give the counter of a shop with a credit limit."""
    return Counter(routed, "shop-1")


def forget_all(market: Market) -> None:
    """Have the hub lose orders and what people said of them."""
    market.change("DELETE FROM approval_decision")
    forget(market)


def test_what_people_released_stands_released_without_their_word(
    routed: Market, counter: Counter
) -> None:
    order = counter.buys(("RICE", 30))
    routed.approvals.release(order, by=MEENA)
    routed.approvals.release(order, by=ASHA)
    counter.hears()
    forget_all(routed)

    counter.gives()

    assert status(routed, order) == ("allocated", 2)
    assert routed.rows("SELECT cause FROM order_revision ORDER BY revision") == [
        ("placed",),
        ("restored",),
    ]
    assert routed.broken() == set()


def test_what_people_refused_stands_refused(routed: Market, counter: Counter) -> None:
    order = counter.buys(("RICE", 30))
    routed.approvals.refuse(order, by=MEENA, why="pays late")
    counter.hears()
    forget_all(routed)

    counter.gives()

    assert status(routed, order) == ("rejected", 2)
    assert routed.broken() == set()


def test_a_held_order_asks_the_same_people_again(routed: Market, counter: Counter) -> None:
    order = counter.buys(("RICE", 30))
    forget_all(routed)
    counter.gives()

    wrong = routed.approvals.release(order, by=ASHA)
    first = routed.approvals.release(order, by=MEENA)
    last = routed.approvals.release(order, by=ASHA)

    assert code(wrong) == "role_not_asked"
    assert isinstance(first, KeptYes)
    assert isinstance(last, Changed)
    assert status(routed, order) == ("allocated", 2)
    assert routed.broken() == set()


def test_a_price_has_its_own_hash_again_where_the_pack_is_there(
    routed: Market, counter: Counter
) -> None:
    counter.buys(("TEA", 2), ("SOAP", 12), payment="cash")
    hashes = routed.rows("SELECT price_hash FROM order_revision")
    forget_all(routed)

    counter.gives()

    assert routed.rows("SELECT price_hash FROM order_revision") == hashes


def test_what_was_cut_for_stock_has_its_own_hash_too(routed: Market, counter: Counter) -> None:
    counter.buys(("HONEY", 60), payment="cash")
    hashes = routed.rows("SELECT price_hash, changed FROM order_revision")
    forget_all(routed)

    counter.gives()

    assert routed.rows("SELECT price_hash, changed FROM order_revision") == hashes


def test_a_price_of_an_earlier_pack_has_its_own_hash_too(routed: Market, counter: Counter) -> None:
    counter.buys(("SOAP", 12), payment="cash")
    routed.publish(packed(version=3, soap="12.00", more=ROUTES))
    hashes = routed.rows("SELECT price_hash, pack_version FROM order_revision")
    forget_all(routed)

    counter.gives()

    assert routed.rows("SELECT price_hash, pack_version FROM order_revision") == hashes
