"""The sheet played at a whole site: real terminal, broker and hub, somebody else's printer."""

import contextlib
import io
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zxingcpp
from PIL import Image

from simulators.devices import SimulatedPrinter
from terminal.core.codes import PLAIN_COMMANDS, SHEET_QUANTITIES, SHORT_CODES
from terminal.core.layout import Row
from terminal.core.slip.frame import with_copy
from terminal.core.words import Voice
from terminal.devices.escpos import encode
from terminal.devices.profiles import PROFILES
from terminal.store.database import FILE
from tests.fixtures.counter_process import CounterProcess
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.printers import BARRIER, Emupos, codes_in, eventually
from tests.fixtures.shops import TERMINAL
from tests.fixtures.taps import Tap, tapped

pytestmark = [
    pytest.mark.needs("python3.13"),
    pytest.mark.needs("mosquitto"),
    pytest.mark.xdist_group("emupos"),
]


HAND_S = 0.4
SAID = (
    *(("TEA", "1 x Tea"), ("OW-1", "scan ENTER"), ("OW-2", "12"), ("OW-3", "123")),
    *(("OW-ENTER", "123 x Tea"), ("OW-4", "4"), ("OW-5", "45"), ("OW-6", "456")),
    *(("OW-ENTER", "456 x Tea"), ("OW-7", "7"), ("OW-8", "78"), ("OW-9", "789")),
    *(("OW-ENTER", "789 x Tea"), ("OW-2", "2"), ("OW-0", "20"), ("OW-ENTER", "20 x Tea")),
    *((f"OW-QTY-{count}", f"{count} x Tea") for count in SHEET_QUANTITIES),
    *(("OW-UNIT-PCS", "100 x Tea"), ("OW-QTY-2", "2 x Tea"), ("OW-UNIT-CASE", "2 CASE = 24")),
    *(("OW-UNIT-PCS", "2 x Tea"),),
    *(("OW-QTY-3", "3 x Tea"), ("OW-UNDO", "Taken back"), ("OW-BATCH", "names no batch")),
    *(("OW-CASH", "cash on delivery"), ("OW-CREDIT", "on credit"), ("OW-ADVANCE", "in advance")),
    *(("RICE", "1 x "), ("OW-REMOVE", "product to remove"), ("RICE", "Removed")),
    *(("OW-PRICE", "whose price"), ("TEA", "with discounts and tax"), ("OW-CASH", "cash")),
    *(("OW-SIGN-OUT", "Nobody is signed in"), ("OW-VOLUME", "Volume: loud")),
    *(("OW-WIFI", "square code of the Wi-Fi"), ("OW-UPDATE", "not updated from here")),
    ("OW-ENROL", "To enrol it anew"),
)
"""What the screen says to each code that prints nothing."""
PRINTED = (
    *(("OW-PRICE-SLIP", "TEA", "PRICE"), ("OW-STOCK", "TEA", "PCS")),
    *(("OW-NEAR", "", "NEARLYEARNED"), ("OW-BALANCE", "", "BALANCE"), ("OW-STATUS", "", "STATUS")),
    *(("OW-HELP", "", "HELP"), ("OW-TEST", "", "TEST"), ("OW-RULER", "", "RULER")),
    *(("OW-COLUMNS-48", "", "TEST"), ("OW-SUBMIT", "", "CONFIRMED"), ("OW-REPRINT", "", "COPY1")),
    *(("OW-OPEN", "", "OPENORDERS"), ("OW-LAST", "", "LASTORDERS")),
)
"""What stands on the slip of each code that prints one, with the code after it."""


def codes_on(picture: bytes) -> set[str]:
    """Read every code in a picture of a slip."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return {one.text for one in found}


class Counter:
    """A counter at the hub, its paper read back as text and picture.

    A printer of ours gets the same bytes, and has to print the same.
    """

    def __init__(
        self, process: CounterProcess, emupos: Emupos, tap: Tap, ours: SimulatedPrinter
    ) -> None:
        self._process = process
        self._emupos = emupos
        self._tap = tap
        self._ours = ours
        self._slips = 0
        self._seen = len(emupos.receipts())
        self._pulled, self._due_s = "", 0.0

    def scan(self, *codes: str) -> None:
        """Scan codes."""
        self._process.scan(*codes)

    def pull(self, code: str) -> None:
        """Read a code with the other device, and wait until it was dealt with.

        The same one again is pulled as a hand does it: a faster one is one symbol read twice.
        """
        if code == self._pulled:
            eventually(lambda: time.monotonic() > self._due_s, "the hand is back")
        told = self._process.state()["told"]
        self._emupos.scan(code)
        eventually(lambda: self._process.state()["told"] > told, f"{code} was taken")
        self._pulled, self._due_s = code, time.monotonic() + HAND_S

    def says(self, text: str) -> None:
        """Wait until the screen says something."""
        eventually(lambda: text in self._process.state()["said"], f"the screen says {text!r}")

    def notes(self) -> list[str]:
        """Read what the screen says beside the lines."""
        notes: list[str] = self._process.state()["notes"]
        return notes

    def slip(self) -> tuple[str, bytes]:
        """Wait for the next slip; gives its text and its picture, which ours agrees with."""
        self._seen += 1
        eventually(lambda: len(self._emupos.receipts()) >= self._seen, "a slip")
        receipt = self._emupos.receipts()[-self._seen]
        text = self._emupos.ask("GET", f"receipts/{receipt}/text").decode()
        picture = self._emupos.ask("GET", f"receipts/{receipt}/image")
        self._slips += 1
        ours = self._ours.wait_for_slips(self._slips)[-1]
        assert ours.text == text
        assert codes_on(ours.png()) == codes_on(picture)
        return text, picture

    def unprinted(self) -> list[str]:
        """Name the slips that the records have and whose very bytes did not go to the printer."""
        records = sqlite3.connect(self._process.data / FILE)
        with contextlib.closing(records):
            slips = records.execute("SELECT kind, copy, body FROM slips ORDER BY id").fetchall()
        heard = _without_questions(self._tap.heard)
        jobs = [
            (kind, b"".join(encode(_copied(body, copy), PROFILES["80mm"])))
            for kind, copy, body in slips
        ]
        return [kind for kind, job in jobs if _without_questions(job) not in heard]


def _without_questions(stream: bytes | bytearray) -> bytes:
    """Leave out what is asked between the pieces of a long slip."""
    return bytes(stream).replace(BARRIER, b"")


def _copied(body: bytes, copy: int) -> tuple[Row, ...]:
    return with_copy(msgspec.json.decode(body, type=tuple[Row, ...]), copy, Voice())


@pytest.fixture
def counter(
    tmp_path: Path,
    hub_process: HubProcess,
    emupos: Emupos,
    tcp_printer: SimulatedPrinter,
    request: pytest.FixtureRequest,
) -> Iterator[Counter]:
    """Give a counter that has its catalogue and prices from the hub; codes are typed, or read."""
    enrolled = (hub_process.folder / "files" / "terminals" / f"{TERMINAL}.toml").read_text()
    assert tcp_printer.address is not None
    with tapped(emupos.address, tcp_printer.address) as tap:
        host, port = tap.address
        process = CounterProcess(tmp_path, printer_port=port)
        process.config.write_text(
            f'data = "{process.data}"\nqueued_after_s = 30.0\nheartbeat_s = 1.0\n{enrolled}\n'
            f'[printer]\nkind = "tcp"\nhost = "{host}"\nport = {port}\n'
            f"[page]\nport = {process.page}\n"
        )
        if getattr(request, "param", "typed") == "read":
            process.is_typed = False
            scanner = f'[scanner]\nkind = "serial"\npath = "{emupos.scanner}"\n'
            process.config.write_text(process.config.read_text() + scanner)
        process.start()
        try:
            eventually(lambda: bool(process.state()["pack"]), "the pack of the hub", within_s=60)
            yield Counter(process, emupos, tap, tcp_printer)
        finally:
            process.close()


def test_a_shop_without_a_screen_orders_asks_and_cancels_by_the_sheet(
    counter: Counter, hub_process: HubProcess
) -> None:
    counter.scan("OW-SHEET")
    sheet, picture = counter.slip()
    printed = codes_on(picture)
    for command in PLAIN_COMMANDS:
        assert f"OW-{SHORT_CODES.get(command, command)}" in printed
    assert "PAYMENT" in sheet

    counter.scan("TEA", "OW-1", "OW-2", "OW-ENTER", "RICE", "OW-REMOVE", "RICE", "OW-CASH")
    counter.says("Payment: cash on delivery")
    counter.scan("OW-SUBMIT")
    confirmed, picture = counter.slip()
    assert "cash on delivery" in confirmed
    assert "12 x Tea" in confirmed
    number = codes_in(picture)["Code 128"]

    counter.scan("OW-BALANCE")
    balance, _ = counter.slip()
    assert "900.00" in balance  # of a limit of 1,000.00, 100.00 is owed from before

    counter.scan("OW-STOCK", "TEA")
    stock, _ = counter.slip()
    assert "98 PCS" in stock

    counter.scan("OW-CANCEL-ORD", number)
    cancelled, _ = counter.slip()
    assert "cancelled at the counter shop-1" in cancelled
    (listed,) = map(json.loads, hub_process.command("orders", "--json").stdout.splitlines())
    assert (listed["number"], listed["status"]) == (number, "cancelled")

    counter.scan("OW-REPEAT")
    counter.says("Order shop-1-00001 again, 1 lines")
    counter.scan("OW-CREDIT", "OW-SUBMIT")
    held, _ = counter.slip()
    assert "HELD" in held.replace(" ", "")
    counter.scan("OW-OPEN")
    opened, _ = counter.slip()
    assert "shop-1-00002" in opened
    assert "shop-1-00001" not in opened


@pytest.mark.parametrize("counter", ["read"], indirect=True)
def test_every_command_of_the_sheet_is_played_with_somebody_else_s_scanner_and_printer(
    counter: Counter,
) -> None:
    """What stands on the printed sheet is what is scanned: the codes are read off its picture."""
    counter.pull("OW-SHEET")
    _, picture = counter.slip()
    printed = codes_on(picture)

    for code, said in SAID:
        counter.pull(code)
        counter.says(said)
    for code, then, word in PRINTED:
        counter.pull(code)
        if then:
            counter.pull(then)
        text, picture = counter.slip()
        assert word in text.replace(" ", ""), code
        if code == "OW-SUBMIT":
            number = codes_in(picture)["Code 128"]
    counter.pull("OW-REPEAT")
    counter.says("again, 1 lines")
    counter.pull("OW-CANCEL")
    counter.pull("OW-CANCEL")
    counter.says("thrown away")
    counter.pull("OW-CANCEL-ORD")
    counter.pull(number)
    cancelled, _ = counter.slip()
    assert "CANCELLED" in cancelled.replace(" ", "")

    played = {one for pair in (*SAID, *PRINTED) for one in pair[:2]}
    played |= {"OW-SHEET", "OW-REPEAT", "OW-CANCEL", "OW-CANCEL-ORD"}
    assert {f"OW-{SHORT_CODES.get(one, one)}" for one in PLAIN_COMMANDS} <= printed
    assert printed - played == set()
    assert counter.unprinted() == []


def test_another_payment_than_the_hub_allows_is_refused_at_the_counter(
    counter: Counter, hub_process: HubProcess
) -> None:
    password = "a long and good one\n"
    added = ("user", "add", "sunil", "--role", "manager", "--password-stdin")
    assert hub_process.command(*added, typed=password).returncode == 0
    done = hub_process.command(
        *("terminal", "counter", TERMINAL, "--payments", "cash,advance"),
        *("--by", "sunil", "--password-stdin"),
        typed=password,
    )
    assert done.returncode == 0, done.stderr
    counter.scan("TEA")
    counter.says("1 x Tea")
    eventually(
        lambda: "Payment: cash on delivery" in counter.notes(), "the usual payment of the hub"
    )
    counter.scan("OW-CREDIT")
    counter.says("Payment on credit is not taken here, but: cash on delivery, in advance")
