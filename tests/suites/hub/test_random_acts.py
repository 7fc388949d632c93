"""Whatever several people do to stock and orders, in whatever order and at once, every law holds.

A usual run does some hundred acts, `--long` ten thousand. A failure names its seed.
"""

import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.model import Approver
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, new_uuid
from tests.builders.stock_moves import do, row, stock_of
from tests.fixtures.trials import Trials

PEOPLE: Final = ("asha", "meena", "ravi", "sunil", "vikram")
BATCHES: Final = (("TEA", "T-EARLY"), ("TEA", "T-LATE"), ("RICE", "R1"), ("SOAP", "S1"))
PLACES: Final = ("MAIN", "SIDE")
HOW: Final = ("found", "write_off", "damage", "mend", "quarantine", "release")
USUAL: Final = 240
LONG: Final = 10_000
LOOKS: Final = 12
"""How often a run stops to look at every law."""
DEADLINE_S: Final = 3_000


class People:
    """Several people who work at one hub; what one of them made the others change."""

    def __init__(self, market: Market, hub: Hub, seed: int) -> None:
        self.market = market
        self.random = random.Random(seed)
        self.orders: list[str] = []
        self.documents: list[int] = []
        self.done = self.refused = 0
        self._orders = hub.ground.part(OrderActs)
        self._stock = hub.ground.part(StockActs)
        self._approvals = hub.ground.part(ApprovalActs)
        self._acts: tuple[Callable[[str], object], ...] = (
            *(self.receive, self.order, self.order, self.amend, self.hold, self.release),
            *(self.transfer, self.arrive, self.freeze, self.enter, self.hand_over, self.decide),
            *(self.decide, self.move, self.cancel, self.reallocate, self.fill, self.correct),
        )

    def act(self) -> None:
        """Have somebody do something; what is refused changes nothing."""
        outcome = self.random.choice(self._acts)(self.random.choice(PEOPLE))
        self.done += 1
        self.refused += outcome is None or isinstance(outcome, Refused)
        if isinstance(outcome, Posted):
            self.documents.append(outcome.document)
        if isinstance(outcome, PlacedOrder):
            self.orders.append(outcome.uuid)

    def _many(self, most: int = 60) -> int:
        return self.random.randint(1, most)

    def _lines(self) -> tuple[AskedLine, ...]:
        skus = self.random.sample(("TEA", "RICE", "SOAP"), self.random.randint(1, 3))
        return tuple(AskedLine(sku, self._many(30)) for sku in skus)

    def _row(self) -> dict[str, str]:
        return row(*self.random.choice(BATCHES), self._many())

    def _way(self) -> dict[str, str]:
        here, there = self.random.sample(PLACES, 2)
        return {"warehouse": here, "to_warehouse": there, "due": "2026-11-25"}

    def _some(self) -> str:
        return self.random.choice(self.orders) if self.orders else new_uuid()

    def _document(self) -> int:
        return self.random.choice(self.documents) if self.documents else 0

    def order(self, who: str) -> object:
        """Place an order of one to three lines, of a shop with a limit or without."""
        customer = self.random.choice(("C1", "C2", "C2", "C2"))
        asked = AskedOrder(new_uuid(), "staff", customer, self._lines())
        return self._orders.place(asked, by=Requester("user", who), scope=EVERYTHING)

    def amend(self, who: str) -> object:
        """Give an order other lines."""
        asked = Amendment(lines=self._lines())
        return self._orders.amend(self._some(), asked, by=who, why="by phone")

    def reallocate(self, who: str) -> object:
        """Have an order's tea come from a batch that somebody names."""
        line = AskedLine("TEA", self._many(9), batch="T-LATE", batch_reason="asked for")
        return self._orders.amend(self._some(), Amendment(lines=(line,)), by=who, why="fresher")

    def hold(self, who: str) -> object:
        """Have an order wait."""
        return self._orders.hold(self._some(), by=who, why="ask first")

    def release(self, who: str) -> object:
        """Say yes to an order."""
        return self._approvals.release(self._some(), by=Approver(who, ("manager",)))

    def cancel(self, who: str) -> object:
        """Cancel an order."""
        return self._orders.cancel(self._some(), by=who, why="shut")

    def fill(self, who: str) -> object:
        """Allocate what an order waits for."""
        return self._orders.fill(self._some(), by=who)

    def receive(self, who: str) -> object:
        """Receive goods of a batch that is there, or of a new one."""
        return do(self._stock.receive, {"warehouse": self._place()}, self._row(), by=who)

    def _place(self) -> str:
        return self.random.choice(PLACES)

    def move(self, who: str) -> object:
        """Write off, find, damage, mend, quarantine or release."""
        bucket = self.random.choice(("good", "damaged", "quarantine"))
        how = self.random.choice(HOW)
        head = {"warehouse": self._place(), "how": how, "bucket": bucket, "reason": "checked"}
        return do(self._stock.move, head, self._row(), by=who)

    def transfer(self, who: str) -> object:
        """Send stock to the other warehouse."""
        return do(self._stock.transfer.dispatch, self._way(), self._row(), by=who)

    def arrive(self, who: str) -> object:
        """Take what arrived of a transfer, whole or in part."""
        return self._stock.transfer.arrive(
            self._document(),
            {"1": str(self._many())},
            rest_as_sent=self.random.random() < 0.5,
            by=who,
            scope=EVERYTHING,
        )

    def freeze(self, who: str) -> object:
        """Begin a count."""
        head = {"warehouse": self._place()}
        return self._stock.count.freeze(head, key=new_uuid(), by=who, scope=EVERYTHING)

    def enter(self, who: str) -> object:
        """Count all of a list, some of it wrongly."""
        document = self._document()
        lines = self.market.rows(
            "SELECT line, quantity, counted FROM stock_document_line WHERE document_id = :d",
            d=document,
        )
        slip = self.random.choice((0, 0, 0, -2, 1, 40))
        counted = {str(line): str(max(0, quantity + slip)) for line, quantity, _ in lines}
        seen = {str(line): "" if there is None else str(there) for line, _, there in lines}
        return self._stock.count.enter(document, counted, seen=seen, by=who, scope=EVERYTHING)

    def hand_over(self, who: str) -> object:
        """Hand a count over, or have it counted again."""
        return self._stock.count.hand_over(self._document(), by=who, scope=EVERYTHING)

    def decide(self, who: str) -> object:
        """Let pass or refuse what waits for a second person."""
        grant = self.random.random() < 0.8
        return self._stock.decide(self._document(), grant=grant, by=who, scope=EVERYTHING)

    def correct(self, who: str) -> object:
        """Correct what is printed on a batch; its orders keep what they hold or are told."""
        code = self.random.choice(BATCHES)[1]
        found = self.market.rows("SELECT id FROM batch WHERE code = :c", c=code)
        expiry = self.random.choice(("2026-11-20", "2027-01-31", "2027-12-31"))
        texts = {"expiry": expiry, "note": "read anew"}
        return self._stock.correct_dates(found[0][0], texts, by=who, scope=EVERYTHING)


def open_shop(market: Market) -> None:
    """Give the market people, two warehouses, and a limit above which counts are repeated."""
    for name in PEOPLE:
        Shelves(market.database).user(name, "manager")
    acts = stock_of(market)
    acts.set_limit({"recount": "900.00"}, by="asha")


def broken(market: Market) -> list[str]:
    """Tell every fault that the audit finds."""
    return [fault for one in market.audit().kept for fault in one.faults]


@pytest.mark.one_engine
def test_after_any_acts_of_several_people_every_law_holds(market: Market, trials: Trials) -> None:
    open_shop(market)
    people = People(market, market.hub, trials.first)
    acts = LONG if trials.long else USUAL

    for step in range(acts):
        people.act()
        market.clock.ms += 60_000
        if step % (acts // LOOKS) == 0:
            assert broken(market) == [], f"seed {trials.first}, act {step}"

    assert broken(market) == [], f"seed {trials.first}"
    assert people.done - people.refused > acts // 4


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.needs("postgresql")
def test_after_any_acts_at_two_workers_at_once_every_law_holds(
    market: Market, trials: Trials, tmp_path: Path
) -> None:
    open_shop(market)
    settings = Settings(folder=tmp_path / "files", database=market.url)
    hubs = [build_hub(settings, clock=market.clock) for _ in range(2)]
    teams = [People(market, hub, trials.first + place) for place, hub in enumerate(hubs)]
    teams[1].orders, teams[1].documents = teams[0].orders, teams[0].documents
    acts = (LONG if trials.long else USUAL) // 2
    start, faults = threading.Barrier(2), []

    def work(people: People) -> None:
        start.wait(DEADLINE_S)
        try:
            for _ in range(acts):
                people.act()
        except Exception as error:  # told below, with the seed
            faults.append(repr(error))
            raise

    threads = [threading.Thread(target=work, args=(people,)) for people in teams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for hub in hubs:
        hub.close()

    assert faults == [], f"seed {trials.first}"
    assert [people.done for people in teams] == [acts, acts]
    assert broken(market) == [], f"seed {trials.first}"
    assert all(people.done - people.refused > acts // 4 for people in teams)
