"""An order's goods sent to another address of its customer, as long as they are still here."""

import threading
from pathlib import Path

import pytest

from hub.base import history
from hub.base.access import EVERYTHING
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.reads.papers import read_paper
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import Redirected
from hub.desk.orders.model.events import Refused
from hub.desk.orders.reads.order import read_order
from hub.desk.parties.acts import CustomerActs
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.delivered import begin, recorded, sent
from tests.builders.market import FakeClock, Market
from tests.builders.money import BY, billed
from tests.builders.portal import complete_for_gst, detail_of
from tests.suites.hub.test_addresses import HERE, OTHER, keep, placed

WHY = "the shop is being painted"
DEPOT = {**HERE, "address": "3 Mill Lane"}
DEADLINE_S = 60


@pytest.fixture
def market(market: Market) -> Market:
    """Let the second shop have two places of its own, and one of another business."""
    complete_for_gst(market)
    keep(market, "GODOWN", HERE)
    keep(market, "DEPOT", DEPOT)
    keep(market, "KOCHI", OTHER)
    return market


def redirect(
    market: Market, order: str, ship_to: str, was: str | None = None
) -> Redirected | Refused:
    """Send an order elsewhere."""
    return market.orders.redirect(order, ship_to, by="asha", why=WHY, was=was)


def code_of(done: Redirected | Refused) -> str:
    """Give why an order goes where it went."""
    assert isinstance(done, Refused), done
    return done.reason.code


def place_of(market: Market, note: int) -> str:
    """Give the street that a note's goods go to; empty for the customer's own address."""
    with market.database.read() as connection:
        paper = read_paper(connection, note, scope=EVERYTHING)
    assert paper is not None
    return paper.ship_to.address if paper.ship_to else ""


def test_an_order_that_is_picked_goes_elsewhere_with_its_note_and_its_invoice(
    market: Market,
) -> None:
    order = placed(market, "GODOWN")
    (note,) = begin(market, order).notes

    done = redirect(market, order, "DEPOT", was="GODOWN")
    during = place_of(market, note)
    market.deliveries.pick.enter(1, {}, by=BY, scope=EVERYTHING)
    market.deliveries.finish([note], by=BY, scope=EVERYTHING)
    market.deliveries.dispatch([note], vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING)
    recorded(market, note, AskedOutcome(receiver="Asha"))
    invoice = detail_of(market, billed(market, order).invoice)

    assert done == Redirected(order, "DEPOT")
    assert during == "3 Mill Lane"
    assert invoice.ship is not None
    assert invoice.ship.address == "3 Mill Lane"
    assert market.broken() == set()


def test_a_changed_address_is_told_with_who_when_from_where_and_why(market: Market) -> None:
    order = placed(market, "GODOWN")
    before = market.rows("SELECT revision, content_hash, payable FROM order_revision")

    redirect(market, order, "KOCHI")
    redirect(market, order, "")

    with market.database.read() as connection:
        first, second = history.read(connection, "order", order)
        detail = read_order(connection, order, scope=EVERYTHING)
    assert (first.old, first.new) == (
        "GODOWN: 9 Ring Road, Mandya 571401",
        "KOCHI: Kerala Traders, 4 Harbour Road, Kochi 682001",
    )
    assert (first.who, first.at_ms, first.why) == ("asha", market.clock.ms, WHY)
    assert (second.old, second.new) == (first.new, "")
    assert detail is not None
    assert detail.ship_to is None
    assert detail.moved == (first, second)
    assert market.rows("SELECT revision, content_hash, payable FROM order_revision") == before


def test_goods_for_another_business_leave_the_place_of_supply_with_the_buyer(
    market: Market,
) -> None:
    order = placed(market, "")

    redirect(market, order, "KOCHI")
    invoice = detail_of(market, billed(market, order).invoice)

    assert invoice.ship is not None
    assert invoice.ship.name == "Kerala Traders"
    assert invoice.row["place_of_supply"] == "29"


def test_an_order_that_left_or_is_billed_goes_where_it_went(market: Market) -> None:
    sent_off, in_advance, gone = (placed(market, "GODOWN") for _ in range(3))
    (note,) = sent(market, sent_off).notes
    number = billed(market, in_advance).number
    market.orders.cancel(gone, by="asha", why="no")

    refused = [redirect(market, one, "DEPOT") for one in (sent_off, in_advance, gone, "none")]

    assert [code_of(one) for one in refused] == [
        "order_settled",
        "order_billed",
        "order_settled",
        "order_unknown",
    ]
    assert isinstance(refused[1], Refused)
    assert refused[1].reason.params == {"invoices": number}
    assert place_of(market, note) == "9 Ring Road"
    assert market.rows("SELECT count(*) FROM history WHERE noun = 'order'") == [(0,)]


def test_a_note_that_came_back_keeps_the_address_that_it_went_to(market: Market) -> None:
    order = placed(market, "GODOWN")
    (first,) = sent(market, order).notes
    recorded(market, first, AskedOutcome("closed_shop"))

    done = redirect(market, order, "DEPOT")
    (second,) = sent(market, order).notes

    assert isinstance(done, Redirected)
    assert [place_of(market, one) for one in (first, second)] == ["9 Ring Road", "3 Mill Lane"]
    assert market.broken() == set()


def test_a_held_order_goes_elsewhere_and_waits_for_the_same_approval(market: Market) -> None:
    order = placed(market, "GODOWN")
    market.orders.hold(order, by="asha", why="call first")

    done = redirect(market, order, "DEPOT")

    assert isinstance(done, Redirected)
    assert market.rows("SELECT status, revision FROM order_") == [("held", 2)]
    assert market.broken() == set()


def test_an_address_that_is_not_the_customers_takes_no_goods(market: Market) -> None:
    order = placed(market, "GODOWN")
    market.hub.ground.part(CustomerActs).address.end("C2", "DEPOT", by=BY, scope=EVERYTHING)

    refused = [redirect(market, order, one) for one in ("DEPOT", "MOON", "X" * 65, "a\x00b")]

    assert [code_of(one) for one in refused] == [
        *("address_unknown", "address_unknown", "order_word_invalid", "order_word_invalid"),
    ]


def test_who_looked_at_another_address_changes_nothing_and_the_same_wish_twice_is_one(
    market: Market,
) -> None:
    order = placed(market, "GODOWN")

    first = redirect(market, order, "DEPOT", was="GODOWN")
    again = redirect(market, order, "DEPOT", was="GODOWN")
    late = redirect(market, order, "KOCHI", was="GODOWN")

    assert first == Redirected(order, "DEPOT")
    assert again == Redirected(order, "DEPOT", again=True)
    assert code_of(late) == "order_redirected"
    assert market.rows("SELECT count(*) FROM history WHERE noun = 'order'") == [(1,)]


def test_of_two_people_at_once_one_is_told_of_the_other(market: Market, tmp_path: Path) -> None:
    order = placed(market, "GODOWN")
    settings = Settings(folder=tmp_path, database=market.url)
    hubs = [build_hub(settings, clock=FakeClock()) for _ in range(2)]
    start, done = threading.Barrier(2), list[Redirected | Refused]()

    def send(acts: OrderActs, to: str) -> None:
        start.wait(DEADLINE_S)
        done.append(acts.redirect(order, to, by=to, why=WHY, was="GODOWN"))

    threads = [
        threading.Thread(target=send, args=(hub.ground.part(OrderActs), to))
        for hub, to in zip(hubs, ("DEPOT", "KOCHI"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for hub in hubs:
        hub.close()

    (won,) = [one.ship_to for one in done if isinstance(one, Redirected)]
    assert [code_of(one) for one in done if isinstance(one, Refused)] == ["order_redirected"]
    assert market.rows("SELECT who FROM history WHERE noun = 'order'") == [(won,)]
    assert market.broken() == set()
