"""Numbers of documents: no gap in a seller's financial year, and no number twice."""

import threading
from contextlib import ExitStack
from datetime import date

import pytest

from hub.base.numbering import (
    FullSeriesError,
    Series,
    SeriesError,
    TakenSeriesError,
    UndefinedSeriesError,
    define,
    define_usual,
    last_number,
    next_number,
    next_numbers,
)
from hub.base.transaction import LockOrderError, LockRank, StoringError, Transaction
from tests.builders.ground import NOON, Ground, open_ground

DEADLINE_S = 60
MARCH, APRIL = date(2027, 3, 31), date(2027, 4, 1)
INVOICES = Series(1, "invoice", "A{year}/")


def set_up(ground: Ground, *terms: Series) -> None:
    with ground.work() as t:
        for one in terms:
            define(t, one, day=MARCH)


def take(ground: Ground, *, day: date = MARCH, seller: int = 1, kind: str = "invoice") -> str:
    with ground.work() as t:
        return next_number(t, seller=seller, kind=kind, day=day)


def last(ground: Ground, day: date) -> str | None:
    with ground.database.read() as connection:
        return last_number(connection, seller=1, kind="invoice", day=day)


def test_numbers_follow_one_another_and_begin_again_with_the_financial_year(
    ground: Ground,
) -> None:
    set_up(ground, INVOICES)

    numbers = [take(ground), take(ground), take(ground, day=APRIL), take(ground)]

    assert numbers == ["A26-27/00001", "A26-27/00002", "A27-28/00001", "A26-27/00003"]


@pytest.mark.parametrize(
    ("prefix", "digits", "is_taken"),
    [
        ("A{year}/", 6, True),  # begins alike, whatever its length
        ("A26-27/", 5, True),
        ("A26-27/0", 4, True),  # A26-27/00001 is the first of both
        ("A26-27/0", 5, False),
        ("A", 5, False),
        ("B{year}/", 5, False),
    ],
)
def test_no_two_kinds_of_a_seller_have_a_number_in_common(
    ground: Ground, prefix: str, digits: int, *, is_taken: bool
) -> None:
    set_up(ground, INVOICES, Series(2, "note", "A{year}/"))
    wanted = Series(1, "note", prefix, digits)

    if is_taken:
        with pytest.raises(TakenSeriesError, match="invoice"):
            set_up(ground, wanted)
    else:
        set_up(ground, wanted)

    with ground.work() as t:
        define_usual(t, wanted, day=MARCH)
    assert take(ground, kind="note").startswith("X") is is_taken


def test_each_seller_and_each_kind_has_numbers_of_its_own(ground: Ground) -> None:
    set_up(ground, INVOICES, Series(2, "invoice", "B"), Series(1, "credit_note", "CN"))

    take(ground)
    numbers = [take(ground), take(ground, seller=2), take(ground, kind="credit_note")]

    assert numbers == ["A26-27/00002", "B00001", "CN00001"]


def test_a_rolled_back_transaction_leaves_no_gap(ground: Ground) -> None:
    set_up(ground, INVOICES)
    take(ground)

    with ground.transactions.open(actor="asha", at_ms=NOON) as t:
        next_number(t, seller=1, kind="invoice", day=MARCH)

    assert take(ground) == "A26-27/00002"


def bill_nothing(t: Transaction) -> None:
    next_number(t, seller=1, kind="invoice", day=MARCH)
    raise ValueError("there is no such order")


def test_a_part_that_is_undone_leaves_no_gap(ground: Ground) -> None:
    set_up(ground, INVOICES)

    with ground.work() as t:
        with pytest.raises(StoringError), t.part():
            bill_nothing(t)
        number = next_number(t, seller=1, kind="invoice", day=MARCH)

    assert number == "A26-27/00001"


def test_several_numbers_are_taken_at_once(ground: Ground) -> None:
    set_up(ground, INVOICES)

    with ground.work() as t:
        numbers = next_numbers(t, seller=1, kind="invoice", day=MARCH, count=3)

    assert numbers == ["A26-27/00001", "A26-27/00002", "A26-27/00003"]
    assert take(ground) == "A26-27/00004"


def test_the_last_number_of_a_year_can_be_read(ground: Ground) -> None:
    before_any = last(ground, MARCH)
    set_up(ground, INVOICES)
    without_one = last(ground, MARCH)
    take(ground)
    take(ground)
    take(ground, day=APRIL)

    assert (before_any, without_one) == (None, None)
    assert (last(ground, MARCH), last(ground, APRIL)) == ("A26-27/00002", "A27-28/00001")


def test_without_a_series_there_is_no_number(ground: Ground) -> None:
    with (
        ground.work() as t,
        pytest.raises(UndefinedSeriesError, match="seller 1 has no series for invoice"),
    ):
        next_number(t, seller=1, kind="invoice", day=MARCH)


def test_a_full_series_gives_no_longer_number_until_it_has_more_digits(ground: Ground) -> None:
    set_up(ground, Series(1, "invoice", "A", digits=1))
    with ground.work() as t:
        next_numbers(t, seller=1, kind="invoice", day=MARCH, count=9)

    with ground.work() as t, pytest.raises(FullSeriesError, match="2026-27"):
        next_number(t, seller=1, kind="invoice", day=MARCH)
    set_up(ground, Series(1, "invoice", "A", digits=2))

    assert take(ground) == "A10"


def test_a_year_that_has_numbers_keeps_its_prefix(ground: Ground) -> None:
    set_up(ground, INVOICES)
    set_up(ground, Series(1, "invoice", "B"))
    take(ground)

    with ground.work() as t, pytest.raises(SeriesError, match="has numbers already"):
        define(t, INVOICES, day=MARCH)
    with ground.work() as t:
        define(t, INVOICES, day=APRIL)

    assert [take(ground), take(ground, day=APRIL)] == ["B00002", "A27-28/00001"]


def test_a_year_may_begin_in_another_month(ground: Ground) -> None:
    set_up(ground, Series(1, "invoice", "A{year}/", start_month=1))

    numbers = [take(ground), take(ground, day=date(2026, 12, 31))]

    assert numbers == ["A27/00001", "A26/00001"]


def test_an_order_is_not_locked_after_a_series(ground: Ground) -> None:
    set_up(ground, INVOICES)

    with ground.work() as t:
        next_number(t, seller=1, kind="invoice", day=MARCH)
        with pytest.raises(LockOrderError):
            t.lock(LockRank.ORDER, {1})


def test_many_at_once_get_different_numbers_without_a_gap_also_in_a_new_year(
    ground: Ground,
) -> None:
    set_up(ground, INVOICES)
    numbers: list[str] = []
    start = threading.Barrier(4)

    def bill(own: Ground, rolls_back: bool) -> None:  # noqa: FBT001  # of a thread's arguments
        start.wait(DEADLINE_S)
        for _ in range(10):
            with own.transactions.open(actor="asha", at_ms=NOON) as t:
                number = next_number(t, seller=1, kind="invoice", day=APRIL)
                if not rolls_back:
                    t.commit()
                    numbers.append(number)

    with ExitStack() as stack:
        threads = [
            threading.Thread(
                target=bill, args=(stack.enter_context(open_ground(ground.url)), bool(n % 2))
            )
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE_S)

    assert sorted(numbers) == [f"A27-28/{n:05d}" for n in range(1, 21)]
