"""The counter and what the hub told it: payments, bounds, and an order that is to be cancelled."""

import json

from firmware.app.desk import Desk
from firmware.app.reports import report_bytes
from firmware.app.slips import slip_bytes
from firmware.core.order import order_of
from firmware.flash.building import build_prices
from tests.builders.on_micropython.opened_counter import (
    SETTINGS,
    counter_named,
    deliver,
    kept,
    opened,
    sent,
    write,
)

PRICES = '{"format":1,"prices":[{"id":"PL","level":"default","rates":{"TEA":2500000}}]}'


def sell_at_prices(desk):
    write(desk.board, PRICES)
    list(build_prices(desk.board.folder + "/part", desk.board.folder + "/prices"))
    desk.take_up_catalogue()


def test_an_order_is_paid_as_somebody_chose_and_else_on_credit():
    desk, scan, _ = opened()

    assert scan("TEA", "OW-CASH") == "ok payment: cash"
    scan("OW-SUBMIT")
    assert sent(desk)["payment"] == "cash"

    scan("TEA", "OW-SUBMIT")
    assert sent(desk)["payment"] == "credit"


def test_a_payment_is_taken_back_kept_over_a_power_cut_and_thrown_away_with_its_order():
    desk, scan, _ = opened()
    scan("OW-ADVANCE", "OW-CASH")

    assert scan("OW-UNDO") == "ok taken back: payment advance"
    assert order_of(desk.journal.events).payment == "advance"
    assert scan("OW-UNDO") == "ok taken back: payment as usual"
    assert desk.order.is_empty

    scan("OW-CASH", "OW-CANCEL", "OW-CANCEL")
    assert (desk.order.payment, Desk(desk.board, SETTINGS).order.payment) == ("", "")


def test_the_hub_says_which_payments_a_counter_takes_and_which_is_usual():
    desk, scan, postbox = opened()
    scan("TEA", "OW-CREDIT")

    deliver(postbox, kept("config-counter"))

    assert scan("OW-SUBMIT") == "error credit is not taken here, but cash, advance"
    assert scan("OW-UNDO", "OW-CREDIT").startswith("error credit is not taken here")
    scan("OW-SUBMIT")
    assert sent(desk)["payment"] == "cash"


def test_the_slip_of_an_order_that_waits_says_how_it_is_paid():
    desk, scan, _ = opened()
    scan("TEA", "OW-ADVANCE", "OW-SUBMIT")

    desk.journal.spool_queued(desk.journal.by_seq(1))

    slip = b"".join(slip_bytes(desk, desk.journal.slips()[0], 0))
    assert b"in advance" in slip


def test_the_status_names_what_the_hub_told_of_payments_and_bounds():
    _, _, postbox = opened()
    assert counter_named(postbox) == "0" * 64

    deliver(postbox, kept("config-counter"))
    own = counter_named(postbox)
    deliver(postbox, kept("config"))

    assert own == "a4f9d11f3fcac5c4fd02017802c08e029d91a62352b9fbf48d458e4d43f9ee73"
    assert counter_named(postbox) != own


def test_a_quantity_above_the_hub_s_bound_counts_when_the_same_code_comes_again():
    desk, scan, postbox = opened()
    deliver(postbox, kept("config-counter"))
    asked = "error 241 of Tea? more than 240: scan it once more if it is meant"

    assert scan("TEA", "OW-QTY-240", "TEA") == asked
    assert scan("OW-QTY-9").startswith("error the last code was not taken")
    assert scan("TEA") == asked
    assert scan("TEA") == "ok 241 x Tea"
    assert scan("OW-QTY-400") == "ok 400 x Tea"
    assert scan("OW-QTY-900").startswith("error 900 of Tea?")
    assert scan("OW-STATUS", "OW-QTY-900").startswith("error 900 of Tea?")
    assert scan("OW-QTY-900") == "ok 900 x Tea"
    assert [line.quantity for line in desk.order.lines] == [900]


def test_an_order_is_not_sent_while_an_unusual_quantity_is_asked_about():
    desk, scan, postbox = opened()
    deliver(postbox, kept("config-counter"))
    told = (
        "error not sent: 900 of Tea? more than 240: scan it once more if it is meant, UNDO if not"
    )

    assert scan("TEA", "OW-QTY-900", "OW-SUBMIT").startswith(told)
    assert scan("OW-STATUS", "OW-SUBMIT").startswith(told)
    assert [line.quantity for line in desk.order.lines] == [1]
    assert scan("OW-SUBMIT").startswith("done ")
    assert desk.order.lines == []


def test_what_is_asked_about_is_over_once_it_is_said_otherwise_or_taken_back():
    desk, scan, postbox = opened()
    deliver(postbox, kept("config-counter"))

    scan("TEA", "OW-QTY-900")
    assert scan("OW-UNDO") == "ok taken back: 900 of Tea"
    assert [line.quantity for line in desk.order.lines] == [1]
    assert scan("OW-SUBMIT").startswith("done ")
    for answer in (("OW-QTY-9",), ("OW-QTY-900", "OW-QTY-900"), ("OW-REMOVE", "TEA", "NUT")):
        assert scan("TEA", "OW-QTY-900", *answer + ("OW-SUBMIT",)).startswith("done ")
    assert scan("TEA", "OW-QTY-900", "NUT", "OW-SUBMIT").startswith("error not sent: 900 of Tea?")
    assert scan("OW-CANCEL", "OW-CANCEL", "TEA", "OW-SUBMIT").startswith("done ")


def test_a_question_ends_with_the_person_who_left_and_stays_where_an_order_is_open():
    desk, scan, postbox = opened()
    sell_at_prices(desk)
    deliver(postbox, kept("config-counter").replace(b'"ask_amount":5000000', b'"ask_amount":40000'))
    ten_minutes = 10 * 60_000

    assert scan("TEA", "OW-QTY-2").startswith("error the order comes to 500.00?")
    desk.board.now += ten_minutes
    assert scan("OW-SUBMIT").startswith("error not sent: the order comes to 500.00?")
    scan("OW-CANCEL", "OW-CANCEL")
    deliver(postbox, kept("config-counter").replace(b'"ask_amount":5000000', b'"ask_amount":20000'))
    assert scan("TEA").startswith("error the order comes to 250.00?")
    desk.board.now += ten_minutes - 1
    assert scan("OW-SUBMIT").startswith("error not sent: the order comes to 250.00?")
    scan("OW-STATUS")
    desk.board.now += ten_minutes
    assert scan("OW-SUBMIT") == "error there is nothing to submit"


def test_packs_made_of_many_pieces_are_asked_for_and_grams_count_as_kilograms():
    _, scan, postbox = opened()
    deliver(postbox, kept("config-counter"))

    scan("TEA", "OW-QTY-300", "OW-QTY-300")
    assert scan("OW-UNIT-CASE").startswith("error 300 of Tea?")
    assert scan("OW-UNIT-CASE") == "ok 300 CASE = 3600 x Tea"
    assert scan("NUT", "OW-QTY-240000") == "ok 240000 x Nuts"
    assert scan("OW-QTY-240001").startswith("error 240001 of Nuts? more than 240000")


def test_a_sum_above_the_hub_s_bound_is_asked_for_once_more_at_list_prices():
    desk, scan, postbox = opened()
    deliver(postbox, kept("config-counter"))
    sell_at_prices(desk)

    assert scan("TEA", "OW-QTY-200") == "ok 200 x Tea"
    told = (
        "error the order comes to 50,250.00? more than 50,000.00: scan it once more if it is meant"
    )
    assert scan("OW-QTY-201") == told
    assert scan("OW-QTY-201") == "ok 201 x Tea"
    assert scan("OW-QTY-202") == "ok 202 x Tea"


def test_the_hub_is_asked_to_cancel_the_order_whose_slip_is_scanned():
    desk, scan, _ = opened()
    desk.online = True

    told = scan("OW-CANCEL-ORDER", "anand-stores-00041")

    assert told == "ok the hub is asked to cancel anand-stores-00041"
    kind, asked = desk.remarks[-1]
    assert kind == "ask"
    assert json.loads(asked)["data"] == json.loads(kept("ask-cancel"))["data"]


def test_nothing_is_asked_of_a_product_a_late_code_an_open_order_or_without_a_line():
    desk, scan, _ = opened()
    said = []
    scan("TEA", "OW-SUBMIT")

    said.append(scan("OW-CANCEL-ORD", "anand-stores-00001"))
    said.append(scan("OW-CANCEL-ORD", "anand-stores-00041"))
    desk.online = True
    said.append(scan("OW-CANCEL-ORD", "8901234567890"))
    scan("OW-CANCEL-ORD")
    desk.board.now += 20_001
    said.append(scan("anand-stores-00041"))

    for at, words in enumerate(("not answered it", "not reached", "is a product", "too late")):
        assert said[at].startswith("error ")
        assert words in said[at]
    assert desk.remarks == []
    assert not desk.order.lines


def test_a_command_in_between_ends_the_wait_for_a_number():
    desk, scan, _ = opened()
    desk.online = True

    scan("OW-CANCEL-ORDER", "OW-STATUS", "TEA")

    assert [line.sku for line in desk.order.lines] == ["TEA"]
    assert desk.remarks == []


def test_what_the_hub_did_not_cancel_is_said_and_printed_and_what_it_did_is_said():
    desk, _, postbox = opened()

    deliver(postbox, kept("reply-refused"))
    assert desk.board.said[-1].startswith("error anand-stores-00041 is not cancelled: The order is")
    slip = b"".join(report_bytes(desk, desk.copies.pop()))
    for words in (b"NOT CANCELLED", b"anand-stores-00041", b"it cannot be changed"):
        assert words in slip, words

    done = json.loads(kept("reply-refused"))
    del done["data"]["refused"]
    deliver(postbox, json.dumps(done).encode())
    assert desk.board.said[-1] == "done anand-stores-00041 is cancelled"
    assert desk.copies == []
