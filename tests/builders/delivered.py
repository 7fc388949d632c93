"""Orders of the market on their way: picked, sent, and what became of them."""

from typing import Final

from hub.base.access import EVERYTHING
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Moved, Sent, Waved
from hub.desk.deliveries.model.outcome import LineOutcome
from tests.builders.market import Market

BY: Final = "ravi"


def begin(market: Market, *orders: str) -> Waved:
    """Begin to pick orders."""
    done = market.deliveries.begin(orders, by=BY, scope=EVERYTHING)
    assert isinstance(done, Waved), done
    return done


def picked(market: Market, *orders: str) -> Waved:
    """Pick orders whole."""
    wave = begin(market, *orders)
    market.deliveries.pick.enter(wave.wave, {}, by=BY, scope=EVERYTHING)
    market.deliveries.finish(wave.notes, by=BY, scope=EVERYTHING)
    return wave


def sent(market: Market, *orders: str) -> Waved:
    """Pick orders whole and send them off."""
    wave = picked(market, *orders)
    done = market.deliveries.dispatch(
        wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING
    )
    assert isinstance(done, Sent), done
    return wave


def recorded(market: Market, note: int, outcome: AskedOutcome) -> Moved:
    """Record what became of a note."""
    done = market.deliveries.record(note, outcome, by=BY, scope=EVERYTHING)
    assert isinstance(done, Moved), done
    return done


def deliver_some(market: Market) -> None:
    """Bring a market to notes of each kind: delivered in part, on the road, and being picked."""
    part = market.place(("TEA", 12), ("RICE", 10), terminal="shop-2")
    road = market.place(("RICE", 5), terminal="shop-2")
    here = market.place(("SOAP", 7), terminal="shop-2")
    note = sent(market, part.order).notes[0]
    lines = (LineOutcome(1, 0, back=2, damaged=1, lost=1, reason="damaged"),)
    recorded(market, note, AskedOutcome(lines=lines, receiver="Asha"))
    sent(market, road.order)
    begin(market, here.order)


def buckets(market: Market, code: str) -> tuple[int, int, int, int]:
    """Give what there is of a batch: on hand, reserved, in transit, damaged."""
    ((*found,),) = market.rows(
        "SELECT on_hand, reserved, in_transit, damaged FROM batch WHERE code = :c", c=code
    )
    return tuple(int(one) for one in found)  # type: ignore[return-value]


def status_of(market: Market, order: str) -> str:
    """Give an order's state."""
    return str(market.rows("SELECT status FROM order_ WHERE uuid = :u", u=order)[0][0])
