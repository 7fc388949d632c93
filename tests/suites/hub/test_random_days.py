"""Random days of business, by seed: after each day the books agree, whatever people did."""

import random
from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Sent, Waved
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.model.request import Requester
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from tests.builders.delivered import BY as PICKER
from tests.builders.market import Market, new_uuid
from tests.builders.money import BY, credited, invoices_of, payments_of, try_bill, try_pay
from tests.fixtures.trials import Trials

GOODS: Final = ("TEA", "RICE", "SOAP")
DAY_MS: Final = 86_400_000
STEPS: Final = 9


class Days:
    """One distributor's days: each act is tried, and a refusal is as good as a deed."""

    def __init__(self, market: Market, seed: int) -> None:
        self.market = market
        self.random = random.Random(seed)
        self.placed: list[str] = []
        self.waves: list[Waved] = []
        self.sent: list[int] = []
        self.noted: list[int] = []
        self.invoices: list[int] = []
        self.notes: list[int] = []
        self.payments: list[int] = []
        self.steps = (
            *(self.place, self.place, self.pick, self.send, self.record, self.bill, self.pay),
            *(self.credit, self.take_back, self.cancel, self.void, self.order_rest),
        )

    def play(self) -> None:
        """Live through a day."""
        for _ in range(STEPS):
            self.random.choice(self.steps)()
        self.market.clock.ms += DAY_MS // 24  # batches of the market expire in two months

    def place(self) -> None:
        """Place an order of one to three lines."""
        names = self.random.sample(GOODS, self.random.randint(1, len(GOODS)))
        lines = [(name, self.random.randint(1, 14)) for name in names]
        self.placed.append(self.market.place(*lines, terminal="shop-2").order)

    def pick(self) -> None:
        """Begin to pick an order and find all of it, or some."""
        if not self.placed:
            return
        order = self.placed.pop(self.random.randrange(len(self.placed)))
        if self.random.random() < 0.2:  # one in five is billed beforehand
            self._billed(try_bill(self.market, order))
        begun = self.market.deliveries.begin([order], by=PICKER, scope=EVERYTHING)
        if isinstance(begun, Waved):
            self.market.deliveries.pick.enter(begun.wave, {}, by=PICKER, scope=EVERYTHING)
            self.waves.append(begun)

    def send(self) -> None:
        """Finish a pick list, and send it off."""
        if not self.waves:
            return
        wave = self.waves.pop()
        self.market.deliveries.finish(wave.notes, by=PICKER, scope=EVERYTHING)
        done = self.market.deliveries.dispatch(
            wave.notes, vehicle="KA-1", driver="Om", by=PICKER, scope=EVERYTHING
        )
        if isinstance(done, Sent):
            self.sent += wave.notes

    def record(self) -> None:
        """Bring a note: whole, in part, or nothing of it."""
        if not self.sent:
            return
        note = self.sent.pop()
        back = self.random.choice((0, 0, 1, 2, 99))
        lines = (LineOutcome(1, 0, back=back, reason="refused"),) if back else ()
        asked = AskedOutcome(lines=lines, receiver="Asha")
        done = self.market.deliveries.record(note, asked, by=PICKER, scope=EVERYTHING)
        if isinstance(done, Refused):
            asked = AskedOutcome(outcome="refused")
            self.market.deliveries.record(note, asked, by=PICKER, scope=EVERYTHING)
        self.noted.append(note)

    def bill(self) -> None:
        """Bill what was delivered."""
        rows = self.market.rows("SELECT uuid FROM order_ WHERE status = 'delivered' ORDER BY id")
        if rows:
            self._billed(try_bill(self.market, self.random.choice(rows)[0]))

    def _billed(self, done: Issued | Refused) -> None:
        if isinstance(done, Issued):
            self.invoices.append(done.invoice)

    def pay(self) -> None:
        """Take some money, in one of two modes."""
        mode = self.random.choice(("cash", "cheque"))
        amount = f"{self.random.randint(1, 900)}.00"
        done = try_pay(self.market, amount, mode=mode, reference=new_uuid()[:20])
        if not isinstance(done, Refused):
            self.payments.append(done.payment)

    def credit(self) -> None:
        """Credit a line of an invoice: goods, goods that never came, or its price."""
        if not self.invoices:
            return
        count = self.random.randint(1, 4)
        asked = self.random.choice(
            (
                Credited(back={1: count}),
                Credited(back={1: count}, shelf={1: "absent"}),
                Credited(prices={1: count * 100}),
            )
        )
        done = credited(self.market, self.random.choice(self.invoices), asked)
        if isinstance(done, Issued):
            self.notes.append(done.invoice)

    def take_back(self) -> None:
        """Take goods back over the last invoices."""
        shelf = self.random.choice(("good", "damaged", "expired"))
        back = Back(self.random.choice(GOODS), self.random.randint(1, 6), shelf)  # type: ignore[arg-type]
        done = self.market.hub.ground.part(ReturnActs).take(
            "C2", [back], key=new_uuid(), why="torn", charge=True, by=BY, scope=EVERYTHING
        )
        assert isinstance(done, Taken | Refused)

    def cancel(self) -> None:
        """Cancel an invoice or a credit note."""
        made = [*self.invoices, *self.notes]
        if made:
            cancel = invoices_of(self.market).cancel
            cancel(self.random.choice(made), why="wrong", by=BY, scope=EVERYTHING)

    def void(self) -> None:
        """Void a payment."""
        if self.payments:
            void = payments_of(self.market).void
            void(self.random.choice(self.payments), why="twice", by=BY, scope=EVERYTHING)

    def order_rest(self) -> None:
        """Order once more what a note did not bring."""
        if self.noted:
            by = Requester("user", PICKER)
            note = self.random.choice(self.noted)
            self.market.deliveries.order_rest(note, by=by, scope=EVERYTHING)


def play(market: Market, *, seed: int, days: int) -> None:
    """Play some days, and look at the books after each."""
    life = Days(market, seed)
    for day in range(days):
        life.play()
        faults = [fault for one in market.audit().kept for fault in one.faults]
        assert faults == [], f"seed {seed}, day {day}"


@pytest.mark.parametrize("place", [0, 1])
def test_the_books_agree_after_random_days(market: Market, trials: Trials, place: int) -> None:
    play(market, seed=trials.first + place, days=250 if trials.long else 4)
