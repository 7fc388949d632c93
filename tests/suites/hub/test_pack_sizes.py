"""Orders by the case, of named batches, priced by MRP, held at cost: from file to books."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from broker.contract import AnswerLine, OrderLine, Status, StatusData
from hub.desk.orders.model.evidence import read_evidence
from terminal.core.order import Line
from tests.builders.counter_prices import CounterPrices
from tests.builders.market import FILES, NOON, Market, filled, new_uuid, packed

pytestmark = pytest.mark.one_engine

RULES = """
prices:
  - {id: BY-CASE, level: default, per: CASE, rates: {TEA: 1100.00}}
  - {id: BY-MRP, level: geography, when: {geo: IN, sku: SOAP}, mrp: {percent: -20}}
floors:
  - {id: COST, when: {sku: RICE}, cost: {percent: 103}}
"""
TODAY = date(2026, 11, 21)
COST = 487_654
"""Of rice, in 1/10,000; 103 % of it is above the price of 50.00."""


@pytest.fixture
def shelves(market: Market) -> Market:
    """Give a market that sells tea by the case, soap by its MRP, and rice at a known cost."""
    prices = {"TEA": "150.00,,CASE=18901234567891", "SOAP": "12.50,,", "RICE": ",48.7654,"}
    header, *rows = FILES["products.csv"].splitlines()
    products = [f"{header},mrp,cost,pack_gtins"]
    products += [f"{row},{prices.get(row.split(',')[0], ',,')}" for row in rows]
    batches = FILES["batches.csv"].replace("received,on_hand", "received,on_hand,mrp")
    batches += "MAIN,SOAP,S2,2026-02-01,,2026-03-01,50,15.00\n"
    market.load(products="\n".join(products), batches=filled(batches))
    market.publish(packed(2, more=RULES))
    return market


def line(sku: str, qty: int, **said: str) -> OrderLine:
    return OrderLine(line=1, sku=sku, qty=qty, **said)


def placed(market: Market, *lines: OrderLine) -> AnswerLine:
    """Have an order decided that is confirmed, and give its first line."""
    answer = market.place(lines=list(lines))
    assert answer.status == "confirmed", answer.reasons
    return answer.lines[0]


def test_a_line_in_cases_is_sold_at_the_price_of_a_case(shelves: Market) -> None:
    told = placed(shelves, line("TEA", 24, unit="CASE"))

    assert (told.unit, told.pack_size, told.pack_price) == ("CASE", 12, 11_000_000)
    assert (told.qty, told.gross, told.mrp) == (24, 220_000, 1_500_000)
    kept = "SELECT unit, pack_size, pack_price, mrp, batch FROM order_line"
    assert shelves.rows(kept) == [("CASE", 12, 11_000_000, 1_500_000, None)]
    assert shelves.broken() == set()


def test_the_same_pieces_one_by_one_are_sold_at_the_price_of_a_piece(shelves: Market) -> None:
    told = placed(shelves, line("TEA", 24))

    assert (told.unit, told.pack_size, told.pack_price, told.gross) == (None, None, None, 240_000)


def test_pieces_and_cases_of_one_order_are_each_kept_as_they_were_asked_for(
    shelves: Market,
) -> None:
    case = OrderLine(line=2, sku="TEA", qty=24, unit="CASE")
    named = OrderLine(line=3, sku="SOAP", qty=5, batch="S2")

    placed(shelves, line("TEA", 3), case, named)

    kept = "SELECT line, unit, pack_size, pack_price, batch FROM order_line ORDER BY line"
    assert shelves.rows(kept) == [
        (1, None, None, None, None),
        (2, "CASE", 12, 11_000_000, None),
        (3, None, None, None, "S2"),
    ]
    assert shelves.broken() == set()


def test_a_unit_that_is_the_base_unit_is_no_pack(shelves: Market) -> None:
    told = placed(shelves, line("TEA", 24, unit="PCS"))

    assert (told.unit, told.pack_price, told.gross) == (None, None, 240_000)


@pytest.mark.parametrize(
    ("sku", "text"),
    [
        ("TEA", "Tea is not sold by BOX: order it by CASE of 12, by PCS"),
        ("RICE", "Rice is not sold by BOX: order it by KG"),
    ],
)
def test_a_unit_that_a_product_does_not_come_in_is_refused(
    shelves: Market, sku: str, text: str
) -> None:
    answer = shelves.place(lines=[line(sku, 12, unit="BOX")])

    (reason,) = answer.reasons
    assert (answer.status, reason.code, reason.text, reason.line) == (
        "rejected",
        "unit_unknown",
        text,
        1,
    )
    assert shelves.rows("SELECT unit, quantity FROM order_line") == [("BOX", 0)]
    assert shelves.broken() == set()


def test_the_batch_that_is_asked_for_is_the_one_that_is_sold(shelves: Market) -> None:
    told = placed(shelves, line("SOAP", 5, batch="S2"))

    assert [(pick.batch, pick.qty) for pick in told.batches] == [("S2", 5)]
    assert (told.mrp, told.unit_price) == (150_000, 120_000)
    assert shelves.rows("SELECT batch FROM order_line") == [("S2",)]
    assert shelves.broken() == set()


def test_the_price_goes_by_the_mrp_of_the_product_where_no_batch_is_asked_for(
    shelves: Market,
) -> None:
    told = placed(shelves, line("SOAP", 5))

    assert (told.mrp, told.unit_price) == (125_000, 100_000)


def test_a_counter_that_quotes_a_case_comes_to_the_price_of_the_hub(
    shelves: Market, tmp_path: Path
) -> None:
    scanned = [Line(1, "TEA", "Tea", 24, "CASE", 12), Line(2, "TEA", "Tea", 5)]
    quote = CounterPrices(shelves, tmp_path).quote_lines(scanned, day=TODAY)
    asked = [line("TEA", 24, unit="CASE"), OrderLine(line=2, sku="TEA", qty=5)]

    answer = shelves.place(lines=asked, quote=quote)

    assert (answer.status, answer.reasons) == ("confirmed", [])
    assert shelves.rows("SELECT count(*) FROM price_alarm") == [(0,)]


def test_the_mrp_of_a_batch_that_no_terminal_knows_changes_the_price_and_is_no_alarm(
    shelves: Market, tmp_path: Path
) -> None:
    scanned = [Line(1, "SOAP", "Soap", 5, batch="S2")]
    quote = CounterPrices(shelves, tmp_path).quote_lines(scanned, day=TODAY)

    answer = shelves.place(lines=[line("SOAP", 5, batch="S2")], quote=quote)

    assert (answer.status, answer.reasons[0].code) == ("confirmed_changed", "price_changed")
    assert (quote.payable, answer.totals and answer.totals.payable) == (5_000, 6_000)
    assert shelves.rows("SELECT count(*) FROM price_alarm") == [(0,)]


def test_what_is_left_of_a_batch_keeps_its_mrp_within_a_group_of_orders(shelves: Market) -> None:
    asked = [shelves.order(lines=[line("SOAP", 5, batch="S2")]) for _ in range(2)]

    shelves.replies(*asked)

    assert shelves.rows("SELECT unit_price FROM order_line") == [(120_000,), (120_000,)]
    assert shelves.broken() == set()


def test_a_batch_that_is_not_there_is_refused_by_its_name(shelves: Market) -> None:
    answer = shelves.place(lines=[line("SOAP", 5, batch="S9")])

    assert (answer.status, answer.reasons[0].code) == ("rejected", "batch_unknown")
    assert "no batch S9 of Soap" in answer.reasons[0].text


def test_a_floor_by_cost_holds_and_is_recomputed_from_the_evidence(shelves: Market) -> None:
    answer = shelves.place(lines=[line("RICE", 10)])

    assert (answer.status, answer.reasons[0].code) == ("held", "below_floor")
    assert shelves.broken() == set()


def test_another_cost_counts_from_the_next_order_on_and_not_for_the_one_before(
    shelves: Market,
) -> None:
    shelves.place(lines=[line("RICE", 10)])
    cheaper = FILES["products.csv"].replace("pack_sizes\n", "pack_sizes,cost\n")

    shelves.clock.ms += 1
    shelves.load(products=filled(cheaper.replace("none,KG,\n", "none,KG,,45.00\n")))
    answer = shelves.place(lines=[line("RICE", 10)])

    assert answer.status == "confirmed"
    assert shelves.broken() == set()


def test_evidence_of_before_units_batches_and_costs_is_still_read(shelves: Market) -> None:
    shelves.place(lines=[line("TEA", 3)])
    ((written,),) = shelves.rows("SELECT inputs FROM decision")
    fields = json.loads(written)
    fields[3] = [one[:3] for one in fields[3]]
    fields[9] = [lot[:6] for lot in fields[9]]
    before = json.dumps(fields[:13], separators=(",", ":")).encode()

    shelves.change("UPDATE decision SET inputs = :b", b=before)

    assert len(before) < len(written)
    assert read_evidence(before).lines[0].unit is None
    assert shelves.broken() == set()


def test_nothing_that_a_terminal_gets_says_what_goods_cost(shelves: Market) -> None:
    for sku in ("RICE", "TEA", "SOAP"):
        shelves.place(lines=[line(sku, 10)])
    online = StatusData(state="online", leases="0" * 64)
    said = Status(id=new_uuid(), term="shop-2", boot=1, at=NOON, data=online)

    told = [one.payload for one in shelves.hears(said)]
    told += [bytes(body) for (body,) in shelves.rows("SELECT payload FROM outbox")]
    told += [bytes(body) for (body,) in shelves.rows("SELECT body FROM snapshot")]

    floor = COST * 103 // 100 // 1_000
    assert len(told) > 4
    assert shelves.rows("SELECT cost FROM product WHERE sku = 'RICE'") == [(COST,)]
    for secret in (str(COST), "48.7654", "48.77", '"cost":4'):
        assert [secret for body in told if secret.encode() in body] == []
    # Three digits stand in many an id by chance: as a number of its own it would be the floor.
    number = re.compile(rb"(?<![\w.-])%d(?![\w.-])" % floor)
    assert [body for body in told if number.search(body)] == []
    (catalogue,) = shelves.rows("SELECT value FROM setting WHERE key = 'catalogue'")[0]
    ((body,),) = shelves.rows("SELECT body FROM snapshot WHERE hash = :h", h=catalogue)
    assert {key for one in json.loads(bytes(body))["products"] for key in one} == {
        *("sku", "gtins", "name", "category", "brand", "tax_class", "base_unit", "pack_sizes"),
        *("mrp", "pack_gtins"),
    }


def test_a_coupon_is_named_and_one_that_nothing_knows_is_told(shelves: Market) -> None:
    answer = shelves.place(lines=[line("TEA", 1)], coupons=["EASTER"])

    assert answer.coupons == ["EASTER"]
    assert answer.coupon_notes == ["no scheme knows the coupon EASTER"]
