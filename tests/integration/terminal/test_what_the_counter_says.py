"""The screen of a counter at work: it says what is so, and stops saying what is over."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.contract.ids import uuid7
from broker.contract.messages import Reason
from terminal.core.ports import NotSentError, PrinterStatus
from terminal.core.screen import banners_of, notes_of
from tests.fixtures.counters import Counter, FakeClock, at_the_counter, running
from tests.fixtures.shops import (
    COLA,
    NOW_MS,
    PRODUCTS,
    RICE,
    RULES,
    SCHEMES,
    Shop,
    catalogue_of,
    pack_of,
)
from tests.integration.terminal.test_the_whole_sheet import STANDING

BLOCKED = [Reason(code="customer_blocked", text="")]


def banners(counter: Counter) -> list[tuple[str, str]]:
    """Give what stands on the screen, with its colour."""
    return [(one.light, one.text) for one in banners_of(counter.screen)]


@pytest.mark.parametrize(
    ("status", "said", "look"),
    [
        ("confirmed", "Order shop-1-00001 confirmed", ("done", "green")),
        ("held", "Order shop-1-00001 held: the customer is blocked", ("error", "amber")),
        ("rejected", "Order shop-1-00001 rejected: the customer is blocked", ("error", "red")),
    ],
)
def test_the_headline_and_the_sound_are_those_of_the_answer(
    folder: Path, status: str, said: str, look: tuple[str, str]
) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        assert counter.signals.beeps[-1] == "ok"
        counter.link.answer(order, status=status, reasons=[] if status == "confirmed" else BLOCKED)
        screen = counter.screen
        assert screen.said == said
        assert (screen.tone, screen.light) == look
        assert counter.signals.beeps[-1] == look[0]

    at_the_counter(folder, play)


@pytest.mark.parametrize(
    ("exposure", "left"), [(4_000_000, "10,000.00"), (5_000_000, "0.00"), (6_000_000, "0.00")]
)
def test_what_is_left_of_the_credit_is_never_below_zero(
    folder: Path, shop: Shop, exposure: int, left: str
) -> None:
    customer = shop.config.customer
    owing = replace(customer, credit=replace(customer.credit, exposure=exposure))

    async def play(counter: Counter) -> None:
        counter.link.configure(replace(shop.config, customer=owing))
        await counter.scan(RICE)
        assert f"Credit left before this order: INR {left}" in notes_of(counter.screen)

    at_the_counter(folder, play)


def test_what_is_left_of_the_credit_is_the_newest_word_of_the_hub(folder: Path, shop: Shop) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        def left() -> str:
            told = notes_of(counter.screen)
            return next(one for one in told if "Credit left" in one).rpartition(" ")[2]

        order = await counter.order(RICE)
        counter.link.answer(order, credit_left=1_234_500)
        await counter.scan(RICE)
        assert left() == "12,345.00"
        await counter.scan("OW-BALANCE")
        await counter.until(counter.link.asked)
        clock.mono += 60_000  # a counter's clock that is ahead of the hub's makes no word newer
        counter.link.reply(counter.link.asked()[0], account=replace(STANDING, left=700_000))
        await counter.scan(RICE)
        assert left() == "7,000.00"
        counter.link.answer(await counter.order(), credit_left=600_000)
        await counter.scan(RICE)
        assert left() == "6,000.00"
        customer = shop.config.customer
        newer = replace(customer.credit, exposure=4_999_900, as_of=NOW_MS + 9_000_000)
        counter.link.configure(replace(shop.config, customer=replace(customer, credit=newer)))
        await counter.scan(RICE)
        assert left() == "1.00"

    at_the_counter(folder, play, clock=clock)


def test_what_is_left_of_the_credit_is_known_after_a_restart_without_the_hub(folder: Path) -> None:
    async def order(counter: Counter) -> None:
        orders = [await counter.order(RICE) for _ in range(2)]
        for one, left in zip(orders, (1_234_500, 234_500), strict=True):
            counter.link.answer(one, credit_left=left)

    async def play(counter: Counter) -> None:
        await counter.scan(RICE)
        assert "Credit left before this order: INR 2,345.00" in notes_of(counter.screen)

    at_the_counter(folder, order)
    at_the_counter(folder, play, online=False)


def test_the_amounts_of_an_invoice_are_said_in_the_shop_s_language(folder: Path) -> None:
    billed = Reason(
        code="order_billed_by",
        text="invoice B-1 over 466.00; owed in all: 1,466.00",
        params={"number": "B-1", "amount": 46_600, "balance": 146_600},
    )

    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        counter.link.answer(order)
        counter.link.notify(order, "confirmed", 2, billed)
        await counter.until(lambda: len(counter.printer.slips) == 2)
        says = "बिल B-1, रकम 466.00; कुल बाकी: 1,466.00"
        assert says in " ".join(counter.printer.slips[1].split())
        assert says in counter.screen.said

    at_the_counter(folder, play, language="hi")


def test_of_orders_that_are_decided_together_the_last_tells_what_is_left(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        orders = [await counter.order(RICE) for _ in range(2)]
        moment = counter.link.message_at
        for order, left in zip(orders, (1_234_500, 234_500), strict=True):
            counter.link.message_at = moment
            counter.link.answer(order, credit_left=left)
        await counter.scan(RICE)

        assert "Credit left before this order: INR 2,345.00" in notes_of(counter.screen)

    at_the_counter(folder, play, clock=FakeClock(NOW_MS))


def test_schemes_are_called_by_their_texts_on_screen_and_slip(tmp_path: Path) -> None:
    text = "text: {en: Ten plus one, hi: दस पर एक}"
    rules = RULES + SCHEMES.replace("free:", f"{text}\n    free:")
    named = Shop(pack_of(tmp_path / "pack", rules), catalogue_of(*PRODUCTS))
    folder = tmp_path / "counter"
    folder.mkdir()
    named.settle(folder)

    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-QTY-10")
        assert ["Ten plus one" in str(one) for one in counter.screen.gifts] == [True]
        await counter.scan("OW-SUBMIT")
        await counter.until(lambda: counter.printer.slips)
        assert "Ten plus one" in counter.printer.slips[0]

    at_the_counter(folder, play, online=False)


def test_what_is_told_of_an_order_that_staff_placed_stands_among_the_news(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE)
        told = Reason(code="cheque_returned", text="the bank returned cheque 77")
        counter.link.notify_of(uuid7(NOW_MS, b"elsewhere."), "S-000007", "confirmed", 3, told)
        assert ("amber", "Order S-000007: the bank returned cheque 77") in banners(counter)
        assert len(counter.screen.lines) == 1

    at_the_counter(folder, play)


def test_a_late_answer_takes_the_headline_of_the_order_on_the_screen(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, "OW-SUBMIT")
        assert counter.screen.said.endswith("it goes out when the hub is reached")
        await counter.until(lambda: "slip says QUEUED" in counter.screen.now)
        counter.link.connect()
        await counter.until(counter.link.orders)
        counter.link.answer(counter.link.orders()[0], status="held", deciders=["manager"])
        assert counter.screen.said == "Order shop-1-00001 held"
        assert "distributor's manager" in counter.screen.now
        assert "QUEUED no longer holds" in counter.screen.now
        counter.link.notify(counter.link.orders()[0], "confirmed", 2, "released by Asha")
        assert counter.screen.said == "Order shop-1-00001 confirmed: released by Asha"
        assert counter.signals.beeps[-2:] == ["error", "done"]

    at_the_counter(folder, play, online=False)


def test_news_of_an_older_order_is_quiet_and_goes_with_the_next_order(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        first = await counter.order(RICE)
        second = await counter.order(COLA)
        counter.link.answer(second)
        beeps = len(counter.signals.beeps)
        counter.link.answer(first, status="rejected", reasons=BLOCKED)
        assert counter.screen.said == "Order shop-1-00002 confirmed"
        assert counter.screen.last_order == "shop-1-00002"
        news = ("red", "Order shop-1-00001 rejected: the customer is blocked")
        assert news in banners(counter)
        assert len(counter.signals.beeps) == beeps
        await counter.order(RICE)
        assert news not in banners(counter)

    at_the_counter(folder, play)


def test_an_answer_does_not_take_the_headline_from_the_order_that_is_open(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        first = await counter.order(RICE)
        await counter.scan(COLA)
        counter.link.answer(first)
        assert counter.screen.said == "1 x Cola 600 ml"
        assert ("green", "Order shop-1-00001 confirmed") in banners(counter)

    at_the_counter(folder, play)


def test_after_a_restart_the_last_order_is_still_on_the_screen(folder: Path) -> None:
    async def first(counter: Counter) -> None:
        await counter.order(RICE)

    async def second(counter: Counter) -> None:
        assert counter.screen.last_order == "shop-1-00001"
        await counter.until(counter.link.orders)
        counter.link.answer(counter.link.orders()[0])
        assert counter.screen.said == "Order shop-1-00001 confirmed"

    at_the_counter(folder, first)
    at_the_counter(folder, second)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("paper_out", "No paper in the printer: put in a roll"),
        ("cover_open", "The printer's cover is open: close it"),
        ("offline", "The printer is off line or does not answer: look at its switch and cable"),
    ],
)
def test_what_stops_the_printer_stands_until_it_is_over(
    folder: Path, state: PrinterStatus, words: str
) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.state = state
        counter.printer.failing = NotSentError("away") if state == "offline" else None
        counter.link.answer(await counter.order(RICE))
        await counter.until(lambda: ("red", f"{words}. Slips waiting: 1") in banners(counter))
        await counter.scan(COLA, "OW-UNDO")
        assert ("red", f"{words}. Slips waiting: 1") in banners(counter)
        counter.printer.state, counter.printer.failing = "ready", None
        await counter.until(lambda: banners(counter) == [])
        await counter.until(lambda: len(counter.printer.slips) == 1)

    at_the_counter(folder, play)


def test_a_line_that_is_cut_stands_until_it_is_back(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        away = ("amber", "No connection: orders are kept here and go by themselves")
        counter.link.cut()
        assert away in banners(counter)
        counter.link.connect()
        assert banners(counter) == []

    at_the_counter(folder, play)


def test_a_hub_that_lets_the_machine_in_no_more_is_said_until_it_does(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        told = (
            "The hub does not let this machine in: orders are kept here and do not go out. "
            "Ask the distributor for a new enrolment slip and scan it"
        )
        out = ("red", told)
        counter.link.shut_out()
        assert banners(counter) == [out]
        assert counter.signals.beeps[-1] == "error"
        beeps = len(counter.signals.beeps)
        counter.link.cut()
        counter.link.shut_out()
        assert banners(counter) == [out]
        assert len(counter.signals.beeps) == beeps
        await counter.scan(RICE, "OW-SUBMIT")
        assert "does not go out: the hub does not let this machine in" in counter.screen.said
        assert counter.screen.now.startswith("Ask the distributor for a new enrolment slip")
        counter.link.connect()
        await counter.until(counter.link.orders)
        counter.link.answer(counter.link.orders()[0])
        assert banners(counter) == []
        assert counter.screen.said == "Order shop-1-00001 confirmed"

    at_the_counter(folder, play)


def test_what_the_hub_sets_again_without_a_change_is_not_answered_each_time(
    folder: Path, shop: Shop
) -> None:
    async def play(counter: Counter) -> None:
        for _ in range(8):
            counter.link.configure(shop.config)
            await counter.scan(RICE)
        assert len(counter.link.of_kind("status")) <= 2

    at_the_counter(folder, play)


def test_the_headline_follows_the_line_while_no_answer_is_there(folder: Path) -> None:
    async def run() -> None:
        async with running(folder) as counter:
            await counter.order(RICE)
            assert counter.screen.said == "Order shop-1-00001 stored"
            counter.link.cut()
            assert "goes out when the hub is reached" in counter.screen.said
            await counter.until(lambda: counter.printer.slips)
            counter.link.connect()
            assert "queued, not confirmed" in counter.screen.said

    asyncio.run(run())


def test_a_slip_that_follows_the_queued_one_says_that_it_takes_its_place(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, "OW-SUBMIT")
        await counter.until(lambda: counter.printer.slips and not counter.screen.slips_waiting)
        counter.link.connect()
        await counter.until(counter.link.orders)
        counter.link.answer(counter.link.orders()[0])
        await counter.until(lambda: len(counter.printer.slips) == 2)
        assert "takes the place of the QUEUED slip" in counter.printer.slips[1]
        counter.link.answer(await counter.order(COLA))
        await counter.until(lambda: len(counter.printer.slips) == 3)
        assert "QUEUED" not in counter.printer.slips[2]

    at_the_counter(folder, play, online=False)


def test_a_rejected_slip_has_no_total(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        counter.link.answer(await counter.order(RICE), status="rejected", reasons=BLOCKED)
        await counter.until(lambda: counter.printer.slips)
        slip = counter.printer.slips[0]
        assert "T O T A L" not in slip
        assert "Nothing is ordered, nothing is owed." in slip

    at_the_counter(folder, play)
