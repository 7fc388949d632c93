"""A list of the shop's own, where the flash is smaller than the catalogue: the rest by bar code."""

import json

from firmware.app.desk import Desk
from firmware.app.reports import report_bytes
from firmware.core.order import order_of
from firmware.flash.building import build_products
from tests.builders.on_micropython.opened_counter import SETTINGS, opened, sent, write

TEA = (
    '{"base_unit":"PCS","gtins":["8901234567894"],"name":"Tea","pack_sizes":{"CASE":12},'
    '"sku":"TEA","price":2500000}'
)
CAKE = '{"base_unit":"PCS","gtins":[],"name":"Cake","pack_sizes":{},"sku":"CAKE"}'
UNKNOWN = "4006381333931"
SOLD = "the hub says what 0" + UNKNOWN + " is and costs"


def listed(ending="]}"):
    """Open a counter with a list of two products."""
    desk, scan, postbox = opened()
    write(desk.board, '{"format":1,"products":[' + TEA + "," + CAKE + ending)
    folder = desk.board.folder
    list(build_products(folder + "/part", folder + "/products", folder + "/prices"))
    desk.take_up_catalogue()
    return desk, scan, postbox


def printed(desk):
    return b" ".join(b"".join(report_bytes(desk, desk.copies.pop(0))).split())


def test_a_list_has_its_prices_in_it_and_says_that_there_is_more():
    desk, scan, _ = listed()

    assert desk.catalogue.is_bounded
    assert (desk.catalogue.find("TEA").price, desk.catalogue.find("CAKE").price) == (2500000, 0)
    scan("OW-STATUS")
    assert b"what the shop orders most; the rest by bar code" in printed(desk)
    assert not opened()[0].catalogue.is_bounded


def test_what_is_not_on_the_list_is_ordered_by_its_bar_code_and_said():
    desk, scan, _ = listed()

    assert scan("TEA", UNKNOWN) == "ok 1 x not on this list: " + SOLD
    scan("OW-QTY-3", UNKNOWN)
    assert [line.said for line in order_of(desk.journal.events).lines][1] == "4 x not on this list"
    scan("OW-SUBMIT")

    told = [(line["sku"], line["qty"]) for line in sent(desk)["lines"]]
    assert told == [("TEA", 1), ("0" + UNKNOWN, 4)]


def test_a_misread_code_a_text_and_a_code_of_the_shop_s_scale_are_refused_as_ever():
    desk, scan, _ = listed(
        ending='],"own_prefixes":[{"prefix":"21","article":5,"measures":"weight"}]}'
    )

    for code in ("4006381333932", "SUGAR", "2112345000008"):
        assert scan(code).startswith("error not in the catalogue"), code
    assert not desk.order.lines


def test_without_a_list_an_unknown_bar_code_is_refused():
    _, scan, _ = opened()

    assert scan(UNKNOWN).startswith("error not in the catalogue")


def test_a_line_by_bar_code_goes_comes_again_and_has_no_price_here():
    desk, scan, _ = listed()
    scan(UNKNOWN, "TEA", "OW-REMOVE", "TEA", "OW-SUBMIT")

    assert scan("OW-REPEAT").startswith("ok order anand-stores-00001 again, 1 lines")
    assert [line.said for line in Desk(desk.board, SETTINGS).order.lines] == [
        "1 x not on this list"
    ]
    scan("OW-PRICE", UNKNOWN)
    assert b"the hub's answer says what it costs" in printed(desk)
    assert scan("OW-REMOVE", UNKNOWN) == "ok removed: 1 x not on this list"


def test_the_hub_is_asked_for_the_stock_of_a_bar_code():
    desk, scan, _ = listed()
    desk.online = True

    scan("OW-STOCK", UNKNOWN)

    assert json.loads(desk.remarks[-1][1])["data"] == {"what": "stock", "sku": "0" + UNKNOWN}


def test_a_list_that_is_cut_or_has_a_wrong_price_leaves_the_old_one():
    desk, scan, _ = listed()
    folder = desk.board.folder
    for broken in (TEA[:-20], TEA.replace("2500000", '"dear"')):
        write(desk.board, '{"format":1,"products":[' + broken + "]}")
        try:
            list(build_products(folder + "/part", folder + "/products", folder + "/prices"))
        except ValueError:
            desk.take_up_catalogue()
            assert desk.catalogue.find("CAKE") is not None
            assert desk.catalogue.find("TEA").price == 2500000
            continue
        raise AssertionError("it was taken")
    assert scan("CAKE") == "ok 1 x Cake"
