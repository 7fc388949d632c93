"""Several workers decide at once: stock, credit and schemes are never given twice."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from broker.contract import AnswerData
from hub.bootstrap import build_hub, build_wire
from hub.config import Settings
from hub.services.decide_orders import Submitted
from tests.builders.market import FILES, FakeClock, Market, told

DEADLINE_S = 60


def race(market: Market, folder: Path, shares: Sequence[Sequence[Submitted]]) -> list[AnswerData]:
    """Have as many workers as shares decide them one by one, all starting at once."""
    answers: list[AnswerData] = []
    start = threading.Barrier(len(shares))
    hubs = [
        build_hub(Settings(folder=folder, database=market.url), clock=FakeClock()) for _ in shares
    ]

    def work(decide: Callable[..., list[object]], share: Sequence[Submitted]) -> None:
        start.wait(DEADLINE_S)
        for asked in share:
            answers.extend(told(reply) for reply in decide([asked]))  # type: ignore[arg-type]

    threads = [
        threading.Thread(target=work, args=(build_wire(hub, http="").decide, share))
        for hub, share in zip(hubs, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for hub in hubs:
        hub.close()
    return answers


@pytest.fixture
def crowd(market: Market) -> Market:
    """Give a market with eight more terminals, each of a shop of its own."""
    customers = "".join(f"D{n},Shop {n},retailer,IN/KA,active,none,\n" for n in range(8))
    terminals = "".join(f"desk-{n},D{n},MAIN\n" for n in range(8))
    market.load(
        customers=FILES["customers.csv"] + customers, terminals=FILES["terminals.csv"] + terminals
    )
    return market


def orders_of(market: Market, desk: int, count: int, line: tuple[str, int]) -> list[Submitted]:
    """Write a desk's orders."""
    return [market.order(line, terminal=f"desk-{desk}", customer=f"D{desk}") for _ in range(count)]


def test_two_workers_never_sell_the_last_stock_twice(crowd: Market, tmp_path: Path) -> None:
    shares = [orders_of(crowd, desk, 15, ("TEA", 7)) for desk in range(2)]

    answers = race(crowd, tmp_path, shares)

    assert len(answers) == 30
    assert sum(answer.lines[0].qty for answer in answers) == 110
    assert crowd.broken() == set()


def test_two_workers_never_pass_a_customers_limit_together(crowd: Market, tmp_path: Path) -> None:
    crowd.hub.terminals.add("shop-9", customer="C1", warehouse="MAIN")
    shares = [
        [crowd.order(("RICE", 1), terminal=name, customer="C1") for _ in range(12)]
        for name in ("shop-1", "shop-9")
    ]

    answers = race(crowd, tmp_path, shares)

    assert sum(answer.status == "confirmed" for answer in answers) == 18
    assert crowd.broken() == set()


def test_workers_never_use_a_scheme_more_often_than_it_allows(
    crowd: Market, tmp_path: Path
) -> None:
    shares = [orders_of(crowd, desk, 3, ("SOAP", 10)) for desk in range(4)]

    race(crowd, tmp_path, shares)

    assert crowd.rows("SELECT count(*) FROM order_ WHERE discount > 0") == [(3,)]
    assert crowd.broken() == set()


def test_workers_that_get_the_same_orders_decide_each_once(crowd: Market, tmp_path: Path) -> None:
    share = orders_of(crowd, 0, 15, ("TEA", 1))

    answers = race(crowd, tmp_path, [share, share])

    assert len(answers) == 30
    assert crowd.rows("SELECT count(*) FROM order_") == [(15,)]
    assert crowd.broken() == set()


def test_orders_and_cancellations_at_once_leave_the_books_whole(
    crowd: Market, tmp_path: Path
) -> None:
    placed = [crowd.answer(one) for one in orders_of(crowd, 7, 10, ("TEA", 3))]
    share = orders_of(crowd, 0, 15, ("TEA", 3))

    def cancel_all() -> None:
        for answer in placed:
            crowd.hub.cancel_order(answer.order, reason="racing", actor="test")

    canceller = threading.Thread(target=cancel_all)
    canceller.start()
    race(crowd, tmp_path, [share])
    canceller.join(DEADLINE_S)

    assert crowd.rows("SELECT count(*) FROM order_ WHERE status = 'cancelled'") == [(10,)]
    assert crowd.broken() == set()
