"""What a person may not do to an order: in its state, by its revision, with goods there are not."""

from collections.abc import Iterator

import pytest

from hub.desk.approvals.model import Approver
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from tests.builders.market import Market

OWNER = Approver("vikram", ("owner",))


def status(market: Market, order: str) -> tuple[str, int]:
    """Give an order's state and newest revision."""
    ((state, revision),) = market.rows(
        "SELECT status, revision FROM order_ WHERE uuid = :u", u=order
    )
    return state, revision


def every_act(market: Market, order: str) -> Iterator[object]:
    """Try all that people in charge do to orders; gives what came of each."""
    change = Amendment(lines=(AskedLine("RICE", 1),))
    yield market.orders.amend(order, change, by="sunil")
    yield market.orders.hold(order, by="sunil", why="wait")
    yield market.orders.cancel(order, by="sunil", why="shut")
    yield market.approvals.release(order, by=OWNER)
    yield market.approvals.refuse(order, by=OWNER, why="no")
    yield market.approvals.offer(order, change, by=OWNER)


@pytest.mark.parametrize("state", ["dispatched", "delivered", "invoiced", "cancelled", "rejected"])
def test_what_has_left_or_is_over_is_changed_by_nobody(market: Market, state: str) -> None:
    order = market.place(("RICE", 3), terminal="shop-2").order
    for table in ("order_", "order_revision"):
        market.change(f"UPDATE {table} SET status = :s", s=state)  # noqa: S608  # a name of ours

    done = list(every_act(market, order))

    settled = Refused(Reason("order_settled", {"status": [f"status.{state}", {}]}))
    assert done == [settled] * 6
    assert status(market, order) == (state, 1)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (AskedLine("NOTHING", 1), "product_unknown"),
        (AskedLine("TEA", 1, "BARREL"), "unit_unknown"),
    ],
)
def test_an_order_that_is_amended_to_what_nobody_sells_stays_as_it_is(
    market: Market, line: AskedLine, why: str
) -> None:
    order = market.place(("RICE", 3), terminal="shop-2").order

    done = market.orders.amend(order, Amendment(lines=(line,)), by="sunil")

    assert isinstance(done, Refused), done
    assert done.reason.code == why
    assert status(market, order) == ("allocated", 1)
    assert market.broken() == set()


def test_a_person_who_saw_an_earlier_revision_changes_nothing(market: Market) -> None:
    order = market.place(("RICE", 3), terminal="shop-2").order
    market.orders.amend(order, Amendment(lines=(AskedLine("RICE", 4),)), by="sunil")
    change = Amendment(lines=(AskedLine("RICE", 5),))

    done = (
        market.orders.amend(order, change, by="ravi", seen=1),
        market.orders.hold(order, by="ravi", why="wait", seen=1),
        market.orders.cancel(order, by="ravi", why="shut", seen=1),
    )

    assert all(isinstance(one, Refused) and one.reason.code == "order_changed" for one in done)
    assert status(market, order) == ("allocated", 2)
