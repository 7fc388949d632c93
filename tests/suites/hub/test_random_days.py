"""Random days of business, by seed: after each day the books agree, whatever people did.

Two thousand days, five years and a half, on both engines: `--long` plays them, in eight lives.
"""

import random
from datetime import date, timedelta
from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.claims.model import Made, ShortLine
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Sent, Waved
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.model.request import Requester
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from hub.desk.stock.acts import StockActs
from tests.builders.claims import claims_of, fund, try_claim
from tests.builders.delivered import BY as PICKER
from tests.builders.market import NOON, Market, new_uuid
from tests.builders.money import BY, credited, invoices_of, payments_of, try_bill, try_pay
from tests.builders.stock_moves import do, row
from tests.fixtures.trials import Trials

GOODS: Final = ("TEA", "RICE", "SOAP")
CUSTOMERS: Final = {"C2": "shop-2", "C4": "shop-4"}
FUNDERS: Final = ("LEAF", "HIVE")
FIRST: Final = date(2026, 11, 21)
DAY_MS: Final = 86_400_000
STEPS: Final = 16
LIVES: Final = 8
DAYS: Final = 250
"""Days of a life of a long run."""
AUDITED: Final = 10
"""In a long run the whole audit is made after every so many days, the laws below after each."""

LAWS: Final = {
    "no stock is below zero, nothing is promised that is not there": """
        SELECT code FROM batch WHERE reserved > on_hand
            OR on_hand < 0 OR reserved < 0 OR damaged < 0 OR quarantine < 0 OR in_transit < 0
    """,
    "what lies in a bucket is what was moved into it": """
        SELECT b.code FROM batch b LEFT JOIN stock_movement m ON m.batch_id = b.id
        GROUP BY b.id, b.code, b.on_hand
        HAVING b.on_hand <> coalesce(sum(CASE WHEN m.to_bucket = 'good' THEN m.quantity
            WHEN m.from_bucket = 'good' THEN -m.quantity ELSE 0 END), 0)
    """,
    "exposure is what documents owe and what open orders will": """
        SELECT a.customer_id, a.exposure FROM customer_account a
        WHERE a.exposure
            <> (SELECT coalesce(sum(d.amount), 0) FROM account_document d
                WHERE d.customer_id = a.customer_id AND d.voided IS NULL AND d.cleared IS NOT NULL)
            + (SELECT coalesce(sum(r.exposure), 0) FROM order_ o JOIN order_revision r
                ON r.order_id = o.id AND r.revision = o.revision WHERE o.customer_id = a.customer_id
                AND o.status IN ('confirmed', 'allocated', 'dispatched', 'delivered'))
            + (SELECT coalesce(sum(p.amount), 0) FROM posting p
                WHERE p.customer_id = a.customer_id AND p.kind = 'billed')
    """,
    "no line is credited for more than it came to": """
        SELECT i.number, l.line FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
        JOIN invoice n ON n.of_id = i.id AND n.cancelled_day IS NULL
        JOIN invoice_line c ON c.invoice_id = n.id AND c.of_line = l.line
        WHERE i.of_id IS NULL AND i.cancelled_day IS NULL GROUP BY i.id, i.number, l.line, l.total
        HAVING sum(CASE n.kind WHEN 'credit_note' THEN c.total ELSE -c.total END) > l.total
    """,
    "a document pays no more than it is over": """
        SELECT number FROM account_document WHERE allocated > abs(amount)
    """,
    "invoices of a year are numbered without a gap": """
        SELECT financial_year FROM invoice WHERE kind IN ('invoice', 'bill_of_supply')
        GROUP BY seller_id, financial_year
        HAVING count(*) <> CAST(max(substr(number, 10)) AS INTEGER)
    """,
}
"""Laws of the books, each as what breaks it, asked of the rows and of nothing that the hub says."""


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
        self.claims: list[int] = []
        self.steps = (
            *3 * (self.place, self.pick, self.send, self.record, self.bill),
            *(self.pay, self.receive, self.receive),
            *(self.credit, self.take_back, self.cancel, self.void, self.order_rest),
            *(self.move_cheque, self.allocate, self.refund, self.write_off),
            *(self.claim, self.move_claim, self.break_goods, self.cancel_order),
        )

    @property
    def today(self) -> date:
        """Give the day that it is."""
        return FIRST + timedelta(days=(self.market.clock.ms - NOON) // DAY_MS)

    def play(self) -> None:
        """Live through a day."""
        for _ in range(STEPS):
            self.random.choice(self.steps)()
        self.market.hub.jobs.run_due("days")
        self.market.clock.ms += DAY_MS

    def receive(self) -> None:
        """Take in a new batch of something, which expires in some months."""
        sku = self.random.choice((*GOODS, "HONEY"))
        expiry = self.today + timedelta(days=self.random.randint(20, 300))
        came = row(sku, new_uuid()[-12:], self.random.randint(5, 60), expiry=expiry.isoformat())
        do(self.market.hub.ground.part(StockActs).receive, {"warehouse": "MAIN"}, came)

    def break_goods(self) -> None:
        """Break some pieces of a batch, where nobody was promised them."""
        code, sku = self.random.choice(
            self.market.rows(
                "SELECT b.code, p.sku FROM batch b JOIN product p ON p.id = b.product_id "
                "WHERE b.on_hand > 0 ORDER BY b.id"
            )
        )
        head = {"warehouse": "MAIN", "how": "damage", "reason": "broken"}
        count = self.random.randint(1, 4)
        do(self.market.hub.ground.part(StockActs).move, head, row(sku, code, count))

    def place(self) -> None:
        """Place an order of one to three lines."""
        names = self.random.sample(GOODS, self.random.randint(1, len(GOODS)))
        lines = [(name, self.random.randint(1, 14)) for name in names]
        terminal = self.random.choice(tuple(CUSTOMERS.values()))
        self.placed.append(self.market.place(*lines, terminal=terminal).order)

    def cancel_order(self) -> None:
        """Cancel an order, if it has not left."""
        if self.placed:
            self.market.orders.cancel(self.random.choice(self.placed), by=BY, why="shut")

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
        customer = self.random.choice((*CUSTOMERS, *FUNDERS))
        done = try_pay(
            self.market,
            amount,
            customer=customer,
            mode=mode,
            reference=new_uuid(),
            oldest=self.random.choice(("", "1")),
        )
        if not isinstance(done, Refused):
            self.payments.append(done.payment)

    def move_cheque(self) -> None:
        """Hand a cheque in, have it cleared, or have it bounce."""
        if self.payments:
            state = self.random.choice(("clearing", "cleared", "cleared", "bounced"))
            move = payments_of(self.market).cheque
            move(self.random.choice(self.payments), state, by=BY, scope=EVERYTHING)  # type: ignore[arg-type]

    def allocate(self) -> None:
        """Have a payment pay what is due first, or take it off all it pays."""
        if self.payments:
            payment, allocate = self.random.choice(self.payments), payments_of(self.market).allocate
            if self.random.random() < 0.7:  # seven of ten
                allocate(payment, {}, oldest=True, by=BY, scope=EVERYTHING)
            else:
                allocate.release(payment, by=BY, scope=EVERYTHING)

    def refund(self) -> None:
        """Give some of a payment back."""
        if self.payments:
            said = {"amount": f"{self.random.randint(1, 200)}.00", "mode": "cash"}
            refund = payments_of(self.market).refund
            payment = self.random.choice(self.payments)
            refund(payment, said, key=new_uuid(), by=BY, scope=EVERYTHING)

    def write_off(self) -> None:
        """Give up the rest of an invoice, where it is small."""
        if self.invoices:
            write_off = payments_of(self.market).write_off
            write_off(self.random.choice(self.invoices), why="small", by=BY, scope=EVERYTHING)

    def claim(self) -> None:
        """Ask a funder for what its schemes gave."""
        done = try_claim(self.market, self.random.choice(FUNDERS), until=self.today, key=new_uuid())
        if isinstance(done, Made):
            self.claims.append(done.id)

    def move_claim(self) -> None:
        """Send a claim, have it accepted or withdrawn, or give some of a line up."""
        if not self.claims:
            return
        claim, acts = self.random.choice(self.claims), claims_of(self.market)
        step = self.random.choice(("sent", "sent", "accepted", "withdrawn", "short"))
        if step == "short":
            short = [ShortLine(1, self.random.randint(1, 500))]
            acts.short(claim, short, why="too late", by=BY, scope=EVERYTHING)
        else:
            acts.move(claim, step, why="wrong", by=BY, scope=EVERYTHING)  # type: ignore[arg-type]

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
            self.random.choice(tuple(CUSTOMERS)),
            [back],
            key=new_uuid(),
            why="torn",
            charge=True,
            by=BY,
            scope=EVERYTHING,
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
    fund(market)
    life = Days(market, seed)
    for day in range(days):
        life.play()
        broken = {law: found for law, query in LAWS.items() if (found := market.rows(query))}
        assert broken == {}, f"seed {seed}, day {day}"
        if day % AUDITED == AUDITED - 1 or day == days - 1 or days < AUDITED:
            faults = [fault for one in market.audit().kept for fault in one.faults]
            assert faults == [], f"seed {seed}, day {day}"


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("life", [0, 1])
def test_the_books_agree_after_random_days(market: Market, trials: Trials, life: int) -> None:
    play(market, seed=trials.first + life, days=DAYS if trials.long else 5)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("life", range(2, LIVES))
def test_the_books_agree_after_two_thousand_days(market: Market, trials: Trials, life: int) -> None:
    play(market, seed=trials.first + life, days=DAYS)
