"""What orders hold follows them at once: delivered and taken back, amended, given up, filled."""

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from hub.desk.stock.acts import StockActs
from tests.builders.delivered import buckets, picked
from tests.builders.market import FILES, Market, new_uuid, packed
from tests.builders.money import BY, billed, delivered
from tests.builders.stock_moves import do, posted, row

THIRD = "MAIN,TEA,T-THIRD,2026-05-01,2028-03-31,2026-06-01,100\n"
"""A third batch of tea that may be sold."""
WAITS = "allocation: [{{id: AL-WAIT, when: {{sku: TEA}}, pick: {pick}, short: backorder}}]"


def held(market: Market) -> dict[str, int]:
    """Give what is reserved of each batch of which something is."""
    return {
        code: int(many)
        for code, many in market.rows("SELECT code, reserved FROM batch WHERE reserved <> 0")
    }


def taken_back(market: Market, *back: Back) -> Taken | Refused:
    """Take goods of the second shop back."""
    take = market.hub.ground.part(ReturnActs).take
    return take("C2", back, key=new_uuid(), why="torn", charge=False, by=BY, scope=EVERYTHING)


def amended(market: Market, order: str, *lines: tuple[str, int]) -> None:
    """Amend an order to other lines."""
    asked = Amendment(lines=tuple(AskedLine(*one) for one in lines))
    market.orders.amend(order, asked, by="sunil")


def owed(market: Market, customer: str) -> int:
    """Give what a customer's orders and invoices come to."""
    ((found,),) = market.rows(
        "SELECT a.exposure FROM customer_account a JOIN party p ON p.id = a.customer_id"
        " WHERE p.code = :c",
        c=customer,
    )
    return int(found)


def used(market: Market) -> list[tuple[object, ...]]:
    """Give how often the limited scheme was used by anybody, and by whom."""
    return market.rows(
        "SELECT scope, used FROM scheme_counter WHERE rule = 'SCH-LAUNCH' AND used <> 0"
        " ORDER BY scope"
    )


def test_a_line_of_three_batches_that_comes_back_is_in_each_batch_to_the_unit(
    market: Market,
) -> None:
    market.load(batches=FILES["batches.csv"] + THIRD)
    names = ("T-EARLY", "T-LATE", "T-THIRD")
    before = [buckets(market, one) for one in names]
    order = delivered(market, ("TEA", 150))
    gone = [buckets(market, one)[0] for one in names]
    billed(market, order)

    taken = taken_back(market, Back("TEA", 150))

    assert isinstance(taken, Taken), taken
    assert gone == [0, 0, 60]
    assert [buckets(market, one) for one in names] == before
    assert held(market) == {}
    assert market.broken() == set()


def test_an_amended_order_holds_stock_credit_and_budget_of_what_it_is_now(market: Market) -> None:
    free_before = owed(market, "C1")
    order = market.place(("TEA", 3), ("RICE", 4), ("SOAP", 10), terminal="shop-1").order
    whole = held(market), owed(market, "C1") - free_before, used(market)

    amended(market, order, ("TEA", 3), ("RICE", 4))  # a line removed
    removed = held(market), owed(market, "C1") - free_before, used(market)
    amended(market, order, ("TEA", 1), ("RICE", 4))  # a line reduced
    reduced = held(market), owed(market, "C1") - free_before
    amended(market, order, ("SOAP", 10), ("RICE", 4))  # a product swapped for another
    swapped = held(market), owed(market, "C1") - free_before, used(market)

    assert whole[0] == {"T-EARLY": 3, "R1": 4, "S1": 10}
    assert removed == ({"T-EARLY": 3, "R1": 4}, 33_000 + 20_000, [])
    assert reduced == ({"T-EARLY": 1, "R1": 4}, 11_000 + 20_000)
    assert swapped[0] == {"R1": 4, "S1": 10}
    assert swapped[2] == whole[2] != []
    assert whole[1] - 33_000 == swapped[1]
    assert market.broken() == set()


def test_goods_that_never_left_are_not_taken_back_and_are_free_once_the_order_is_given_up(
    market: Market,
) -> None:
    order = market.place(("TEA", 12)).order
    wave = picked(market, order)

    too_early = taken_back(market, Back("TEA", 12))
    still = held(market)
    market.deliveries.finish.undo(wave.notes[0], by=BY, scope=EVERYTHING)
    market.orders.cancel(order, why="shut", by="sunil")

    assert isinstance(too_early, Refused)
    assert still == {"T-EARLY": 10, "T-LATE": 2}
    assert held(market) == {}
    assert market.broken() == set()


def test_two_lines_of_a_product_hold_no_more_than_there_is(market: Market) -> None:
    market.place(("TEA", 60), ("TEA", 70))

    there = {code: buckets(market, code) for code in ("T-EARLY", "T-LATE")}

    assert held(market) == {"T-EARLY": 10, "T-LATE": 100}
    assert all(reserved <= on_hand for on_hand, reserved, *_ in there.values())
    assert market.rows("SELECT sum(quantity) FROM allocation") == [(110,)]
    assert market.broken() == set()


def test_an_order_that_waits_is_filled_by_the_rules_that_it_was_taken_under(
    market: Market,
) -> None:
    market.publish(packed(2, more=WAITS.format(pick="fefo")))
    order = market.place(("TEA", 115)).order
    market.publish(packed(3, head="allow_lifo: true", more=WAITS.format(pick="lifo")))
    acts = market.hub.ground.part(StockActs)
    rows = (
        row("TEA", "T-SOON", 20, expiry="2027-06-30", manufactured="2026-09-01"),
        row("TEA", "T-FAR", 20, expiry="2028-06-30", manufactured="2026-10-01"),
    )

    posted(do(acts.receive, {"warehouse": "MAIN"}, *rows))
    market.hub.jobs.run_due("test")

    assert held(market) == {"T-EARLY": 10, "T-LATE": 100, "T-SOON": 5}
    versions = market.rows(
        "SELECT r.revision, r.pack_version FROM order_revision r JOIN order_ o ON o.id = r.order_id"
        " WHERE o.uuid = :o ORDER BY r.revision",
        o=order,
    )
    assert versions == [(1, 2), (2, 2)]
    assert market.broken() == set()
