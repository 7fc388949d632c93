"""What of stock the two engines could do otherwise: lists, locks, a recall, corrected dates."""

from datetime import date
from functools import partial
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.listing import Wanted
from hub.desk.stock.pages.listing import STATES
from hub.desk.stock.reads.movements import list_holders, list_movements
from hub.desk.stock.reads.overview import BY_EXPIRY, BY_NAME, count_batches, list_stock
from hub.desk.stock.reads.work import count_work
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, new_uuid
from tests.builders.stock_moves import do, held, move_stock, posted, row, stock_of, told

MAIN: Final = {"warehouse": "MAIN"}
FOUND: Final = {**MAIN, "how": "found", "reason": "found"}


def test_lists_filters_and_work_are_the_same_on_every_engine(market: Market) -> None:
    move_stock(market)
    market.change("UPDATE product SET reorder_level = 50 WHERE sku = 'HONEY'")
    market.change("UPDATE product SET maximum = 1000 WHERE sku = 'SOAP'")
    day = date(2026, 11, 21)

    def chosen(**values: str) -> Wanted:
        return Wanted(BY_NAME, chosen={name: (value,) for name, value in values.items()})

    with market.database.read() as connection:
        stock = {
            state: [
                (one.sku, one.warehouse)
                for one in list_stock(
                    connection, chosen(state=state), today=day, scope=EVERYTHING
                ).rows
            ]
            for state in STATES
        }
        batches = count_batches(
            connection, Wanted(BY_EXPIRY, "tea", {"days": ("90",)}), today=day, scope=EVERYTHING
        )
        work = count_work(connection, today=date(2026, 11, 26), scope=EVERYTHING)
        moves = list_movements(connection, sku="TEA", place="MAIN", scope=EVERYTHING)

    assert stock == {
        "low": [("HONEY", "MAIN")],
        "over": [("SOAP", "MAIN")],
        "near": [],
        "expired": [("TEA", "MAIN")],
        "damaged": [("TEA", "MAIN")],
        "quarantine": [("RICE", "MAIN")],
        "inbound": [("SOAP", "SIDE")],
    }
    assert batches == {"expired": 1, "near": 1, "fresh": 2, "": 4}
    assert work == {"held": 0, "low": 1, "late": 1, "waiting": 0, "near": 0, "expired": 1}
    assert [(one.change, one.balance) for one in moves[:2]] == [(-2, 220), (12, 222)]
    assert sorted(one.change for one in moves[2:]) == [10, 100, 100]
    assert moves[-1].change == moves[-1].balance


def test_acts_that_lock_several_batches_are_taken_by_every_engine(market: Market) -> None:
    acts = stock_of(market)
    market.place(("RICE", 7), terminal="shop-2")
    head = {"warehouse": "MAIN", "to_warehouse": "SIDE", "due": "2026-11-25"}
    rows = (row("RICE", "R1", 3), row("SOAP", "S1", 3))
    sent = posted(do(acts.transfer.dispatch, head, *rows), "dispatched")
    posted(acts.transfer.arrive(sent, {"1": "2", "2": "3"}, by="ravi", scope=EVERYTHING))
    ((batch, _), _) = market.rows(
        "SELECT id, warehouse_id FROM batch WHERE code = 'R1' ORDER BY id"
    )
    dates = {"expiry": "2026-11-01", "note": "misread"}
    assert acts.correct_dates(batch, dates, by="asha", scope=EVERYTHING) is None
    said = {"note": "glass found"}

    posted(acts.recall(batch, said, key=new_uuid(), by="asha", scope=EVERYTHING))

    with market.database.read() as connection:
        holders = list_holders(connection, batch_id=batch, everywhere=True, scope=EVERYTHING)
    assert [(one.customer, one.quantity, one.expired) for one in holders] == [("C2", 7, True)]
    assert market.rows(
        "SELECT on_hand, quarantine, status FROM batch WHERE code = 'R1' ORDER BY id"
    ) == [(7, 990, "blocked"), (0, 2, "blocked")]
    assert market.broken() == set()


def test_an_owner_who_is_alone_decides_their_own_count_with_a_reason(market: Market) -> None:
    """Nobody could count again what differs by much; the audit notes it, and finds a false one."""
    acts = stock_of(market)
    people = Shelves(market.database)
    people.user("asha", "owner")
    acts.set_limit({"recount": "1.00"}, by="asha")
    frozen = posted(
        acts.count.freeze(MAIN, category="home", key=new_uuid(), by="asha", scope=EVERYTHING),
        "counting",
    )
    acts.count.enter(frozen, {"1": "4000"}, by="asha", scope=EVERYTHING)
    handed = acts.count.hand_over(frozen, by="asha", scope=EVERYTHING)
    decide = partial(acts.decide, frozen, grant=True, by="asha", scope=EVERYTHING)

    without = decide(why=" ")
    done = decide(why="nobody else counts here")
    sound = market.broken()
    notes = market.audit().notes
    market.clock.ms += 1
    people.user("ravi", "warehouse")
    found = posted(do(acts.move, FOUND, row("SOAP", "S1", 100)), "waiting")
    own = acts.decide(found, grant=True, by="asha", scope=EVERYTHING, why="quick")
    falsely = "UPDATE stock_document SET decided_why = 'x', decided_by = made_by, decided_at = "
    market.change(f"{falsely}{market.clock.ms} WHERE id = {found}")

    assert told(without) == [("stock_alone_why", "why")]
    assert (posted(handed, "counted"), posted(done)) == (frozen, frozen)
    assert held(market, "S1")[0] == 4000
    assert sound == set()
    assert any("asha" in note and note.endswith(": 1") for note in notes)
    assert told(own) == [("stock_own", "")]
    assert market.broken() == {"stock_two_persons"}
