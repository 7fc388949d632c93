"""Whatever is done to stock and orders in whatever order, the stock book keeps its promises."""

from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from hub.desk.stock.promises import CHECK
from tests.builders.market import Market, new_uuid
from tests.builders.stock_moves import do, row, stock_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BATCHES: Final = (("TEA", "T-EARLY"), ("TEA", "T-LATE"), ("RICE", "R1"), ("SOAP", "S1"))
HOW: Final = ("found", "write_off", "damage", "mend", "quarantine", "release")
PLACES: Final = ("MAIN", "SIDE")
verbs = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("place", "cancel", "receive", "move", "send", "arrive"),
                *("freeze", "enter", "hand_over", "grant", "refuse", "recall"),
            )
        ),
        st.integers(0, 50),
        st.integers(1, 130),
    ),
    min_size=6,
    max_size=16,
)


class Store:
    """Somebody in the store who does one thing after another, and another person who decides."""

    def __init__(self, market: Market, acts: StockActs) -> None:
        self._market = market
        self._acts = acts
        self._orders: list[str] = []
        self._documents: list[int] = []
        self.refused = 0
        self._verbs: dict[str, Callable[[int, int], object]] = {
            "place": self._place,
            "cancel": self._cancel,
            "receive": lambda n, m: do(acts.receive, {"warehouse": PLACES[n % 2]}, self._row(n, m)),
            "move": self._move,
            "send": lambda n, m: do(acts.transfer.dispatch, self._way(n), self._row(n, m)),
            "arrive": lambda n, m: acts.transfer.arrive(
                self._document(n),
                {"1": str(m)},
                rest_as_sent=bool(n % 2),
                by=("ravi", "asha")[m % 2],
                scope=EVERYTHING,
            ),
            "freeze": lambda n, _: acts.count.freeze(
                {"warehouse": PLACES[n % 2]}, key=new_uuid(), by="asha", scope=EVERYTHING
            ),
            "enter": self._enter,
            "hand_over": lambda n, _: acts.count.hand_over(
                self._document(n), by="ravi", scope=EVERYTHING
            ),
            "grant": lambda n, _: self._decide(n, grant=True),
            "refuse": lambda n, _: self._decide(n, grant=False),
            "recall": self._recall,
        }

    def does(self, verb: str, which: int, many: int) -> None:
        """Do it; what is refused changes nothing."""
        done = self._verbs[verb](which, many)
        if isinstance(done, Posted):
            self._documents.append(done.document)
        self.refused += isinstance(done, Refused)

    def _row(self, which: int, many: int) -> dict[str, str]:
        return row(*BATCHES[which % len(BATCHES)], many)

    def _way(self, which: int) -> dict[str, str]:
        here, there = PLACES if which % 3 else PLACES[::-1]
        return {"warehouse": here, "to_warehouse": there, "due": "2026-11-25"}

    def _document(self, which: int) -> int:
        return self._documents[which % len(self._documents)] if self._documents else 0

    def _place(self, which: int, many: int) -> None:
        sku = ("TEA", "RICE", "SOAP")[which % 3]
        self._orders.append(self._market.place((sku, many), terminal="shop-2").order)

    def _cancel(self, which: int, _many: int) -> None:
        if self._orders:
            uuid = self._orders[which % len(self._orders)]
            self._market.orders.cancel(uuid, by="sunil", why="shut")

    def _move(self, which: int, many: int) -> object:
        how = HOW[which % len(HOW)]
        bucket = ("good", "damaged", "quarantine")[which % 3]
        head = {"warehouse": "MAIN", "how": how, "bucket": bucket, "reason": "checked"}
        return do(self._acts.move, head, self._row(which, many), self._row(which + 1, many))

    def _enter(self, which: int, many: int) -> object:
        document = self._document(which)
        lines = self._market.rows(
            "SELECT line, quantity FROM stock_document_line WHERE document_id = :d", d=document
        )
        counted = {str(line): str(abs(quantity - many + 60)) for line, quantity in lines}
        others = [row("SOAP", f"S-{which}", many, expiry="-")] if which % 2 else []
        return self._acts.count.enter(document, counted, others, by="ravi", scope=EVERYTHING)

    def _decide(self, which: int, *, grant: bool) -> object:
        document = self._document(which)
        return self._acts.decide(document, grant=grant, by="vikram", scope=EVERYTHING)

    def _recall(self, which: int, _many: int) -> object:
        code = BATCHES[which % len(BATCHES)][1]
        ((batch,), *_) = self._market.rows("SELECT id FROM batch WHERE code = :c", c=code)
        said = {"note": "glass found"}
        return self._acts.recall(batch, said, key=new_uuid(), by="asha", scope=EVERYTHING)


def broken(market: Market) -> list[str]:
    """Name what breaks a promise of the stock book."""
    with market.database.read() as connection:
        return [fault for one in CHECK(connection, market.clock.ms) for fault in one.faults]


@pytest.fixture
def acts(market: Market) -> StockActs:
    """Give the acts of stock on a market of two warehouses."""
    return stock_of(market)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=verbs)
def test_after_any_acts_in_any_order_the_stock_book_adds_up(
    market: Market, acts: StockActs, done: list[tuple[str, int, int]]
) -> None:
    store = Store(market, acts)

    for verb, which, many in done:
        store.does(verb, which, many)

        assert broken(market) == [], verb
    assert market.broken() == set()
