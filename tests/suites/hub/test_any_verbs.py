"""Whatever is done to orders in whatever order, the three books add up and nothing is left over."""

from collections.abc import Callable
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.base.access import EVERYTHING
from hub.desk.approvals.model import Approver
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from tests.builders.market import Market, new_uuid

CUSTOMERS: Final = ("C1", "C2", "C4")
SKUS: Final = ("TEA", "RICE", "SOAP")
BOSS: Final = Approver("asha", ("manager",))

LAWS: Final = {
    "reserved is what orders hold": """
        SELECT b.code, b.reserved, sum(a.quantity) FROM batch b
        LEFT JOIN allocation a ON a.batch_id = b.id
        GROUP BY b.id, b.code, b.reserved HAVING b.reserved <> coalesce(sum(a.quantity), 0)
    """,
    "no batch is promised beyond what is there": """
        SELECT code, reserved, on_hand FROM batch WHERE reserved < 0 OR reserved > on_hand
    """,
    "what is owed is what was posted": """
        SELECT c.customer_id, c.exposure FROM customer_account c
        LEFT JOIN posting p ON p.customer_id = c.customer_id
        GROUP BY c.customer_id, c.exposure HAVING c.exposure <> coalesce(sum(p.amount), 0)
    """,
    "counters are what orders used": """
        SELECT s.rule, s.scope, s.used FROM scheme_counter s
        LEFT JOIN counter_change c ON c.rule = s.rule AND c.scope = s.scope
        GROUP BY s.rule, s.scope, s.used, s.spent, s.bought, s.pieces
        HAVING s.used <> coalesce(sum(c.used), 0) OR s.spent <> coalesce(sum(c.spent), 0)
        OR s.bought <> coalesce(sum(c.bought), 0) OR s.pieces <> coalesce(sum(c.pieces), 0)
    """,
    "an order that is over holds nothing": """
        SELECT o.uuid, a.batch_id FROM order_ o JOIN allocation a ON a.order_id = o.id
        WHERE o.status IN ('held', 'cancelled', 'rejected')
        GROUP BY o.uuid, a.batch_id HAVING sum(a.quantity) <> 0
    """,
}
"""What is true after every verb; each statement finds what breaks it."""

one_line = st.tuples(st.sampled_from(SKUS), st.integers(1, 60)).map(lambda said: AskedLine(*said))
lines = st.lists(one_line, min_size=1, max_size=3).map(tuple)
payments = st.sampled_from(("credit", "cash"))
verbs = st.lists(
    st.tuples(
        st.sampled_from(("place", "amend", "hold", "release", "refuse", "offer", "cancel")),
        st.integers(0, 50),
        lines,
        payments,
    ),
    min_size=4,
    max_size=14,
)


class Desk:
    """Somebody at the desk who does one thing after another to the orders that are there."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._orders: list[str] = []
        self._verbs: dict[str, Callable[[str, Amendment], object]] = {
            "amend": lambda uuid, change: market.orders.amend(uuid, change, by="sunil"),
            "hold": lambda uuid, _: market.orders.hold(uuid, by="sunil", why="ask first"),
            "release": lambda uuid, _: market.approvals.release(uuid, by=BOSS),
            "refuse": lambda uuid, _: market.approvals.refuse(uuid, by=BOSS, why="no"),
            "offer": lambda uuid, change: market.approvals.offer(uuid, change, by=BOSS),
            "cancel": lambda uuid, _: market.orders.cancel(uuid, by="sunil", why="shut"),
        }

    def does(self, verb: str, which: int, change: Amendment) -> None:
        """Do it to one of the orders; where there is none yet, place one."""
        if verb == "place" or not self._orders:
            self._place(CUSTOMERS[which % len(CUSTOMERS)], change)
        else:
            self._verbs[verb](self._orders[which % len(self._orders)], change)

    def _place(self, customer: str, change: Amendment) -> None:
        assert change.lines is not None
        asked = AskedOrder(
            new_uuid(), "staff", customer, change.lines, payment=change.payment or "credit"
        )
        placed = self._market.orders.place(asked, by=Requester("user", "sunil"), scope=EVERYTHING)
        assert isinstance(placed, PlacedOrder)
        self._orders.append(placed.uuid)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=verbs)
def test_after_any_verbs_in_any_order_the_books_add_up(
    market: Market, done: list[tuple[str, int, tuple[AskedLine, ...], str]]
) -> None:
    desk = Desk(market)

    for verb, which, asked, payment in done:
        desk.does(verb, which, Amendment(lines=asked, payment=payment))  # type: ignore[arg-type]

        for law, statement in LAWS.items():
            assert market.rows(statement) == [], law
    assert market.broken() == set()
