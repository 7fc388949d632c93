"""A shop's card, clock, scanner or printer goes wrong, beside a real hub and broker."""

import contextlib
import json
import re
import shutil
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from simulators.data import Pick
from simulators.devices import UNPACED, Fault, SimulatedPrinter
from simulators.faults.preloaded import WrongClock
from simulators.fleet import SUBMIT
from simulators.scenarios.daemon import DaemonCounter
from tests.fixtures.printers import end_paper_with_next_slip, eventually
from tests.fixtures.sites import SmallSite, ask_hub

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(300)]

SINCE_1970_S = -1_790_000_000
"""How far a machine without a clock battery is behind when it starts: years before its pack."""


class Shop:
    """A site, and a counter of it that has not been switched on."""

    def __init__(self, small: SmallSite) -> None:
        self.site = small.site
        self.name, baskets = next(iter(small.baskets.items()))
        skus = dict.fromkeys(one.sku for one in baskets[0][:3])
        self.picks = [Pick(sku, 1) for sku in skus]

    def counter(
        self, *, suffix: str = "\r", environ: dict[str, str] | None = None
    ) -> DaemonCounter:
        """Plan the counter, perhaps with another scanner or in other surroundings."""
        port = self.site.broker_port
        return DaemonCounter(
            self.name, self.site.paths, broker_port=port, suffix=suffix, environ=environ
        )

    def orders(self) -> dict[str, str]:
        """Read the hub's orders of the counter: their states by number."""
        listed = map(json.loads, ask_hub(self.site, "orders", "--json").splitlines())
        return {one["number"]: one["status"] for one in listed}

    def submit_unseen(self, counter: DaemonCounter) -> None:
        """Submit an order where no slip can come out."""
        counter.scan_products(self.picks)
        counter.scanner.scan(SUBMIT)
        counter.until(lambda state: not state["lines"], "storing an order")


@pytest.fixture
def shop(small_site: SmallSite) -> Shop:
    return Shop(small_site)


def swap_card(counter: DaemonCounter) -> None:
    """Switch the counter off, and on again with an empty card."""
    counter.child.kill()
    shutil.rmtree(counter.folder)
    counter.child.start()
    counter.ready()


def days_on(counter: DaemonCounter) -> set[date]:
    """Give the days that the counter's slips name as those on which they were printed."""
    text = "".join(slip.text for slip in counter.slips())
    found = re.findall(r"(\d\d [A-Z][a-z]{2} \d{4}) \d\d:\d\d", text)
    return {datetime.strptime(one, "%d %b %Y").replace(tzinfo=UTC).date() for one in found}


def statuses(counter: DaemonCounter) -> list[str]:
    """Give how the orders on the counter's card stand."""
    return [one.status for one in counter.records()]


def test_a_new_card_sells_at_once_and_each_start_of_it_goes_on(shop: Shop) -> None:
    with shop.counter() as counter:
        for _ in range(3):  # each start raises the number that a new card begins anew
            counter.ready()
            counter.order(shop.picks)
            counter.quiet()
            counter.child.stop()
            counter.child.start()
        swap_card(counter)
        for _ in range(3):
            counter.ready()
            counter.order(shop.picks)
            counter.quiet()
            counter.child.stop()
            counter.child.start()
        on_card = statuses(counter)

    assert on_card == ["confirmed"] * 3
    assert len(shop.orders()) == 6
    assert "recomputes" in ask_hub(shop.site, "audit")
    assert counter.faults() == ()


def test_a_terminal_that_is_added_again_sells_on_its_new_card_with_its_new_password(
    shop: Shop,
) -> None:
    with shop.counter() as counter:
        counter.ready()
        counter.order(shop.picks)
        counter.quiet()
        counter.child.kill()
        shutil.rmtree(counter.folder)
        before = shop.site.paths.config(shop.name).read_text()
        (known,) = [
            one
            for one in map(json.loads, ask_hub(shop.site, "terminal", "list").splitlines())
            if one["id"] == shop.name
        ]
        place = ("--customer", known["customer"], "--warehouse", known["warehouse"])
        ask_hub(shop.site, "terminal", "add", shop.name, *place)
        counter.child.start()
        counter.ready()
        counter.order(shop.picks)
        counter.quiet()
        on_card = statuses(counter)

    assert shop.site.paths.config(shop.name).read_text() != before
    assert on_card == ["confirmed"]
    assert len(shop.orders()) == 2


@pytest.mark.needs("C compiler")
def test_a_machine_that_starts_in_1970_without_its_hub_prices_for_the_hubs_last_day(
    shop: Shop, tmp_path: Path
) -> None:
    clock = WrongClock(tmp_path, off_s=SINCE_1970_S)
    clock.build()
    with shop.counter() as counter:
        counter.ready()
        counter.scan_products(shop.picks)
        today = counter.state()["payable"]
        counter.submit(len(shop.picks))
        counter.quiet()
        day = min(days_on(counter))
    with contextlib.closing(sqlite3.connect(counter.folder / "terminal.db")) as card:
        # As after a restart of the machine, which no program can make.
        ((kept,),) = card.execute("SELECT value FROM meta WHERE key = 'hub_time'").fetchall()
        known = {**json.loads(kept), "machine_boot": "an earlier one"}
        card.execute(
            "UPDATE meta SET value = ? WHERE key = 'hub_time'", (json.dumps(known).encode(),)
        )
        card.commit()
    shop.site.hub.stop()

    with shop.counter(environ=clock.environ) as counter:
        counter.scan_products(shop.picks)
        alone = counter.state()["payable"]
        counter.submit(len(shop.picks))
        shop.site.hub.start()
        counter.quiet()
        days = days_on(counter)

    assert alone == today
    assert set() < days <= {day, day + timedelta(days=1)}
    assert statuses(counter) == ["confirmed", "confirmed"]


@pytest.mark.parametrize("suffix", ["", "\x03"], ids=["no suffix", "ETX"])
def test_a_scanner_without_the_usual_suffix_orders_at_a_running_counter(
    shop: Shop, suffix: str
) -> None:
    with shop.counter(suffix=suffix) as counter:
        counter.ready()
        counter.order(shop.picks)
        counter.quiet()

    assert statuses(counter) == ["confirmed"]


def test_slips_that_nobody_saw_are_not_printed_once_their_answers_are_there(shop: Shop) -> None:
    with shop.counter() as counter:
        counter.ready()
        place = counter.printer.address
        assert place is not None
        shop.site.hub.stop()
        counter.printer.stop()
        counter.until(lambda state: state["link"] != "online", "seeing the hub leave")
        for _ in range(3):
            shop.submit_unseen(counter)
        shop.site.hub.start()
        counter.until(lambda state: state["queued"] == 0, "the answers of all")
        counter.printer = SimulatedPrinter.on_tcp(*place, pace=UNPACED).start()
        counter.quiet()
        slips = [slip.text for slip in counter.slips()]

    assert len(slips) == 3
    assert not any("NOT CONFIRMED" in one for one in slips)
    assert all("CONFIRMED" in one for one in slips)


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
def test_a_printer_that_answers_but_cannot_print_is_given_no_slip_that_its_answer_overtakes(
    shop: Shop, fault: Fault
) -> None:
    with shop.counter() as counter:
        counter.ready()
        shop.site.hub.stop()
        counter.printer.fail(fault)
        counter.until(lambda state: state["link"] != "online", "seeing the hub leave")
        for _ in range(3):
            shop.submit_unseen(counter)
        counter.until(lambda state: state["slips_waiting"] == 3, "the QUEUED slips")
        counter.until(lambda state: state["printer"] == fault.value, "what stops the printer")
        shop.site.hub.start()
        counter.until(lambda state: state["queued"] == 0, "the answers of all")
        counter.printer.repair(fault)
        counter.quiet()
        slips = [slip.text for slip in counter.slips()]

    assert len(slips) == 3
    assert not any("NOT CONFIRMED" in one for one in slips)
    assert all("CONFIRMED" in one for one in slips)


def test_what_a_printer_says_unasked_never_calls_a_slip_printed(shop: Shop) -> None:
    cover_open = b"\x2c\0\0\0"
    with shop.counter() as counter:
        counter.ready()
        end_paper_with_next_slip(counter.printer)
        shop.submit_unseen(counter)
        eventually(lambda: counter.printer.held_slips == 1, "the printer holds the slip")

        counter.printer.say(cover_open)
        counter.printer.switch_off(line=cover_open)
        counter.printer.repair(Fault.PAPER_OUT)
        counter.printer.switch_on(notice=cover_open)
        counter.until(lambda state: state["slips_waiting"] == 0, "coming to rest")

    (order,) = counter.records()
    assert [one.state for one in order.slips] == ["unknown"]
    assert counter.slips() == ()
