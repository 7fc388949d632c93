"""The firmware at a real hub and a real broker, from the claim to the slip.

Boards share a hub, each as a terminal of its own; a hub that ends or is changed is a test's own.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.link import BrokerAddress
from simulators.devices import Fault
from tests.builders.hub_commands import run_hub
from tests.builders.many_products import gtin_of, sell_more
from tests.fixtures.brokers import Cable
from tests.fixtures.firmware import FirmwareCounter
from tests.fixtures.hub_process import HubProcess, running_hub, write_distributor

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("mosquitto")]


TERMINALS = [f"shop-{number}" for number in range(11, 31)]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[HubProcess]:
    """Run a hub for all boards."""
    folder = tmp_path_factory.mktemp("hub")
    with running_hub(folder, sqlite_template, terminals=TERMINALS) as process:
        yield process


@pytest.fixture(scope="module")
def free() -> Iterator[str]:
    """Give the terminals of the hub that no board was yet."""
    return iter(TERMINALS)


@pytest.fixture
def hub_cable(hub: HubProcess) -> Iterator[Cable]:
    """Put a cable that can be cut before the broker of the boards' hub."""
    laid = Cable(BrokerAddress("127.0.0.1", hub.port))
    yield laid
    laid.close()


@pytest.fixture
def own_cable(hub_process: HubProcess) -> Iterator[Cable]:
    """Put a cable that can be cut before the broker of a test's own hub."""
    laid = Cable(BrokerAddress("127.0.0.1", hub_process.port))
    yield laid
    laid.close()


def enrolled(
    counter: FirmwareCounter, hub: HubProcess, port: int, terminal: str = "shop-2"
) -> FirmwareCounter:
    """Enrol a board at the hub, and wait for its catalogue and prices."""
    counter.start()
    counter.enrol(hub.folder / "files" / "terminals" / f"{terminal}.toml", port=port)
    counter.wait_for("catalogue catalogue")
    counter.wait_for("catalogue pack")
    return counter


@pytest.fixture
def counter(
    firmware_counter: FirmwareCounter, hub: HubProcess, hub_cable: Cable, free: Iterator[str]
) -> FirmwareCounter:
    """Give a board that is ready, behind the cable, as a terminal that no other board was."""
    return enrolled(firmware_counter, hub, hub_cable.address.port, next(free))


@pytest.fixture
def large_hub(tmp_path: Path) -> Iterator[HubProcess]:
    """Run a hub that sells 1,200 products more."""
    hub = HubProcess(tmp_path / "large")
    shop = sell_more(write_distributor(tmp_path / "many"), count=1_200)
    done = run_hub(hub.folder / "files", "load", str(shop), "--broker-port", str(hub.port))
    assert done.returncode == 0, done.stderr
    hub.start()
    yield hub
    hub.clean_up()


def test_an_order_is_scanned_answered_and_printed(
    firmware_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    counter = enrolled(firmware_counter, hub_process, hub_process.port)
    number = counter.order("TEA", "OW-QTY-3", "RICE", "QTY-10", "RICE")

    (slip,) = counter.printer.wait_for_slips(1)

    assert "ok 3 x Tea" in counter.said
    assert "ok 11 x Rice" in counter.said
    for words in ("CONFIRMED", number, "300.00", "Honey", "FREE", "Second Shop (C2)", "T-EARLY"):
        assert words in slip.text, words


def test_a_line_goes_digits_count_and_what_is_not_done_here_is_said(
    counter: FirmwareCounter,
) -> None:
    counter.scan("TEA", "OW-REMOVE", "12345", "TEA", "OW-NEAR")
    counter.wait_for("error this terminal does not do OW-NEAR")

    counter.order("RICE", "OW-1", "OW-2", "OW-ENTER")

    (slip,) = counter.printer.wait_for_slips(1)
    assert "ok removed: 1 x Tea" in counter.said
    assert "12 x Rice" in slip.text
    assert "Tea" not in slip.text


def test_stock_account_price_and_the_last_orders_print_and_an_order_comes_again(
    counter: FirmwareCounter,
) -> None:
    number = counter.order("TEA", "OW-QTY-3", "RICE")
    counter.printer.wait_for_slips(1)

    for at, codes in enumerate((["STOCK", "TEA"], ["BALANCE"], ["PRICE", "TEA"], ["LAST"]), 2):
        counter.scan(*(f"OW-{code}" if code != "TEA" else code for code in codes))
        counter.printer.wait_for_slips(at)
    counter.order("OW-REPEAT")
    *_, stock, account, price, last, again = (
        slip.text for slip in counter.printer.wait_for_slips(6)
    )

    for words in ("STOCK", "Tea", "100.00", "Available now", "CASE = 12"):
        assert words in stock, words
    assert "BALANCE" in account
    assert "Owed" in account
    assert "1,200.00" in price
    for words in ("LAST ORDERS", number, "CONFIRMED"):
        assert words in last, words
    assert "3 x Tea" in again
    assert "1 x Rice" in again


def test_the_hub_sells_the_batch_that_is_asked_for_or_says_why_not(
    counter: FirmwareCounter,
) -> None:
    counter.order("TEA", "OW-BATCH-T-LATE")

    (slip,) = counter.printer.wait_for_slips(1)

    assert "ok 1 x Tea, batch T-LATE" in counter.said
    assert "T-LATE" in slip.text


def test_an_unusual_quantity_counts_when_the_same_code_comes_again(
    counter: FirmwareCounter,
) -> None:
    counter.scan("SOAP", "OW-QTY-1500", "OW-STATUS", "OW-QTY-1500")
    counter.wait_for("error 1500 of Soap? more than 1000: scan it once more if it is meant")

    counter.order("OW-QTY-1500", "OW-QTY-1600")

    (*_, slip) = counter.printer.wait_for_slips(2)
    assert counter.said.count("ok 1500 x Soap") == 1
    assert "1600 x Soap" in slip.text


def test_the_hub_says_how_orders_are_paid_and_what_is_asked_for_once_more(
    firmware_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    password = "a long and good one\n"
    added = ("user", "add", "sunil", "--role", "manager", "--password-stdin")
    assert hub_process.command(*added, typed=password).returncode == 0
    told = hub_process.command(
        *("terminal", "counter", "shop-2", "--payments", "cash,advance"),
        *("--ask-quantity", "20", "--ask-amount", "2500"),
        *("--by", "sunil", "--password-stdin"),
        typed=password,
    )
    assert told.returncode == 0, told.stderr
    counter = enrolled(firmware_counter, hub_process, hub_process.port)

    counter.scan("OW-CREDIT", "TEA", "OW-QTY-21", "OW-QTY-21", "OW-QTY-30")
    counter.wait_for("error the order comes to 3,000.00? more than 2,500.00")
    counter.scan("OW-ADVANCE", "OW-SUBMIT")
    counter.wait_for("error not sent: the order comes to 3,000.00? more than 2,500.00")
    counter.order()
    counter.order("TEA")

    paid = [slip.text for slip in counter.printer.wait_for_slips(2)]
    assert "error credit is not taken here, but cash, advance" in counter.said
    assert "error 21 of Tea? more than 20: scan it once more if it is meant" in counter.said
    assert "ok 21 x Tea" in counter.said
    assert "in advance" in paid[0]
    assert "cash on delivery" in paid[1]


def test_an_order_is_cancelled_by_the_number_on_its_slip_and_another_s_is_not(
    counter: FirmwareCounter,
) -> None:
    number = counter.order("TEA")
    counter.printer.wait_for_slips(1)

    counter.scan("OW-CANCEL-ORDER", number)
    counter.wait_for(f"done {number} is cancelled")
    cancelled = counter.printer.wait_for_slips(2)[1]
    counter.scan("OW-CANCEL-ORD", "shop-1-00001")
    refused = counter.printer.wait_for_slips(3)[2]

    assert "CANCELLED" in cancelled.text
    assert number in cancelled.text
    assert "NOT CANCELLED" in refused.text
    assert "shop-1-00001" in refused.text
    assert refused.text.count("CONFIRMED") == 0


def test_without_a_line_the_slip_says_queued_and_the_answer_prints_by_itself(
    counter: FirmwareCounter, hub_cable: Cable
) -> None:
    hub_cable.cut()
    counter.wait_for("link offline")
    number = counter.order("TEA", "OW-UNIT-CASE", "OIL")
    (queued,) = counter.printer.wait_for_slips(1)

    hub_cable.restore()
    _, answer = counter.printer.wait_for_slips(2, timeout_s=30)

    for words in ("QUEUED", number, "1 CASE = 12 x Tea", "1,200.00", "no price"):
        assert words in queued.text, words
    for words in ("HELD", number, "takes the place of the QUEUED slip", "Not in the total: 1 line"):
        assert words in answer.text, words


def test_a_power_cut_keeps_the_open_order_and_the_settings(counter: FirmwareCounter) -> None:
    counter.scan("TEA", "OW-QTY-7", "SOAP")
    counter.wait_for("ok 1 x Soap")

    counter.kill()
    counter.start()
    counter.wait_for("ok started again: the order has 2 lines")
    counter.order("OW-UNDO")
    (slip,) = counter.printer.wait_for_slips(1)

    assert "7 x Tea" in slip.text
    assert "Soap" not in slip.text


def test_an_order_stored_just_before_a_power_cut_is_sent_after_it(
    counter: FirmwareCounter, hub_cable: Cable
) -> None:
    hub_cable.cut()
    counter.wait_for("link offline")
    number = counter.order("TEA")
    counter.kill()
    hub_cable.restore()

    counter.start()
    slips = counter.printer.wait_for_slips(1, timeout_s=30)
    counter.wait_for(f"answer {number} confirmed")

    assert number in slips[-1].text


def test_a_copy_says_so_and_the_number_on_a_slip_brings_one_too(
    counter: FirmwareCounter,
) -> None:
    number = counter.order("TEA")
    counter.printer.wait_for_slips(1)

    counter.scan("OW-REPRINT")
    counter.printer.wait_for_slips(2)
    counter.scan(number)
    *_, second = counter.printer.wait_for_slips(3)

    assert second.text.count("COPY 2") == 2
    assert "CONFIRMED" in second.text


def test_a_cancelled_order_prints_a_notice(
    firmware_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    counter = enrolled(firmware_counter, hub_process, hub_process.port)
    number = counter.order("TEA")
    counter.printer.wait_for_slips(1)

    added = ("user", "add", "sunil", "--role", "sales", "--password-stdin")
    hub_process.command(*added, typed="a long password\n")
    proof = ("--by", "sunil", "--password-stdin", "--reason", "the shop asked")

    done = hub_process.command("order", "cancel", number, *proof, typed="a long password\n")
    assert done.returncode == 0, done.stderr
    _, notice = counter.printer.wait_for_slips(2, timeout_s=30)

    assert "NOTICE" in notice.text
    assert "CANCELLED" in notice.text


def test_a_printer_without_paper_keeps_the_slip_and_prints_it_once(
    counter: FirmwareCounter,
) -> None:
    counter.printer.fail(Fault.PAPER_OUT)
    number = counter.order("TEA")
    counter.wait_for(f"answer {number}")

    counter.printer.repair(Fault.PAPER_OUT)
    (slip,) = counter.printer.wait_for_slips(1, timeout_s=30)
    counter.scan("OW-STATUS")
    _, status = counter.printer.wait_for_slips(2, timeout_s=30)

    assert "CONFIRMED" in slip.text
    assert "STATUS" in status.text
    assert "link: online" in status.text
    assert "printer: ready" in status.text


def test_a_killed_hub_gets_its_orders_when_it_is_back(
    firmware_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    counter = enrolled(firmware_counter, hub_process, hub_process.port)
    hub_process.kill()
    number = counter.order("SOAP")
    counter.printer.wait_for_slips(1)

    hub_process.start()
    counter.wait_for(f"answer {number} confirmed")

    assert hub_process.command("audit").returncode == 0


def test_it_throws_an_order_away_only_when_asked_twice(
    counter: FirmwareCounter, hub: HubProcess
) -> None:
    before = hub.command("orders").stdout

    counter.scan("TEA", "OW-CANCEL", "OW-CANCEL", "OW-SUBMIT")

    counter.wait_for("done the order was thrown away")
    counter.wait_for("error there is nothing to submit")
    assert counter.printer.slips() == ()
    assert hub.command("orders").stdout == before


def test_what_is_no_claim_is_said_and_the_next_one_taken(
    firmware_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    firmware_counter.start()
    firmware_counter.wait_for("error not enrolled")
    firmware_counter.scan("8901234567890", '{"id":"shop-2"}', '{"id":1', "[]")
    firmware_counter.wait_for("error this is no claim: settings: password, host is missing")

    claim = hub_process.folder / "files" / "terminals" / "shop-2.toml"
    firmware_counter.enrol(claim, port=hub_process.port)

    firmware_counter.wait_for("link online")
    firmware_counter.wait_for("catalogue pack")
    number = firmware_counter.order("TEA")
    firmware_counter.wait_for(f"answer {number} confirmed")

    assert number in hub_process.command("orders").stdout


def test_a_new_claim_of_the_same_terminal_moves_it_to_another_broker_and_loses_nothing(
    firmware_counter: FirmwareCounter, hub_process: HubProcess, own_cable: Cable
) -> None:
    counter = enrolled(firmware_counter, hub_process, own_cable.address.port)
    claim = json.loads(counter.claim(hub_process.folder / "files" / "terminals" / "shop-2.toml"))
    own_cable.cut()
    counter.wait_for("link offline")
    number = counter.order("TEA")

    counter.scan(json.dumps({**claim, "id": "shop-1", "port": hub_process.port}))
    counter.wait_for("error this is shop-2, and the claim another's")
    counter.scan(json.dumps({**claim, "port": hub_process.port}))

    counter.wait_for("done enrolled as shop-2: from the next connection on")
    counter.wait_for(f"answer {number} confirmed")
    there = map(json.loads, hub_process.command("orders", "--json").stdout.splitlines())
    assert [one["number"] for one in there] == [number]


def test_a_catalogue_larger_than_the_flash_is_a_list_and_the_rest_goes_by_bar_code(
    firmware_counter: FirmwareCounter, large_hub: HubProcess
) -> None:
    firmware_counter.blocks = 100
    counter = enrolled(firmware_counter, large_hub, large_hub.port)
    counter.scan(gtin_of(0), "SUGAR")
    counter.wait_for("error not in the catalogue: SUGAR")

    counter.order(gtin_of(1_199), "OW-QTY-2")
    (slip,) = counter.printer.wait_for_slips(1)
    counter.scan("OW-STATUS")
    *_, status = counter.printer.wait_for_slips(2)

    assert "ok 1 x Biscuits 0000 of a long name" in counter.said
    assert "ok 2 x not on this list" in counter.said
    for words in ("CONFIRMED", "1 x Biscuits 0000", "2 x Biscuits 1199", "25.00"):
        assert words in slip.text, words
    assert "the rest by bar code" in " ".join(status.text.split())
    assert large_hub.command("audit").returncode == 0


def test_the_audit_of_its_flash_tells_its_orders_as_the_hub_has_them(
    firmware_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    counter = enrolled(firmware_counter, hub_process, hub_process.port)
    numbers = [counter.order("TEA"), counter.order("RICE")]
    counter.wait(lambda: counter.answered() == 2, "both answers")
    counter.kill()

    told = counter.audit()

    there = map(json.loads, hub_process.command("orders", "--json").stdout.splitlines())
    assert sorted(one["order"] for one in told["orders"]) == sorted(one["order"] for one in there)
    assert [one["number"] for one in told["orders"]] == numbers
    assert {one["status"] for one in told["orders"]} == {"confirmed"}
    assert (told["last"], told["forgotten"], told["faults"]) == (2, 0, [])
