"""Stock sent from a warehouse to another: what arrives, what is missing, and who decides."""

from functools import partial
from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.desk.stock.acts import StockActs
from tests.builders.market import Market, new_uuid
from tests.builders.stock_moves import do, held, posted, row, stock_of, told

MAIN: Final = {"warehouse": "MAIN"}

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""What engines could do otherwise is in test_stock_engines.py."""


@pytest.fixture
def acts(market: Market) -> StockActs:
    """Give the acts of stock, on a market with a second warehouse, where who adjusts is trusted."""
    return stock_of(market)


def transfer(**more: str) -> dict[str, str]:
    """Write the head of a transfer."""
    return {**MAIN, "to_warehouse": "SIDE", "due": "2026-11-25", **more}


def test_a_transfer_is_in_transit_until_it_arrives_and_differences_are_said(
    market: Market, acts: StockActs
) -> None:
    sent = do(acts.transfer.dispatch, transfer(), row("TEA", "T-LATE", 40), row("SOAP", "S1", 5))
    document = posted(sent, "dispatched")
    assert held(market, "T-LATE") == (60, 0, 0, 0, 40)
    assert market.broken() == set()

    other = row("HONEY", "H7", 2, expiry="2027-06-30")
    done = acts.transfer.arrive(
        document, {"1": "38", "2": "6"}, [other], by="vikram", scope=EVERYTHING
    )

    posted(done)
    assert held(market, "T-LATE") == (60, 0, 0, 0, 0)
    assert held(market, "T-LATE", "SIDE") == (38, 0, 0, 0, 0)
    assert held(market, "S1", "SIDE")[0] == 6
    assert held(market, "H7", "SIDE")[0] == 2
    differing = market.rows(
        "SELECT reason, quantity FROM stock_movement WHERE reason <> '' ORDER BY reason, quantity"
    )
    assert differing == [("found", 1), ("found", 2), ("lost", 2)]
    assert market.broken() == set()


def test_what_is_scanned_of_a_sent_batch_is_what_arrived_of_it(
    market: Market, acts: StockActs
) -> None:
    sent = do(acts.transfer.dispatch, transfer(), row("SOAP", "S1", 5))

    scans = [row("SOAP", "S1", 2), row("SOAP", "S1", 2)]
    posted(acts.transfer.arrive(posted(sent, "dispatched"), {}, scans, by="ravi", scope=EVERYTHING))

    assert held(market, "S1", "SIDE")[0] == 4
    assert market.broken() == set()


def test_a_line_of_a_transfer_of_which_nothing_is_said_is_asked_about(
    market: Market, acts: StockActs
) -> None:
    sent = do(acts.transfer.dispatch, transfer(), row("TEA", "T-LATE", 4), row("SOAP", "S1", 5))
    arrive = partial(acts.transfer.arrive, posted(sent, "dispatched"), scope=EVERYTHING)

    silent = arrive({"1": "4", "2": ""}, by="ravi")
    twice = arrive({"1": "4", "2": "5"}, [row("SOAP", "S1", 2)], by="ravi")
    before = held(market, "T-LATE")
    done = arrive({"1": "4"}, rest_as_sent=True, by="ravi")

    assert told(silent) == [("arrival_missing", "2")]
    assert told(twice) == [("stock_line_twice", "2")]
    assert before == (96, 0, 0, 0, 4)
    posted(done)
    assert held(market, "S1", "SIDE")[0] == 5


@pytest.mark.parametrize("taker", ["asha", "ravi"])
def test_what_a_transfer_differs_by_waits_for_who_neither_sent_nor_took_it(
    market: Market, acts: StockActs, taker: str
) -> None:
    sent = do(acts.transfer.dispatch, transfer(), row("SOAP", "S1", 100), row("TEA", "T-LATE", 9))
    document = posted(sent, "dispatched")

    arrive = partial(acts.transfer.arrive, document, by=taker, scope=EVERYTHING)
    posted(arrive({"1": "50"}, rest_as_sent=True), "waiting")
    waiting = held(market, "S1"), held(market, "S1", "SIDE"), market.broken()
    own = [acts.decide(document, grant=True, by=who, scope=EVERYTHING) for who in ("asha", taker)]
    again = arrive({"1": "50"}, rest_as_sent=True)
    posted(acts.decide(document, grant=True, by="vikram", scope=EVERYTHING))

    assert waiting == ((4900, 0, 0, 0, 50), (50, 0, 0, 0, 0), set())
    assert [told(one) for one in own] == [[("stock_own", "")]] * 2
    assert told(again) == [("stock_document_settled", "")]
    assert held(market, "S1") == (4900, 0, 0, 0, 0)
    assert held(market, "T-LATE", "SIDE")[0] == 9
    lost = market.rows("SELECT quantity, actor FROM stock_movement WHERE reason = 'lost'")
    assert lost == [(50, "vikram")]
    assert market.broken() == set()


def test_what_is_not_believed_to_be_lost_is_on_its_way_again(
    market: Market, acts: StockActs
) -> None:
    sent = do(acts.transfer.dispatch, transfer(), row("SOAP", "S1", 100))
    document = posted(sent, "dispatched")
    arrive = partial(acts.transfer.arrive, document, by="ravi", scope=EVERYTHING)
    posted(arrive({"1": "50"}, [row("TEA", "T-LATE", 90)]), "waiting")

    refused = acts.decide(document, grant=False, by="vikram", scope=EVERYTHING)
    missing = held(market, "S1"), market.broken()
    posted(arrive({"1": "50"}))

    posted(refused, "dispatched")
    assert missing == ((4900, 0, 0, 0, 50), set())
    assert held(market, "S1", "SIDE") == (100, 0, 0, 0, 0)
    assert held(market, "T-LATE", "SIDE")[0] == 0
    assert market.broken() == set()


def test_what_arrives_of_a_recalled_batch_is_not_for_sale(market: Market, acts: StockActs) -> None:
    sent = do(acts.transfer.dispatch, transfer(), row("RICE", "R1", 5))
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'R1' ORDER BY id LIMIT 1")
    acts.recall(batch, {"note": "glass"}, key=new_uuid(), by="asha", scope=EVERYTHING)

    posted(
        acts.transfer.arrive(
            posted(sent, "dispatched"), {}, rest_as_sent=True, by="ravi", scope=EVERYTHING
        )
    )
    posted(do(acts.receive, MAIN, row("RICE", "R1", 7)))

    assert held(market, "R1", "SIDE") == (0, 0, 0, 5, 0)
    assert held(market, "R1") == (0, 0, 0, 1002, 0)
    assert market.broken() == set()


def test_a_transfer_takes_nothing_that_orders_hold(market: Market, acts: StockActs) -> None:
    market.place(("RICE", 990), terminal="shop-2")

    done = do(acts.transfer.dispatch, transfer(), row("RICE", "R1", 11))
    same = do(acts.transfer.dispatch, transfer(to_warehouse="MAIN"), row("RICE", "R1", 1))
    undated = do(acts.transfer.dispatch, transfer(due=""), row("RICE", "R1", 1))

    assert told(done) == [("stock_reserved", "1")]
    assert told(same) == [("stock_same_warehouse", "to_warehouse")]
    assert told(undated) == [("cell_empty", "due")]
