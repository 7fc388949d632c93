"""What a counter does beside its order: lines that go, digits, batches, prices, lists, the hub."""

import json

from firmware.app.desk import Desk
from firmware.app.questions import PATIENCE_MS, give_up
from firmware.app.reports import report_bytes
from firmware.app.slips import slip_bytes
from firmware.core.order import order_of
from firmware.flash.building import build_prices, build_products
from tests.builders.on_micropython.opened_counter import (
    SETTINGS,
    deliver,
    kept,
    opened,
    sent,
    write,
)

GOODS = (
    '{"base_unit":"PCS","gtins":[],"name":"Tea","pack_sizes":{"CASE":12},"sku":"TEA"}',
    '{"base_unit":"PCS","gtins":["98901234567893"],"name":"Rice","pack_sizes":{},"sku":"RICE"}',
)
PRICES = '{"format":1,"prices":[{"id":"PL","level":"default","rates":{"TEA":2500000}}]}'
RICE_OF_B7 = "]C1019890123456789310B7"


def stocked(*goods):
    """Open a counter that sells tea and rice, or only some of them."""
    desk, scan, postbox = opened()
    sell(desk, *(goods or GOODS))
    write(desk.board, PRICES)
    list(build_prices(desk.board.folder + "/part", desk.board.folder + "/prices"))
    desk.take_up_catalogue()
    return desk, scan, postbox


def sell(desk, *goods):
    write(desk.board, '{"format":1,"products":[%s]}' % ",".join(goods))
    list(build_products(desk.board.folder + "/part", desk.board.folder + "/products"))
    desk.take_up_catalogue()


def printed(desk):
    """Give the slip that waits, as text."""
    return b"".join(report_bytes(desk, desk.copies.pop(0)))


def says(slip, *words):
    for one in words:
        assert one.encode() in slip, (one, slip)


def answered(desk, postbox, payable=30000):
    """Have the hub confirm the order sent last."""
    stored = desk.journal.by_seq(desk.journal.last_seq)
    told = json.loads(kept("answer"))
    told["data"].update({"order": stored.order, "number": stored.number})
    told["data"]["totals"]["payable"] = payable
    deliver(postbox, json.dumps(told).encode())
    return stored.number


def asked(desk):
    """Give what the hub was asked last, and the question's id."""
    kind, message = desk.remarks[-1]
    assert kind == "ask"
    told = json.loads(message)
    return told["data"], told["id"]


def reply_to(desk, name, **changes):
    told = json.loads(kept(name))
    told["ref"] = desk.asked[0]
    told["data"].update(changes)
    return json.dumps(told).encode()


def test_a_removed_line_goes_and_undo_puts_it_back_in_its_place():
    desk, scan, _ = stocked()
    scan("TEA", "OW-QTY-3", "RICE")

    assert scan("OW-REMOVE") == "ok scan the product to remove"
    assert scan("TEA") == "ok removed: 3 x Tea"
    assert [line.sku for line in order_of(desk.journal.events).lines] == ["RICE"]
    assert scan("OW-UNDO") == "ok taken back: 3 x Tea"
    assert [line.sku for line in desk.order.lines] == ["TEA", "RICE"]


def test_of_two_lines_the_one_in_the_scanned_pack_goes_and_the_other_is_told():
    desk, scan, _ = stocked()
    scan("TEA", "OW-UNIT-CASE", "TEA")

    assert scan("OW-REMOVE", "TEA") == "ok removed: 1 x Tea - it is on 1 more lines"
    assert [line.said for line in desk.order.lines] == ["1 CASE = 12 x Tea"]


def test_what_is_not_on_the_order_is_not_ordered_by_remove_nor_is_a_misread_code():
    desk, scan, _ = stocked()
    assert scan("OW-REMOVE") == "error the order has no line to remove"
    scan("TEA", "OW-REMOVE")

    assert scan("4711").startswith("error not in the catalogue")
    assert scan("RICE") == "error Rice is not on the order"
    scan("OW-REMOVE")
    desk.board.now += 20_001
    assert scan("TEA").startswith("error too late: scan OW-REMOVE")
    assert [line.said for line in desk.order.lines] == ["1 x Tea"]


def test_digits_make_a_quantity_with_enter_and_nothing_else_is_taken_before_it():
    desk, scan, _ = stocked()
    assert scan("OW-7").startswith("error scan a product first")
    scan("TEA")

    assert scan("OW-2", "OW-4") == "ok 24 of Tea: scan ENTER"
    for code in ("RICE", "OW-SUBMIT", "OW-REMOVE", "OW-QTY-3"):
        assert scan(code) == "error 24 waits for ENTER: scan ENTER, or UNDO", code
    assert scan("OW-ENTER") == "ok 24 x Tea"
    assert scan("OW-ENTER").startswith("error scan the digits")
    assert scan("OW-9", "OW-UNDO") == "ok taken back: 9"
    assert [line.said for line in order_of(desk.journal.events).lines] == ["24 x Tea"]


def test_a_product_that_is_not_found_drops_the_digits_before_it():
    _, scan, _ = stocked()
    scan("TEA", "OW-5", "4711")

    assert scan("OW-ENTER").startswith("error scan the digits")


def test_a_batch_is_that_of_the_code_just_scanned_or_the_one_named():
    desk, scan, _ = stocked()
    scan(RICE_OF_B7, "OW-QTY-2")

    assert scan("OW-BATCH") == "ok 2 x Rice, batch B7"
    assert scan("OW-BATCH").startswith("error it is asked for already")
    assert scan("TEA", "OW-BATCH").startswith("error the code just scanned names no batch")
    assert scan("OW-BATCH-A1") == "ok 1 x Tea, batch A1"
    assert scan("OW-UNDO", "TEA") == "ok 2 x Tea"
    scan("OW-SUBMIT")
    told = [(line["sku"], line.get("batch")) for line in sent(desk)["lines"]]
    assert told == [("RICE", "B7"), ("TEA", None)]


def test_the_slip_of_an_order_that_waits_names_the_batch_that_is_asked_for():
    desk, scan, _ = stocked()
    scan("TEA", "OW-BATCH-A1", "OW-SUBMIT")

    desk.journal.spool_queued(desk.journal.by_seq(1))

    says(b"".join(slip_bytes(desk, desk.journal.slips()[0], 0)), "Batch A1")


def test_the_last_order_comes_again_as_it_can_be_had_today_and_over_a_power_cut():
    desk, scan, postbox = stocked()
    scan("TEA", "OW-UNIT-CASE", "OW-QTY-2", "RICE", "OW-BATCH-B7", "OW-SUBMIT")
    number = answered(desk, postbox)
    sell(desk, GOODS[0])

    assert scan("OW-REPEAT") == "ok order %s again, 1 lines: look, then SUBMIT" % number
    says(printed(desk), "LEFT OUT", number, "not sold any more: Rice")
    again = Desk(desk.board, SETTINGS)
    assert [line.said for line in again.order.lines] == ["2 CASE = 24 x Tea"]
    assert scan("OW-REPEAT").startswith("error an order is open")
    scan("OW-UNDO", "OW-SUBMIT")
    assert desk.board.said[-1] == "error there is nothing to submit"


def test_a_pack_that_holds_another_count_today_comes_again_by_the_piece():
    desk, scan, _ = stocked()
    assert scan("OW-REPEAT").startswith("error no order was sent from here yet")
    scan("TEA", "OW-UNIT-CASE", "OW-SUBMIT")
    sell(desk, GOODS[0].replace('"CASE":12', '"CASE":10'))

    scan("OW-REPEAT")

    assert [line.said for line in desk.order.lines] == ["12 x Tea"]


def test_a_price_prints_by_the_piece_and_by_each_pack_and_orders_nothing():
    desk, scan, _ = stocked()

    scan("OW-PRICE", "TEA")

    says(printed(desk), "PRICE", "Tea", "1 PCS", "250.00", "1 CASE = 12", "3,000.00", "List price")
    scan("OW-PRICE-SLIP", "RICE")
    says(printed(desk), "1 PCS", "no price")
    assert not desk.order.lines


def test_the_hub_s_stock_of_a_product_prints_beside_its_price():
    desk, scan, postbox = stocked()
    desk.online = True

    assert scan("OW-STOCK", "TEA") == "ok the hub is asked for stock"
    assert asked(desk)[0] == {"what": "stock", "sku": "TEA"}
    deliver(postbox, reply_to(desk, "reply-stock", sku="TEA"))

    assert desk.board.said[-1] == "done 48 available"
    says(printed(desk), "STOCK", "Tea", "250.00", "48 PCS", "Not reserved")
    assert desk.asked is None


def test_the_account_prints_as_the_hub_told_it():
    desk, scan, postbox = stocked()
    desk.online = True

    scan("OW-BALANCE")
    assert asked(desk)[0] == {"what": "account"}
    deliver(postbox, reply_to(desk, "reply"))

    says(printed(desk), "BALANCE", "4,129.00", "1,200.00", "overdue for 9 days", "INR 15,871.00")


def test_without_a_line_or_while_another_question_is_open_the_hub_is_not_asked():
    desk, scan, _ = stocked()
    assert scan("OW-BALANCE") == "error the hub is not reached, ask again later"
    desk.online = True
    scan("OW-BALANCE")

    assert scan("OW-STOCK", "TEA") == "error the hub is asked already: wait a moment"
    assert len(desk.remarks) == 1
    assert not desk.order.lines


def test_a_question_that_was_not_sent_in_time_is_never_sent_and_a_late_answer_is_not_printed():
    desk, scan, postbox = stocked()
    desk.online = True
    scan("OW-BALANCE")
    late = reply_to(desk, "reply")

    desk.board.now += PATIENCE_MS + 1
    give_up(desk)
    says(printed(desk), "NO ANSWER", "the hub was not reached")
    assert desk.remarks == []
    deliver(postbox, late)

    assert desk.copies == []
    assert desk.board.said[-1] == "warning a reply that nobody waits for"
    scan("OW-BALANCE")
    assert asked(desk)[0] == {"what": "account"}


def test_whether_an_order_is_cancelled_is_open_where_no_answer_came_and_told_when_it_comes():
    desk, scan, postbox = stocked()
    desk.online = True
    scan("OW-CANCEL-ORDER", "anand-stores-00041")
    refused = reply_to(desk, "reply-refused")
    desk.remarks.clear()

    give_up(desk)
    says(printed(desk), "NO ANSWER", "anand-stores-00041", "it may be cancelled or")
    deliver(postbox, refused)

    says(printed(desk), "NOT CANCELLED", "anand-stores-00041")


def test_the_last_orders_are_listed_with_their_sums_and_the_codes_that_print_them_again():
    desk, scan, postbox = stocked()
    scan("TEA", "OW-SUBMIT")
    first = answered(desk, postbox, payable=123456)
    scan("RICE", "OW-SUBMIT")

    scan("OW-LAST")

    slip = printed(desk)
    says(slip, "LAST ORDERS", first, "1,234.56", "CONFIRMED", "anand-stores-00002", "QUEUED")
    assert slip.index(b"anand-stores-00002") < slip.index(first.encode())


def test_open_orders_are_those_that_are_neither_over_nor_delivered():
    desk, scan, postbox = stocked()
    for status in ("confirmed", "rejected"):
        scan("TEA", "OW-SUBMIT")
        stored = desk.journal.by_seq(desk.journal.last_seq)
        told = json.loads(kept("answer"))
        told["data"].update({"order": stored.order, "number": stored.number, "status": status})
        deliver(postbox, json.dumps(told).encode())
    scan("TEA", "OW-SUBMIT")
    answered(desk, postbox)
    stored = desk.journal.by_seq(3)
    notice = json.loads(kept("notice"))
    notice["data"].update({"order": stored.order, "number": stored.number, "revision": 9})
    notice["data"]["reasons"] = [{"code": "order_delivered", "text": "Delivered", "params": {}}]
    deliver(postbox, json.dumps(notice).encode())

    scan("OW-OPEN")

    slip = printed(desk)
    says(slip, "OPEN ORDERS", "anand-stores-00001")
    assert b"anand-stores-00002" not in slip
    assert b"anand-stores-00003" not in slip


def test_the_columns_that_somebody_read_off_the_ruler_are_printed_from_then_on():
    desk, scan, _ = stocked()
    scan("OW-RULER")
    says(printed(desk), "48 columns", "OW-COLUMNS-32", "1234567890" * 4)
    settings = {"id": "anand-stores", "password": "x", "host": "h"}
    scan(json.dumps(settings))

    assert scan("OW-COLUMNS-32") == "ok 32 columns from now on; a test slip prints"

    says(printed(desk), "TEST", "32 columns", "Big letters")
    assert desk.settings.columns == 32


def test_help_the_sheet_and_the_status_print_and_say_what_is_not_done_here():
    desk, scan, _ = stocked()

    scan("OW-HELP", "OW-SHEET", "OW-STATUS")

    says(printed(desk), "HELP", "REPEAT - the last order", "not here: NEAR")
    says(printed(desk), "OW-REMOVE", "OW-CANCEL-ORD", "OW-UNIT-CASE", "OW-0")
    says(printed(desk), "STATUS", "link: offline")
    assert scan("OW-CUSTOMER-C2").endswith("it serves its own shop alone")
