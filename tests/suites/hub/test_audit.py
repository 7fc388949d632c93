"""The audit names the promise that was broken, whatever row was changed behind the hub's back."""

import pytest

from hub.desk.approvals.model import Approver
from tests.builders.market import Market, packed
from tests.suites.hub.test_wire_beside_orders import status

TAMPERED = {
    "an order's inbox row is gone": ("DELETE FROM inbox WHERE seq = 1", {"order_once"}),
    "an order was moved to another number": (
        "UPDATE order_ SET source_key = 'shop-1/9' WHERE source_key = 'shop-1/1'",
        {"order_once"},
    ),
    "an answer is gone": (
        "DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox)",
        {"answered"},
    ),
    "an answer went to another terminal": (
        "UPDATE outbox SET terminal = 'shop-1' WHERE revision = 2",
        {"answered_its_own", "answers_equal"},
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
            "DELETE FROM allocation WHERE quantity < 0 AND order_id IN "
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
        "UPDATE order_revision SET exposure = exposure - 1 WHERE exposure > 0",
        {"exposure_posted", "exposure_of_order"},
    ),
    "a line was made cheaper": (
        (
            "UPDATE order_line SET net = net - 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"amounts", "answers_equal"},
    ),
    "an order was made cheaper": (
        (
            "UPDATE order_revision SET payable = payable - 1, round_off = round_off - 1 "
            "WHERE exposure > 0"
        ),
        {"exposure_of_order", "recomputes", "answers_equal", "content_hash"},
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
    "a posting is gone": ("DELETE FROM posting WHERE kind = 'order'", {"exposure"}),
    "an opening amount was changed": (
        "UPDATE customer_account SET opening_outstanding = 1 WHERE opening_outstanding > 1",
        {"opening"},
    ),
    "a revision is gone": (
        "DELETE FROM order_revision WHERE cause = 'cancelled'",
        {"revisions"},
    ),
    "an order stands otherwise than its newest revision": (
        "UPDATE order_ SET status = 'held' WHERE status = 'cancelled'",
        {"newest_revision"},
    ),
    "an order asks for something else": (
        (
            "UPDATE order_line SET ordered = ordered + 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"content_hash"},
    ),
    "a given up order counts towards a scheme": (
        "DELETE FROM counter_change WHERE revision = 2",
        {"counters_given_back", "scheme_counters"},
    ),
    "the content of an order is gone": (
        "DELETE FROM decision WHERE order_id = (SELECT min(id) FROM order_)",
        {"content_kept"},
    ),
    "an approval is of something else": (
        "UPDATE approval_decision SET content_hash = 'x'",
        {"approval_bound"},
    ),
    "an approval is gone": ("DELETE FROM approval_decision", {"released_by_approval"}),
    "whoever asked has approved": (
        (
            "UPDATE order_ SET requester_kind = 'user', requester = 'VIKRAM' "
            "WHERE id IN (SELECT order_id FROM approval_decision)"
        ),
        {"no_self_approval"},
    ),
    "a released order was made cheaper than its notice says": (
        ("UPDATE order_line SET net = net - 1 WHERE line = 1 AND NOT free AND revision = 2"),
        {"amounts", "answers_equal"},
    ),
    "the books were put back and no terminal was heard since": (
        "INSERT INTO setting (key, value) VALUES ('restored_at', '9000000000000')",
        {"heard_again"},
    ),
    "an order has another status than its answer": (
        "UPDATE order_revision SET changed = true WHERE exposure > 0",
        {"answers_equal"},
    ),
}


PLANTED_ELSEWHERE = {
    "sequence_once",  # the database itself refuses it
    "stock_bounds",  # likewise
    "credit_limit",  # below
    "pack_chain",  # with the tests of packs
    "leases_held",  # with the tests of leases
    "leases_bounded",  # likewise
}


@pytest.fixture
def busy_market(market: Market) -> Market:
    """Give a market with a confirmed, a held and a cancelled order, and a lease."""
    market.hears(status(leases="0" * 64))
    confirmed = market.place(("TEA", 2), ("SOAP", 10), ("RICE", 10), terminal="shop-1", seq=1)
    market.place(("TEA", 50), terminal="shop-1", seq=2)
    cancelled = market.place(("TEA", 3), ("SOAP", 10), terminal="shop-2", seq=3)
    market.orders.cancel(cancelled.order, why="shop closed", by="asha")
    released = market.place(("TEA", 40), terminal="shop-1", seq=4)
    market.approvals.release(released.order, by=Approver("vikram", ("manager",)))
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


def test_every_promise_has_a_break_that_names_it(busy_market: Market) -> None:
    promised = {one.promise.name for one in busy_market.audit().kept}

    planted = set[str]().union(*(promises for _, promises in TAMPERED.values()))

    assert promised - planted == PLANTED_ELSEWHERE


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

    busy_market.change(
        "UPDATE order_revision SET payment = 'credit' "
        "WHERE order_id = (SELECT id FROM order_ WHERE uuid = :u)",
        u=above.order,
    )

    assert "credit_limit" in busy_market.broken()


def test_the_database_itself_refuses_to_promise_more_than_is_on_hand(market: Market) -> None:
    with pytest.raises(Exception, match="ck_batch_reserved"):
        market.change("UPDATE batch SET reserved = on_hand + 1 WHERE code = 'S1'")
