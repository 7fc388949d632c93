"""Several workers decide at once: stock, credit and schemes are never given twice."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from broker.contract import AnswerData
from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from hub.desk.terminals.store.inbox import Submitted
from hub.run.bootstrap import build_hub, build_wire
from hub.run.config import Settings
from tests.builders.market import FILES, FakeClock, Market, packed, told

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
        threading.Thread(target=work, args=(build_wire(hub, http="").take, share))
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


def test_goods_that_several_receive_at_once_under_one_key_are_received_once(
    crowd: Market, tmp_path: Path
) -> None:
    hubs = [
        build_hub(Settings(folder=tmp_path, database=crowd.url), clock=FakeClock())
        for _ in range(4)
    ]
    start, done = threading.Barrier(len(hubs)), []
    goods = {"code": "TEA", "batch": "T-NEW", "quantity": "5", "expiry": "2027-06-30"}

    def receive(acts: StockActs) -> None:
        start.wait(DEADLINE_S)
        head = {"warehouse": "MAIN"}
        done.append(acts.receive(head, [goods], key="van-00001", by="asha", scope=EVERYTHING))

    threads = [threading.Thread(target=receive, args=(hub.ground.part(StockActs),)) for hub in hubs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    other = hubs[0].ground.part(StockActs)
    more = {**goods, "quantity": "6"}
    taken = other.receive(
        {"warehouse": "MAIN"}, [more], key="van-00001", by="asha", scope=EVERYTHING
    )
    for hub in hubs:
        hub.close()

    assert len({one.document for one in done if isinstance(one, Posted)}) == 1
    assert sorted(one.again for one in done if isinstance(one, Posted)) == [False, True, True, True]
    assert isinstance(taken, Refused)
    assert crowd.rows("SELECT on_hand FROM batch WHERE code = 'T-NEW'") == [(5,)]
    assert crowd.broken() == set()


def test_two_workers_never_sell_the_last_stock_twice(crowd: Market, tmp_path: Path) -> None:
    shares = [orders_of(crowd, desk, 15, ("TEA", 7)) for desk in range(2)]

    answers = race(crowd, tmp_path, shares)

    assert len(answers) == 30
    assert sum(answer.lines[0].qty for answer in answers) == 110
    assert crowd.broken() == set()


def test_two_workers_never_pass_a_customers_limit_together(crowd: Market, tmp_path: Path) -> None:
    crowd.enrol.add("shop-9", customer="C1", warehouse="MAIN")
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

    assert crowd.rows("SELECT count(*) FROM order_revision WHERE discount > 0") == [(3,)]
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
            crowd.orders.cancel(answer.order, why="racing", by="test")

    canceller = threading.Thread(target=cancel_all)
    canceller.start()
    race(crowd, tmp_path, [share])
    canceller.join(DEADLINE_S)

    assert crowd.rows("SELECT count(*) FROM order_ WHERE status = 'cancelled'") == [(10,)]
    assert crowd.broken() == set()


def test_of_two_orders_at_once_exactly_one_gets_a_schemes_last_use(
    crowd: Market, tmp_path: Path
) -> None:
    for desk in (6, 7):
        crowd.answer(*orders_of(crowd, desk, 1, ("SOAP", 10)))
    shares = [orders_of(crowd, desk, 1, ("SOAP", 10)) for desk in range(2)]

    answers = race(crowd, tmp_path, shares)

    totals = [answer.totals for answer in answers]
    assert sorted(one.discount for one in totals if one is not None) == [0, 500]
    assert crowd.rows("SELECT used, spent FROM scheme_counter WHERE scope = 'total'") == [
        (3, 1_500)
    ]
    assert crowd.broken() == set()


def test_a_last_use_given_back_by_cancelling_can_be_had_again(crowd: Market) -> None:
    first, *_ = [crowd.answer(*orders_of(crowd, desk, 1, ("SOAP", 10))) for desk in range(3)]
    without = crowd.answer(*orders_of(crowd, 3, 1, ("SOAP", 10)))
    crowd.orders.cancel(first.order, why="mistake", by="asha")

    again = crowd.answer(*orders_of(crowd, 4, 1, ("SOAP", 10)))

    assert [one.totals.discount for one in (first, without, again) if one.totals] == [500, 0, 500]
    assert crowd.broken() == set()


def test_orders_and_a_publication_at_once_are_each_decided_by_one_version(
    crowd: Market, tmp_path: Path
) -> None:
    shares = [orders_of(crowd, desk, 20, ("SOAP", 1)) for desk in range(2)]
    crowd.packs.add(packed(version=2, soap="12.00"), by="asha")
    publishing = threading.Thread(target=lambda: crowd.packs.publish(2, by="vikram"))

    publishing.start()
    answers = race(crowd, tmp_path, shares)
    publishing.join(DEADLINE_S)

    prices = {(one.pack_version, one.totals.payable) for one in answers if one.totals}
    assert len(answers) == 40
    assert prices <= {(1, 1_000), (2, 1_200)}
    assert crowd.place(("SOAP", 1)).pack_version == 2
    assert crowd.broken() == set()
