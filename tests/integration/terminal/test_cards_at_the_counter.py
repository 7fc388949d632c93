"""Operators' cards with their PINs, and customers' cards, at a counter on fakes."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
import pytest

from broker.contract.asking import NotDone
from broker.contract.cards import OperatorCard, ServedCustomer, cards_hash, pin_line
from broker.contract.facts import CreditFacts, CustomerFacts
from broker.contract.messages import ConfigData, OrderStatus, Reason
from tests.fixtures.counters import Counter, FakeClock, at_the_counter
from tests.fixtures.shops import COLA, NOW_MS, RICE, RULES, Shop, pack_of

ASHA: Final = OperatorCard(card="ASHA-1", name="Asha Rao", pin=pin_line("4711", bytes(16)))
RAVI: Final = OperatorCard(card="RAVI-2", name="Ravi Das", pin=pin_line("081500", bytes(16)))
VERMA: Final = CustomerFacts(
    id="C-18",
    name="Verma Stores",
    type="wholesaler",
    geo=["IN", "KA"],
    status="active",
    credit=CreditFacts(state="cash_only", limit=0, exposure=0, as_of=NOW_MS),
)
CHEAPER: Final = RULES.replace(
    "taxes:",
    "  - {id: PL-2, level: customer_type, when: {customer.type: wholesaler}, csv: wholesale.csv}\n"
    "taxes:",
)
MINUTE_MS: Final = 60_000


def of_the_van(shop: Shop, *, needed: bool = False) -> ConfigData:
    """Give the settings of a counter with two operators, which serves another shop as well."""
    served = ServedCustomer(facts=VERMA, payments=["cash", "advance"])
    return msgspec.structs.replace(
        shop.config, operators=[ASHA, RAVI], operator_needed=needed, customers=[served]
    )


async def slip(counter: Counter, count: int = 1) -> str:
    """Wait for so many slips; gives the newest."""
    await counter.until(lambda: len(counter.printer.slips) >= count)
    return counter.printer.slips[-1]


@pytest.mark.parametrize(
    "pin", [["4711"], ["OW-4", "OW-7", "OW-1", "OW-1", "OW-ENTER"]], ids=["typed", "from the sheet"]
)
def test_the_operator_who_signed_in_is_on_screen_order_and_slips(
    folder: Path, shop: Shop, pin: list[str]
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-OPERATOR-ASHA-1")
        assert counter.screen.said == "Asha Rao: enter the PIN, then ENTER"
        await counter.scan(*pin)
        assert counter.screen.said == "Asha Rao is signed in"
        assert counter.screen.operator == "Asha Rao (ASHA-1)"
        order = await counter.order(COLA)
        assert order.data.operator == "Asha Rao (ASHA-1)"
        counter.link.answer(order)
        assert "Ordered by Asha Rao (ASHA-1)" in await slip(counter)
        await counter.scan("OW-SIGN-OUT")
        assert counter.screen.operator == ""
        assert (await counter.order(COLA)).data.operator == ""

    at_the_counter(folder, play)


@pytest.mark.parametrize("codes", [["4711"], ["OW-4", "OW-7"]])
def test_a_pin_is_never_shown(folder: Path, shop: Shop, codes: list[str]) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-OPERATOR-ASHA-1", *codes)
        assert counter.screen.read == "****"
        assert "4" not in counter.screen.said

    at_the_counter(folder, play)


def test_where_an_operator_is_needed_nobody_else_sends_an_order(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop, needed=True))
        await counter.scan(COLA, "OW-SUBMIT")
        assert counter.screen.said == "Scan your card and enter your PIN, then SUBMIT again"
        assert counter.signals.beeps[-1] == "error"
        assert counter.link.orders() == []
        order = await counter.order("OW-OPERATOR-RAVI-2", "081500")
        assert [line.sku for line in order.data.lines] == ["COLA-600"]
        assert order.data.operator == "Ravi Das (RAVI-2)"

    at_the_counter(folder, play)


def test_three_wrong_pins_lock_the_card_also_without_a_line_and_over_restarts(
    folder: Path, shop: Shop
) -> None:
    clock = FakeClock(NOW_MS)

    async def tried(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        counter.link.cut()
        await counter.scan("OW-OPERATOR-ASHA-1", "1111")
        assert counter.screen.said == "That PIN is wrong. 2 more before the card is locked"
        await counter.scan("2222", "3333")
        assert counter.screen.said == (
            "The card of Asha Rao is locked for 15 minutes: the PIN was wrong 3 times"
        )
        await counter.scan("OW-OPERATOR-ASHA-1")
        assert "is locked for 15 minutes" in counter.screen.said
        await counter.scan("4711")
        assert counter.screen.operator == ""
        await counter.scan("OW-OPERATOR-RAVI-2", "081500")
        assert counter.screen.operator == "Ravi Das (RAVI-2)"
        counter.link.connect()
        assert (await counter.told("operator_locked"))["level"] == "warning"

    async def restarted(counter: Counter) -> None:
        await counter.scan("OW-OPERATOR-ASHA-1")
        assert "is locked for 10 minutes" in counter.screen.said

    async def over(counter: Counter) -> None:
        await counter.scan("OW-OPERATOR-ASHA-1", "1111")
        assert counter.screen.said == "That PIN is wrong. 2 more before the card is locked"
        await counter.scan("4711")
        assert counter.screen.operator == "Asha Rao (ASHA-1)"

    at_the_counter(folder, tried, clock=clock)
    # In another run of the machine it counts from that run's start: the clock helps nobody.
    other = replace(clock, boot="another run", mono=5 * MINUTE_MS, wall=NOW_MS + 90 * MINUTE_MS)
    at_the_counter(folder, restarted, clock=other, online=False)
    at_the_counter(folder, over, clock=replace(other, mono=16 * MINUTE_MS), online=False)


def test_a_wrong_pin_counts_when_the_machine_is_switched_off_before_the_next(
    folder: Path, shop: Shop
) -> None:
    async def wrong(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-OPERATOR-ASHA-1", "1111")

    async def third(counter: Counter) -> None:
        await counter.scan("OW-OPERATOR-ASHA-1", "4712")
        assert "is locked for 15 minutes" in counter.screen.said

    at_the_counter(folder, wrong)
    at_the_counter(folder, wrong)
    at_the_counter(folder, third)


def test_who_is_gone_or_taken_off_the_list_is_signed_out(folder: Path, shop: Shop) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-OPERATOR-ASHA-1", "4711")
        clock.mono += 11 * MINUTE_MS
        await counter.scan(COLA)
        assert counter.screen.operator == ""
        await counter.scan("OW-OPERATOR-ASHA-1", "4711")
        clock.mono += 11 * MINUTE_MS
        await counter.scan(COLA)  # an order is open: whoever made it may send it
        assert counter.screen.operator == "Asha Rao (ASHA-1)"
        without = msgspec.structs.replace(of_the_van(shop), operators=[RAVI])
        counter.link.configure(without)
        assert counter.screen.operator == ""
        await counter.scan("OW-OPERATOR-ASHA-1")
        assert counter.screen.said == "Card ASHA-1 is no operator's of this counter"

    at_the_counter(folder, play, clock=clock)


def test_a_new_pin_ends_a_lock_and_the_same_one_does_not(folder: Path, shop: Shop) -> None:
    new = OperatorCard(card="ASHA-1", name="Asha Rao", pin=pin_line("5822", bytes(range(16))))

    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-OPERATOR-ASHA-1", "1111", "2222", "3333")
        counter.link.configure(of_the_van(shop, needed=True))
        await counter.scan("OW-OPERATOR-ASHA-1")
        assert "is locked for 15 minutes" in counter.screen.said
        told = msgspec.structs.replace(of_the_van(shop), operators=[new, RAVI])
        counter.link.configure(told)
        await counter.scan("OW-OPERATOR-ASHA-1", "5822")
        assert counter.screen.operator == "Asha Rao (ASHA-1)"

    at_the_counter(folder, play)


def test_a_customers_card_that_was_left_without_a_line_ends_by_itself(
    folder: Path, shop: Shop
) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-CUSTOMER-C-18")
        clock.mono += 9 * MINUTE_MS
        counter.link.configure(of_the_van(shop, needed=True))
        assert counter.screen.customer == "Verma Stores"
        clock.mono += 2 * MINUTE_MS
        counter.link.configure(of_the_van(shop))
        assert counter.screen.customer == "Gupta Kirana"
        assert counter.screen.said == "The order is for Gupta Kirana (C-17)"
        await counter.scan("OW-CUSTOMER-C-18", COLA)
        clock.mono += 11 * MINUTE_MS
        assert (await counter.order()).data.customer == "C-18"  # an order is open: it stays

    at_the_counter(folder, play, clock=clock)


def test_a_pin_that_does_not_come_soon_is_an_ordinary_code(folder: Path, shop: Shop) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-OPERATOR-ASHA-1")
        clock.mono += MINUTE_MS
        await counter.scan("4711")
        assert counter.screen.said.startswith("Not in the catalogue")
        await counter.scan("OW-OPERATOR-ASHA-1", COLA, "4711")
        assert counter.screen.operator == ""
        assert [line.sku for line in counter.screen.lines] == ["COLA-600"]

    at_the_counter(folder, play, clock=clock)


def test_a_customers_card_makes_the_order_that_customers_with_its_prices_and_payments(
    tmp_path: Path, shop: Shop
) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "wholesale.csv").write_text("sku,price\nCOLA-600,30.00\n")
    van = Shop(pack_of(tmp_path / "pack", CHEAPER), shop.catalogue)
    van.settle(tmp_path / "counter")

    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(van))
        await counter.scan(COLA)
        assert counter.screen.payable == "40.01"
        await counter.scan("OW-CUSTOMER-C-18")
        assert counter.screen.said == "The order is for Verma Stores (C-18)"
        assert (counter.screen.customer, counter.screen.payable) == ("Verma Stores", "31.50")
        assert counter.screen.payment == "cash on delivery"
        await counter.scan("OW-UNDO")
        assert (counter.screen.customer, counter.screen.payable) == ("Gupta Kirana", "40.01")
        order = await counter.order("OW-CUSTOMER-c-18")
        assert (order.data.customer, order.data.payment) == ("C-18", "cash")
        assert order.data.quote is not None
        assert order.data.quote.payable == 3150
        counter.link.answer(order)
        assert "Verma Stores (C-18)" in await slip(counter)
        own = await counter.order(COLA)
        assert (own.data.customer, own.data.payment) == ("C-17", "credit")

    at_the_counter(tmp_path / "counter", play)


def test_the_card_of_another_shop_is_refused_and_changes_nothing(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan(RICE, "OW-CUSTOMER-C-99")
        assert counter.screen.said == (
            "This counter does not order for C-99: its card is not taken here"
        )
        assert counter.signals.beeps[-1] == "error"
        assert (await counter.order()).data.customer == "C-17"

    at_the_counter(folder, play)


def test_an_order_for_a_customer_taken_off_the_list_is_not_sent(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-CUSTOMER-C-18", COLA)
        counter.link.configure(shop.config)
        await counter.scan("OW-SUBMIT")
        assert "does not order for C-18" in counter.screen.said
        assert counter.link.orders() == []
        assert (await counter.order("OW-CUSTOMER-C-17")).data.customer == "C-17"

    at_the_counter(folder, play)


def test_the_customer_of_an_open_order_is_kept_over_a_restart(folder: Path, shop: Shop) -> None:
    async def begin(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-CUSTOMER-C-18", COLA)

    async def go_on(counter: Counter) -> None:
        assert counter.screen.customer == "Verma Stores"
        assert (await counter.order()).data.customer == "C-18"

    at_the_counter(folder, begin)
    at_the_counter(folder, go_on)


def test_the_balance_is_asked_for_whom_the_order_is(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-CUSTOMER-C-18", "OW-BALANCE")
        await counter.until(counter.link.asked)
        assert counter.link.asked()[0].data.customer == "C-18"

    at_the_counter(folder, play)


def test_the_terminal_says_by_hash_which_cards_it_knows(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        config = of_the_van(shop)
        wanted = cards_hash(config.operators, config.customers, needed=False)
        before = counter.status.get("cards")
        counter.link.configure(config)
        await counter.until(lambda: counter.status.get("cards") != before)
        assert counter.status.get("cards") == wanted

    at_the_counter(folder, play)


def test_a_copy_of_a_dispatched_order_has_its_lines(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(COLA, "OW-QTY-3")
        counter.link.answer(order)
        await slip(counter)
        counter.link.notify(order, "confirmed", 2, "On its way to you")
        notice = await slip(counter, 2)
        assert "Lines and sums: as on the slip before" in notice
        assert "COLA-600" not in notice
        await counter.scan(order.data.number)
        copy = await slip(counter, 3)
        assert "COPY 1" in copy
        assert "On its way to you" in copy
        assert "3 x COLA-600 of the hub" in copy
        assert "I N R" in copy  # the total, in big letters
        assert "as on the slip before" not in copy

    at_the_counter(folder, play)


def test_a_copy_of_an_order_that_came_in_part_has_its_lines_and_leaves_the_sum_to_the_invoice(
    folder: Path,
) -> None:
    fewer = Reason(code="order_delivered_part", text="2 of 3 came")

    async def play(counter: Counter) -> None:
        order = await counter.order(COLA, "OW-QTY-3")
        counter.link.answer(order)
        await slip(counter)
        counter.link.notify(order, "confirmed", 2, fewer)
        notice = " ".join((await slip(counter, 2)).split())
        assert "the invoice says what is owed" in notice
        assert "COLA-600" not in notice
        await counter.scan(order.data.number)
        copy = " ".join((await slip(counter, 3)).split())
        assert "3 x COLA-600 of the hub" in copy
        assert "the invoice says what is owed" in copy

    at_the_counter(folder, play)


def test_a_copy_of_a_cancelled_order_says_nothing_of_lines(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(COLA)
        counter.link.answer(order)
        await slip(counter)
        counter.link.notify(order, "cancelled", 2, "Cancelled by the shop")
        await slip(counter, 2)
        await counter.scan("OW-REPRINT")
        copy = await slip(counter, 3)
        assert "COPY 1" in copy
        assert "COLA-600" not in copy

    at_the_counter(folder, play)


@pytest.mark.parametrize("codes", [["4711"], ["OW-4", "OW-7", "OW-1", "OW-1", "OW-ENTER"]])
def test_the_pin_of_a_locked_card_is_neither_shown_nor_ordered(
    folder: Path, shop: Shop, codes: list[str]
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan(COLA, "OW-OPERATOR-ASHA-1", "1111", "2222", "3333")
        for code in codes:  # at once, and after the card was scanned once more
            await counter.scan(code)
            assert "is locked for 15 minutes" in counter.screen.said
            assert counter.screen.read in {"****", "OW-ENTER"}
        await counter.scan("OW-OPERATOR-ASHA-1", codes[0])
        assert "is locked for 15 minutes" in counter.screen.said
        assert counter.screen.operator == ""
        await counter.scan(RICE, "OW-3", "OW-ENTER")  # what follows a product is its quantity
        assert [line.quantity for line in counter.screen.lines] == [1, 3]

    at_the_counter(folder, play)


def test_repeat_gives_the_lines_of_the_customer_whose_order_it_is(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        await counter.scan("OW-CUSTOMER-C-18", "OW-REPEAT")
        assert counter.screen.said == "No order of Verma Stores (C-18) was sent from here yet"
        await counter.order(COLA)  # Verma's: the card was scanned
        await counter.scan("OW-REPEAT")
        assert counter.screen.said == "No order was sent from here yet"
        await counter.order(RICE)
        await counter.scan("OW-CUSTOMER-C-18", "OW-REPEAT")
        assert [line.sku for line in counter.screen.lines] == ["COLA-600"]
        assert counter.screen.customer == "Verma Stores"
        await counter.scan("OW-CANCEL", "OW-CANCEL", "OW-REPEAT")
        assert [line.sku for line in counter.screen.lines] == ["RICE-5KG"]
        assert counter.screen.customer == "Gupta Kirana"

    at_the_counter(folder, play)


@pytest.mark.parametrize("command", ["OW-LAST", "OW-OPEN"])
def test_a_list_says_whose_an_order_of_another_customer_is(
    folder: Path, shop: Shop, command: str
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        for codes in (["OW-CUSTOMER-C-18", COLA], [COLA]):
            counter.link.answer(await counter.order(*codes))
        await slip(counter, 2)
        await counter.scan(command)
        listed = await slip(counter, 3)
        assert listed.count("Verma Stores (C-18)") == 1
        assert listed.count("Gupta Kirana (C-17)") == 1  # the heading

    at_the_counter(folder, play)


def test_a_slip_that_an_order_is_not_cancelled_names_that_orders_customer(
    folder: Path, shop: Shop
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(of_the_van(shop))
        order = await counter.order("OW-CUSTOMER-C-18", COLA)
        counter.link.answer(order)
        await slip(counter)
        await counter.scan("OW-CANCEL-ORDER", order.data.number)
        await counter.until(counter.link.asked)
        refused = NotDone(code="too_late", text="It is on its way")
        counter.link.reply(counter.link.asked()[0], order=order.data.number, refused=refused)
        told = await slip(counter, 2)
        assert "It is on its way" in told
        assert "Verma Stores (C-18)" in told
        assert "Gupta Kirana" not in told

    at_the_counter(folder, play)


@pytest.mark.parametrize(("status", "sums"), [("rejected", 0), ("cancelled", 0), ("confirmed", 1)])
def test_a_list_says_no_sum_of_an_order_that_nobody_owes(
    folder: Path, status: OrderStatus, sums: int
) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(COLA, "OW-QTY-3")
        counter.link.answer(order, status=status)
        await slip(counter)
        await counter.scan("OW-LAST")
        assert (await slip(counter, 2)).count("30.00") == sums

    at_the_counter(folder, play)
