"""Whatever is billed, credited, paid and bounced in whatever order, the books stay balanced."""

from collections.abc import Callable
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.accounts.model import BUCKETS
from hub.desk.accounts.promises import CHECK as ACCOUNTS
from hub.desk.accounts.reads import read_ageing
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.promises import CHECK as INVOICES
from hub.desk.parties.model import moment_of
from hub.desk.payments.model import STATES, Taken
from hub.desk.payments.promises import CHECK as PAYMENTS
from tests.builders.market import Market, new_uuid
from tests.builders.money import (
    BY,
    credited,
    delivered,
    invoices_of,
    payments_of,
    try_bill,
    try_pay,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAY_MS: Final = 24 * 3_600_000
VERBS: Final = (
    *("place", "deliver", "bill", "cancel", "credit", "lower", "pay", "cheque", "move"),
    *("allocate", "release", "refund", "write_off", "cancel_order", "day"),
)
verbs = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 40), st.integers(1, 60)),
    min_size=8,
    max_size=18,
)


class Desk:
    """Somebody in accounts who does one thing after another."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._orders: list[str] = []
        self._invoices: list[int] = []
        self._payments: list[int] = []
        self._ages: dict[date, object] = {}
        self.done = 0
        self._verbs: dict[str, Callable[[int, int], object]] = {
            "place": lambda n, m: self._orders.append(
                market.place((("TEA", "RICE", "SOAP")[n % 3], m)).order
            ),
            "deliver": lambda n, m: self._orders.append(
                delivered(market, (("TEA", "RICE", "SOAP")[n % 3], min(m, 5)))
            ),
            "bill": self._bill,
            "cancel": lambda n, _: invoices_of(market).cancel(
                self._of(self._invoices, n), why="x", by=BY, scope=EVERYTHING
            ),
            "credit": lambda n, m: credited(
                market, self._of(self._invoices, n), Credited(back={1: m % 4})
            ),
            "lower": lambda n, m: credited(
                market, self._of(self._invoices, n), Credited(prices={1: m * 100})
            ),
            "pay": lambda n, m: self._pay(try_pay(market, f"{m}{n % 10}.50", oldest=str(n % 2))),
            "cheque": lambda n, m: self._pay(
                try_pay(market, f"{m}.00", mode="cheque", reference=f"C{n}{m}")
            ),
            "move": lambda n, m: payments_of(market).cheque(
                self._of(self._payments, n), STATES[m % 4], by=BY, scope=EVERYTHING
            ),
            "allocate": lambda n, _: payments_of(market).allocate(
                self._of(self._payments, n), {}, oldest=True, by=BY, scope=EVERYTHING
            ),
            "release": lambda n, _: payments_of(market).allocate.release(
                self._of(self._payments, n), by=BY, scope=EVERYTHING
            ),
            "refund": lambda n, m: payments_of(market).refund(
                self._of(self._payments, n),
                {"amount": f"{m}.00", "mode": "cash"},
                key=new_uuid(),
                by=BY,
                scope=EVERYTHING,
            ),
            "write_off": lambda n, _: payments_of(market).write_off(
                self._of(self._invoices, n), why="small", by=BY, scope=EVERYTHING
            ),
            "cancel_order": self._cancel_order,
            "day": self._end_day,
        }

        for uuid in (market.place(("RICE", 10)).order, delivered(market, ("TEA", 2), ("RICE", 10))):
            self._orders.append(uuid)
            self._bill(len(self._orders) - 1, 0)

    def does(self, verb: str, which: int, many: int) -> None:
        """Do it; what is refused changes nothing."""
        outcome = self._verbs[verb](which, many)
        self.done += not isinstance(outcome, Refused)

    def _bill(self, which: int, _many: int) -> object:
        if not self._orders:
            return None
        done = try_bill(self._market, self._orders[which % len(self._orders)])
        if not isinstance(done, Refused):
            self._invoices.append(done.invoice)
        return done

    def _cancel_order(self, which: int, _many: int) -> None:
        if self._orders:
            uuid = self._orders[which % len(self._orders)]
            self._market.orders.cancel(uuid, by="sunil", why="shut")

    def _pay(self, done: Taken | Refused) -> object:
        if isinstance(done, Taken):
            self._payments.append(done.payment)
        return done

    def _end_day(self, _which: int, _many: int) -> None:
        """Let a day pass: what its ageing says now is what it says for ever."""
        day = market_day(self._market)
        self._ages[day] = self.ages(day)
        self._market.clock.ms += DAY_MS

    def ages(self, day: date) -> object:
        """Read the ageing of a day."""
        with self._market.database.read() as connection:
            return read_ageing(connection, on=day, basis="due", scope=EVERYTHING)

    def told_before(self) -> list[tuple[object, object]]:
        """Give each day's ageing as it was told then, and as it is told now."""
        return [(told, self.ages(day)) for day, told in self._ages.items()]

    @staticmethod
    def _of(ids: list[int], which: int) -> int:
        return ids[which % len(ids)] if ids else 0


def market_day(market: Market) -> date:
    """Give the day that it is in the market."""
    return moment_of(market.clock.ms, ZoneInfo("Asia/Kolkata")).day


def broken(market: Market) -> list[str]:
    """Name what breaks a promise of the books of money."""
    with market.database.read() as connection:
        return [
            fault
            for check in (ACCOUNTS, INVOICES, PAYMENTS)
            for one in check(connection, market.clock.ms)
            for fault in one.faults
        ]


@settings(
    max_examples=6,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=verbs)
def test_after_any_acts_in_any_order_the_books_of_money_balance(
    market: Market, done: list[tuple[str, int, int]]
) -> None:
    desk = Desk(market)

    for verb, which, many in done:
        desk.does(verb, which, many)

        assert broken(market) == [], verb
    assert all(then == now for then, now in desk.told_before())
    with market.database.read() as connection:
        rows = read_ageing(connection, on=market_day(market), basis="day", scope=EVERYTHING)
    owed = dict(
        market.rows(
            "SELECT p.code, a.billed - a.clearing FROM customer_account a "
            "JOIN party p ON p.id = a.customer_id"
        )
    )
    assert all(len(one.ages.buckets) == len(BUCKETS) for one in rows)
    assert all(one.ages.balance == owed[one.code] for one in rows)
    assert [fault for one in market.audit().kept for fault in one.faults] == []
