"""The whole flow without a screen: every code of the sheet at a counter on fakes."""

from pathlib import Path

import msgspec
import pytest

from broker.contract.asking import AccountStanding, NotDone
from broker.contract.ids import order_code, uuid7
from broker.contract.messages import Reason
from terminal.core.codes import PLAIN_COMMANDS, SHORT_CODES
from tests.fixtures.counters import Counter, FakeClock, at_the_counter
from tests.fixtures.shops import COLA, NOW_MS, RICE, TEA, Shop

STANDING = AccountStanding(
    currency="INR",
    scale=2,
    state="amount",
    limit=5_000_000,
    exposure=1_250_000,
    left=3_750_000,
    overdue=40_000,
    overdue_days=9,
    bills=3,
)


async def slips(counter: Counter, count: int) -> list[str]:
    """Wait for so many slips."""
    await counter.until(lambda: len(counter.printer.slips) >= count)
    return counter.printer.slips


def test_the_payment_that_is_scanned_is_on_screen_order_and_slip(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA)
        assert "Payment: on credit" in counter.terminal.screen.voice.text(
            "screen.payment", payment=counter.screen.payment
        )
        await counter.scan("OW-CASH")
        assert counter.screen.said == "Payment: cash on delivery"
        assert counter.screen.payment == "cash on delivery"
        counter.link.cut()
        await counter.scan("OW-SUBMIT")
        (slip,) = await slips(counter, 1)
        assert "Payment                         cash on delivery" in slip
        counter.link.connect()
        await counter.until(counter.link.orders)
        assert counter.link.orders()[0].data.payment == "cash"
        assert (await counter.order(RICE)).data.payment == "credit"

    at_the_counter(folder, play)


def test_the_hub_says_which_payments_are_taken_and_which_is_usual(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        taken = msgspec.structs.replace(shop.config, payments=["cash", "advance"])
        counter.link.configure(taken)
        await counter.scan(COLA, "OW-CREDIT")
        assert counter.screen.said == (
            "Payment on credit is not taken here, but: cash on delivery, in advance"
        )
        assert counter.signals.beeps[-1] == "error"
        order = await counter.order()
        assert order.data.payment == "cash"

    at_the_counter(folder, play)


def test_a_payment_that_the_hub_bars_meanwhile_is_refused_at_submit(
    folder: Path, shop: Shop
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-CREDIT")
        counter.link.configure(msgspec.structs.replace(shop.config, payments=["cash"]))
        await counter.scan("OW-SUBMIT")
        assert "is not taken here" in counter.screen.said
        assert counter.link.orders() == []
        order = await counter.order("OW-CASH")
        assert order.data.payment == "cash"

    at_the_counter(folder, play)


def test_digits_and_enter_make_a_quantity(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(COLA, "OW-1", "OW-2", "OW-ENTER")
        assert [line.qty for line in order.data.lines] == [12]

    at_the_counter(folder, play)


def test_a_product_after_remove_leaves_the_order(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-REMOVE")
        assert counter.screen.said == "The order has no line to remove"
        await counter.scan(COLA, RICE, "OW-REMOVE")
        assert counter.screen.said == "Now scan the product to remove"
        await counter.scan(COLA)
        assert [line.sku for line in counter.screen.lines] == ["RICE-5KG"]
        await counter.scan(COLA)
        assert [line.sku for line in counter.screen.lines] == ["RICE-5KG", "COLA-600"]

    at_the_counter(folder, play)


def test_a_misread_code_after_remove_leaves_the_product_after_it_to_go(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        counter.link.answer(order)
        await counter.scan(COLA, RICE, "OW-REMOVE", "12345")
        assert counter.screen.said.startswith("Not in the catalogue: 12345")
        await counter.scan(COLA)
        assert [line.sku for line in counter.screen.lines] == ["RICE-5KG"]
        await counter.scan("OW-REMOVE", order.data.number)
        assert counter.screen.said == "A copy of the slip is printed"
        await counter.scan(COLA)
        assert [line.sku for line in counter.screen.lines] == ["RICE-5KG", "COLA-600"]

    at_the_counter(folder, play)


def test_no_product_is_removed_while_digits_wait_for_enter(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-7", "OW-REMOVE")
        assert counter.screen.said.startswith("7 waits for ENTER")
        assert counter.signals.beeps[-1] == "error"
        await counter.scan("OW-ENTER")
        assert [line.quantity for line in counter.screen.lines] == [7]

    at_the_counter(folder, play)


def test_a_product_that_comes_long_after_remove_does_nothing(folder: Path) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-REMOVE")
        clock.mono += 60_000
        await counter.scan(COLA)
        assert counter.signals.beeps[-1] == "error"
        assert [(line.sku, line.quantity) for line in counter.screen.lines] == [("COLA-600", 1)]
        assert "REMOVE was long ago" in counter.screen.said

    at_the_counter(folder, play, clock=clock)


def test_the_balance_is_asked_of_the_hub_and_printed(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-BALANCE")
        await counter.until(counter.link.asked)
        (ask,) = counter.link.asked()
        assert ask.data.what == "account"
        counter.link.reply(ask, account=STANDING)
        assert counter.screen.said == "Credit left INR 37,500.00, owed 12,500.00"
        (slip,) = await slips(counter, 1)
        assert "Of it overdue                             400.00" in slip
        counter.link.reply(ask, account=STANDING)
        assert len(counter.printer.slips) == 1

    at_the_counter(folder, play)


@pytest.mark.parametrize("codes", [["OW-BALANCE"], ["OW-STOCK", COLA], ["OW-CANCEL-ORDER", "S-1"]])
def test_without_a_line_the_hub_is_not_asked_and_that_is_said_at_once(
    folder: Path, codes: list[str]
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.cut()
        await counter.scan(*codes)
        assert counter.screen.said.startswith("No connection to the hub, so it cannot be asked")
        assert counter.signals.beeps[-1] == "error"
        counter.link.connect()
        await counter.scan("OW-STATUS")
        await slips(counter, 1)
        assert counter.link.asked() == []

    at_the_counter(folder, play)


def test_a_question_is_given_up_with_the_line_and_after_a_while(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-BALANCE", "OW-BALANCE")
        assert counter.screen.said.startswith("The hub is being asked already")
        counter.link.cut()
        assert counter.screen.said.startswith("No connection to the hub")
        counter.link.connect()
        await counter.scan("OW-BALANCE")
        await counter.until(lambda: counter.screen.said == "The hub did not answer. Try again")
        late = counter.link.asked()[-1]
        counter.link.reply(late, account=STANDING)
        assert counter.screen.said == "The hub did not answer. Try again"
        assert counter.printer.slips == []

    at_the_counter(folder, play, queued_after_s=0.05)


def test_an_order_is_cancelled_by_the_number_on_its_slip(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(COLA)
        await counter.scan("OW-CANCEL-ORDER", order.data.number)
        assert "has no answer yet" in counter.screen.said
        counter.link.answer(order)
        await slips(counter, 1)
        await counter.scan("OW-CANCEL-ORDER", order.data.order)
        await counter.until(counter.link.asked)
        (ask,) = counter.link.asked()
        assert (ask.data.what, ask.data.order) == ("cancel", order.data.number)
        counter.link.reply(ask, order=order.data.number)
        assert counter.screen.said == "Order shop-1-00001 cancelled"
        counter.link.notify(order, "cancelled", 2, "cancelled at the counter")
        assert len(await slips(counter, 2)) == 2

    at_the_counter(folder, play)


def test_the_square_code_of_a_slip_finds_its_order_wherever_that_was_placed(
    folder: Path, shop: Shop
) -> None:
    """A notice that does not print by itself is what whoever asks for a copy gets."""

    async def play(counter: Counter) -> None:
        told = {"notices": "changes", "gstin": "29AAGCB7383J1Z4"}
        counter.link.configure(msgspec.structs.replace(shop.config, **told))
        order = await counter.order(COLA)
        counter.link.answer(order)
        code = order_code(shop.config.http, order.data.order)
        assert f"[qr: {code}]" in (await slips(counter, 1))[0]
        assert "GSTIN 29AAGCB7383J1Z4" in counter.printer.slips[0]
        counter.link.notify(order, "confirmed", 2, Reason(code="order_dispatched", text="sent"))
        await counter.scan(code.upper())
        copy = (await slips(counter, 2))[1]
        assert ("COPY 1" in copy, "revision 2" in copy, "COLA" in copy) == (True, True, True)
        elsewhere = uuid7(NOW_MS, b"elsewhere.")
        unpaid = Reason(code="cheque_returned", text="the bank returned cheque 77")
        counter.link.notify_of(elsewhere, "S-000007", "confirmed", 3, unpaid)
        await slips(counter, 3)
        await counter.scan("S-000007")
        assert "cheque 77" in (await slips(counter, 4))[3]
        await counter.scan("OW-CANCEL-ORDER", order_code(shop.config.http, elsewhere))
        await counter.until(counter.link.asked)
        assert counter.link.asked()[0].data.order == "S-000007"

    at_the_counter(folder, play)


@pytest.mark.parametrize(("terminal", "sound"), [("shop-1", "done"), ("shop-2", "error")])
def test_an_order_that_this_counter_cancelled_does_not_sound_as_a_fault(
    folder: Path, terminal: str, sound: str
) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(COLA)
        counter.link.answer(order)
        told = Reason(code="counter_cancelled", text="", params={"terminal": terminal})
        counter.link.notify(order, "cancelled", 2, told)
        assert counter.signals.beeps[-1] == sound
        assert counter.screen.said.startswith("Order shop-1-00001 cancelled")

    at_the_counter(folder, play)


def test_whether_an_order_was_cancelled_is_not_known_before_the_late_reply(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-CANCEL-ORDER", "S-000012")
        await counter.until(lambda: "S-000012 may be cancelled or not" in counter.screen.said)
        (late,) = counter.link.asked()
        why = NotDone(code="order_settled", text="The order is dispatched")
        counter.link.reply(late, refused=why)
        counter.link.reply(late, refused=why)
        assert counter.screen.said == "Order S-000012 is NOT cancelled: The order is dispatched"
        assert len(await slips(counter, 1)) == 1
        await counter.scan("OW-CANCEL-ORDER", "S-000012")
        await counter.until(lambda: len(counter.link.asked()) > 1)
        counter.link.cut()
        assert "S-000012 may be cancelled or not" in counter.screen.said

    at_the_counter(folder, play, queued_after_s=0.05)


def test_an_order_that_the_hub_does_not_cancel_is_told_on_paper_with_the_reason(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-CANCEL-ORDER", "S-000012")
        await counter.until(counter.link.asked)
        why = NotDone(code="order_settled", text="The order is dispatched")
        counter.link.reply(counter.link.asked()[0], refused=why)
        assert counter.screen.said == "Order S-000012 is NOT cancelled: The order is dispatched"
        (slip,) = await slips(counter, 1)
        assert "N O T   C A N C E L L E D" in slip
        assert "The order is dispatched" in slip

    at_the_counter(folder, play)


def test_a_price_is_said_and_printed_by_choice_and_orders_nothing(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-PRICE", COLA)
        assert counter.screen.said == (
            "Cola 600 ml: INR 38.10 a PCS, 40.01 with discounts and tax; 457.20 a CASE"
        )
        await counter.scan("OW-PRICE-SLIP", COLA, "OW-PRICE", TEA)
        assert counter.screen.said == "Assam tea 250 g has no price here: the hub decides"
        (slip,) = await slips(counter, 1)
        assert "1 CASE = 12                               457.20" in slip
        assert "With discounts and tax                     40.01" in slip
        assert counter.screen.lines == ()

    at_the_counter(folder, play)


def test_stock_is_the_hub_s_word_and_is_printed_as_not_reserved(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-STOCK", COLA)
        await counter.until(counter.link.asked)
        (ask,) = counter.link.asked()
        assert ask.data.sku == "COLA-600"
        counter.link.reply(ask, sku="COLA-600", available=36)
        assert counter.screen.said == "Cola 600 ml: 36 PCS available"
        (slip,) = await slips(counter, 1)
        assert "Not reserved: other orders may take it first." in slip

    at_the_counter(folder, play)


def test_open_and_last_orders_print_with_the_codes_that_act_on_them(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        done = await counter.order(COLA)
        counter.link.answer(done)
        delivered = [Reason(code="order_delivered", text="")]
        counter.link.notify(done, "confirmed", 2, "on the road")
        gone = await counter.order(COLA)
        counter.link.answer(gone, status="rejected", reasons=[Reason(code="x", text="no")])
        there = await counter.order(COLA)
        counter.link.answer(there, reasons=delivered)
        billed = Reason(code="order_billed_by", text="invoice 7")
        counter.link.notify(there, "confirmed", 2, billed)
        await counter.order(RICE)
        await slips(counter, 5)
        await counter.scan("OW-OPEN", "OW-LAST")
        opened, last = (await slips(counter, 7))[5:]
        assert "[barcode: shop-1-00001]" in opened
        assert "[barcode: shop-1-00004]" in opened
        assert "shop-1-00002" not in opened
        assert "shop-1-00003" not in opened
        assert last.index("shop-1-00004") < last.index("shop-1-00001")
        assert "REJECTED" in last

    at_the_counter(folder, play)


def test_the_last_order_is_repeated_and_sent_only_by_submit(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-REPEAT")
        assert counter.screen.said == "No order was sent from here yet"
        first = await counter.order(COLA, "OW-UNIT-CASE", "OW-QTY-2", RICE)
        await counter.scan("OW-REPEAT")
        assert counter.screen.said == "Order shop-1-00001 again, 2 lines: look, then SUBMIT"
        assert counter.link.orders() == [first]
        again = await counter.order()
        assert again.data.order != first.data.order
        assert [(line.sku, line.qty, line.unit) for line in again.data.lines] == [
            (line.sku, line.qty, line.unit) for line in first.data.lines
        ]

    at_the_counter(folder, play)


def test_what_is_nearly_earned_prints_when_it_is_asked_for(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-NEAR", COLA, "OW-QTY-8", "OW-NEAR")
        nothing, near = await slips(counter, 2)
        assert "Nothing is nearly earned" in nothing
        assert "Almost: " in near

    at_the_counter(folder, play)


def test_help_a_trial_and_the_sheet_print_by_their_codes(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-HELP", "OW-TEST", "OW-SHEET")
        told, trial, sheet = await slips(counter, 3)
        assert "CANCEL-ORDER - then a slip's number" in told
        assert "12345678901234567890123456789012\n" in trial
        assert "यह लाइन हिंदी है" in trial
        for command in PLAIN_COMMANDS:
            assert f"[barcode: OW-{SHORT_CODES.get(command, command)}]" in sheet
        assert "[barcode: OW-UNIT-CASE]" in sheet

    at_the_counter(folder, play)
