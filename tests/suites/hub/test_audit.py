"""The audit names the promise that was broken, whatever row was changed behind the hub's back."""

import pytest

from tests.builders.market import Market, packed
from tests.suites.hub.test_wire_beside_orders import status

TAMPERED = {
    "an order's inbox row is gone": ("DELETE FROM inbox WHERE seq = 1", {"order_once"}),
    "an order was moved to another number": (
        "UPDATE order_ SET seq = 2 WHERE seq = 1",
        {"order_once", "sequence_once"},
    ),
    "an answer is gone": (
        "DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox)",
        {"answered", "answers_equal"},
    ),
    "an answer went to another terminal": (
        "UPDATE outbox SET terminal = 'shop-1' WHERE revision = 2",
        {"answered"},
    ),
    "a batch has more reserved than allocated": (
        "UPDATE batch SET reserved = reserved + 1 WHERE code = 'T-LATE'",
        {"stock_reserved"},
    ),
    "stock appeared from nowhere": (
        "UPDATE batch SET on_hand = on_hand + 1 WHERE code = 'T-LATE'",
        {"stock_moves"},
    ),
    "a movement was changed": (
        "UPDATE stock_movement SET quantity = quantity + 1 WHERE id = 1",
        {"stock_moves"},
    ),
    "an allocation was taken to an expired batch": (
        (
            "UPDATE allocation SET batch_id = (SELECT id FROM batch WHERE code = 'T-OLD') "
            "WHERE line = 1 AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"stock_fresh", "stock_reserved"},
    ),
    "a cancelled order holds stock again": (
        (
            "UPDATE allocation SET state = 'open' WHERE order_id IN "
            "(SELECT id FROM order_ WHERE status = 'cancelled')"
        ),
        {"stock_given_back", "stock_reserved"},
    ),
    "a line promises more than is allocated": (
        (
            "UPDATE order_line SET quantity = quantity + 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"stock_promised", "answers_equal"},
    ),
    "a customer owes less": (
        "UPDATE customer_account SET exposure = exposure - 1 WHERE exposure > 20000",
        {"exposure"},
    ),
    "an order adds less than its total": (
        "UPDATE order_ SET exposure = exposure - 1 WHERE seq = 1",
        {"exposure", "exposure_of_order"},
    ),
    "a line was made cheaper": (
        (
            "UPDATE order_line SET net = net - 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"amounts", "answers_equal"},
    ),
    "an order was made cheaper": (
        "UPDATE order_ SET payable = payable - 1, round_off = round_off - 1 WHERE seq = 1",
        {"exposure_of_order", "recomputes", "answers_equal"},
    ),
    "a line lost its price": (
        (
            "UPDATE order_line SET unit_price = NULL WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"never_free"},
    ),
    "a scheme was used once more": (
        "UPDATE scheme_counter SET used = used + 1 WHERE scope = 'total'",
        {"scheme_counters"},
    ),
    "the evidence is gone": (
        "UPDATE decision SET inputs = :bytes WHERE order_id = (SELECT min(id) FROM order_)",
        {"recomputes"},
    ),
    "the result was changed": (
        "UPDATE decision SET result_hash = 'x' WHERE order_id = (SELECT min(id) FROM order_)",
        {"recomputes"},
    ),
    "an answer's bytes were cut": (
        "UPDATE outbox SET payload = :bytes WHERE id = (SELECT min(id) FROM outbox)",
        {"answers_equal"},
    ),
    "a pack's bytes were changed": (
        "UPDATE snapshot SET body = :bytes WHERE kind = 'pack'",
        {"pack_stored", "recomputes"},
    ),
    "a pack was made a draft again": (
        "UPDATE rule_pack SET published_at = NULL, starts_at = NULL",
        {"pack_published"},
    ),
    "a pack's start was moved behind the orders": (
        "UPDATE rule_pack SET starts_at = starts_at + 3600000",
        {"pack_published"},
    ),
    "the publisher was made the author": (
        "UPDATE rule_pack SET origin = 'added'",
        {"pack_two_persons"},
    ),
    "an order has another status than its answer": (
        "UPDATE order_ SET status = 'confirmed_changed' WHERE seq = 1",
        {"answers_equal"},
    ),
}


@pytest.fixture
def busy_market(market: Market) -> Market:
    """Give a market with a confirmed, a held and a cancelled order, and a lease."""
    market.hears(status(leases="0" * 64))
    confirmed = market.place(("TEA", 2), ("SOAP", 10), ("RICE", 10), terminal="shop-1", seq=1)
    market.place(("TEA", 50), terminal="shop-1", seq=2)
    cancelled = market.place(("TEA", 3), terminal="shop-2", seq=3)
    market.orders.cancel(cancelled.order, why="shop closed", by="asha")
    assert confirmed.status == "confirmed"
    return market


def test_untouched_books_keep_every_promise(busy_market: Market) -> None:
    report = busy_market.audit()

    assert report.is_clean
    assert all(one.checked for one in report.kept)


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_row_is_named_by_its_promise(busy_market: Market, what: str) -> None:
    statement, promises = TAMPERED[what]

    values = {"bytes": b"["} if ":bytes" in statement else {}
    busy_market.change(statement, **values)

    assert promises <= busy_market.broken()


def test_a_pack_set_up_by_one_person_is_noted(market: Market) -> None:
    assert market.audit().notes == (
        "rule pack version 1 was set up by load, without a second person",
    )


def test_content_slipped_into_a_roll_back_is_found(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))
    market.packs.roll_back(1, by="vikram")

    market.change("UPDATE rule_pack SET copy_of = 2 WHERE version = 3")

    assert market.broken() == {"pack_two_persons"}


def test_a_pack_set_up_after_others_is_found(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))

    market.change("UPDATE rule_pack SET origin = 'set_up', published_by = added_by")

    assert market.broken() == set()
    market.change("UPDATE rule_pack SET origin = 'added' WHERE version = 1")
    assert market.broken() == {"pack_two_persons"}


def test_an_order_confirmed_above_the_limit_is_found(busy_market: Market) -> None:
    above = busy_market.place(("TEA", 7), terminal="shop-1", payment="cash", seq=9)
    assert above.status == "confirmed"

    busy_market.change("UPDATE order_ SET payment = 'credit' WHERE uuid = :u", u=above.order)

    assert "credit_limit" in busy_market.broken()


def test_the_database_itself_refuses_to_promise_more_than_is_on_hand(market: Market) -> None:
    with pytest.raises(Exception, match="ck_batch_reserved"):
        market.change("UPDATE batch SET reserved = on_hand + 1 WHERE code = 'S1'")
