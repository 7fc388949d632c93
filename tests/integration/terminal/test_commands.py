"""The commands as people run them, and what the daemon carries in memory."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from simulators.devices import (
    NobodyReadsError,
    PrinterProfile,
    SimulatedPrinter,
    SimulatedScanner,
)
from terminal.core.codes import PLAIN_COMMANDS, SHEET_QUANTITIES
from terminal.core.scanner import TEST_CODE
from tests.builders.terminal_commands import run_terminal
from tests.fixtures.counter_process import ROOT, CounterProcess
from tests.fixtures.printers import codes_in, eventually
from tests.fixtures.shops import COLA, RICE, Shop

FORBIDDEN = (
    "fastapi",
    "pydantic",
    "sqlmodel",
    "yaml",
    "rule_engine",
    "sqlalchemy",
    "escpos",
    "PIL",
    "email",
    "http",
    "tempfile",
    "shutil",
    "lzma",
)


def command(process: CounterProcess, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the daemon's settings."""
    name, *rest = arguments
    return run_terminal(name, "--config", str(process.config), *rest)


def command_alone(process: CounterProcess, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the daemon's settings in a process of its own, with this environment."""
    name, *rest = arguments
    return subprocess.run(
        [sys.executable, "-m", "terminal", name, "--config", str(process.config), *rest],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_audit_beside_the_running_terminal_lists_every_order(
    counter_process: CounterProcess,
) -> None:
    counter_process.start()
    counter_process.scan(COLA, "SUBMIT", RICE, "SUBMIT")
    counter_process.until("two orders", queued=2)

    done = command(counter_process, "audit", "--json")

    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["sound"]
    assert [(order["seq"], order["state"]) for order in report["records"]] == [
        (1, "queued"),
        (2, "queued"),
    ]


def test_an_audit_without_records_says_so(tmp_path: Path) -> None:
    done = command(CounterProcess(tmp_path), "audit")

    assert done.returncode == 1
    assert "no records" in done.stderr


def test_the_settings_are_shown_with_their_sources_and_without_the_password(
    counter_process: CounterProcess,
) -> None:
    done = command(counter_process, "config")

    assert "queued_after_s = 0.05  (counter.toml)" in done.stdout
    assert "password = (set)" in done.stdout
    assert "secret of" not in done.stdout


def test_a_second_terminal_on_the_same_folder_is_refused(counter_process: CounterProcess) -> None:
    counter_process.start()

    done = command_alone(counter_process, "run")  # it would not end if it were not refused

    assert done.returncode == 1
    assert "another terminal runs on" in done.stderr


def test_an_unknown_printer_profile_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    process = CounterProcess(tmp_path)
    process.config.write_text(process.config.read_text() + '[printer]\nprofile = "90mm"\n')

    done = command(process, "config")

    assert done.returncode == 1
    assert "58mm" in done.stderr


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--page", "99999"], "page.port: 99999 is not from 0 to 65535"),
        (["--profile", "90mm"], "'90mm' is not one of 20-columns, 58mm"),
        (["--scanner", "tcp:10.0.0.1:70000"], "scanner.port: 70000 is not from 0 to 65535"),
    ],
)
def test_a_setup_that_cannot_be_is_refused_in_one_line_and_leaves_no_settings(
    tmp_path: Path, given: list[str], told: str
) -> None:
    config = tmp_path / "counter.toml"

    done = run_terminal("setup", "--config", str(config), "--printer", "none", *given)

    (line,) = done.stderr.splitlines()
    assert (done.returncode, told in line) == (1, True)
    assert not config.exists()


def test_a_slip_in_a_file_that_is_no_text_is_refused_by_the_name_of_the_file(
    tmp_path: Path,
) -> None:
    slip = tmp_path / "slip"
    slip.write_bytes(b"\xff\xfe\x00")
    config = str(tmp_path / "counter.toml")

    done = run_terminal("setup", "--config", config, "--claim-file", str(slip), "--page", "0")

    told = f"the enrolment slip cannot be read: {slip}: it is no text"
    assert (done.returncode, done.stderr.splitlines()) == (1, [told])


def test_a_reader_that_has_read_enough_is_no_fault(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "terminal", "config", "--config"]
    config = CounterProcess(tmp_path).config
    with subprocess.Popen(
        [*words, str(config)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        told = command.stderr.read()

    assert (command.returncode, told) == (0, b"")


def test_the_command_sheet_prints_and_its_codes_can_be_scanned(
    tmp_path: Path, tcp_printer: SimulatedPrinter
) -> None:
    assert tcp_printer.address is not None
    process = CounterProcess(tmp_path, printer_port=tcp_printer.address[1])

    done = command(process, "print-sheet")
    (slip,) = tcp_printer.wait_for_slips(1)

    assert done.returncode == 0
    assert codes_in(slip.png())["Code 128"].startswith("OW-")
    codes = len(PLAIN_COMMANDS) + len(SHEET_QUANTITIES) + len("0123456789")
    assert slip.text.count("[barcode CODE128 OW-") == codes
    assert "SUBMIT" in command(process, "print-sheet", "--text").stdout


def test_the_sheet_has_a_barcode_for_every_pack_that_products_come_in(
    counter_process: CounterProcess,
) -> None:
    sheet = command(counter_process, "print-sheet", "--text").stdout

    assert "[barcode: OW-UNIT-CASE]" in sheet


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["audit", "--help"]])
def test_help_carries_an_example(arguments: list[str]) -> None:
    done = run_terminal(*arguments)

    assert done.returncode == 0
    assert "./orderwire terminal" in done.stdout


def test_after_a_printed_order_the_daemon_carries_no_library_it_must_not(
    tmp_path: Path, shop: Shop, tcp_printer: SimulatedPrinter
) -> None:
    assert tcp_printer.address is not None
    process = CounterProcess(tmp_path, printer_port=tcp_printer.address[1])
    shop.settle(process.data)
    script = tmp_path / "run_and_tell.py"
    told = tmp_path / "modules.json"
    script.write_text(
        "import atexit, json, sys\n"
        f"atexit.register(lambda: open({str(told)!r}, 'w').write(json.dumps(list(sys.modules))))\n"
        f"sys.argv = ['terminal', 'run', '--config', {str(process.config)!r}, '--stdin']\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from terminal.app.cli import main\n"
        "main()\n"
    )
    child = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    )
    assert child.stdin is not None
    child.stdin.write(f"{COLA}\nSUBMIT\n")
    child.stdin.flush()
    tcp_printer.wait_for_slips(1, timeout_s=20)
    process.until("the slip is printed", slips_waiting=0)

    child.terminate()
    child.communicate(timeout=20)
    eventually(told.exists, "the list of modules")
    loaded = {name.split(".")[0] for name in json.loads(told.read_text())}

    assert "terminal" in loaded
    assert loaded.isdisjoint(FORBIDDEN)


def test_the_ruler_measures_the_paper_and_what_is_scanned_back_holds(
    counter_process: CounterProcess,
) -> None:
    with SimulatedPrinter.on_tcp(profile=PrinterProfile(width=384)) as narrow:
        assert narrow.address is not None
        config = counter_process.config
        config.write_text(
            config.read_text()
            + f'[printer]\nkind = "tcp"\nhost = "127.0.0.1"\nport = {narrow.address[1]}\n'
        )
        counter_process.start()
        counter_process.scan("OW-RULER")
        (ruler,) = narrow.wait_for_slips(1)
        rows = ruler.text.split("\n")
        assert "12345678901234567890123456789012" in rows
        assert not any("123456789012345678901234567890123" in row for row in rows)
        assert "OW-COLUMNS-32" in ruler.text

        counter_process.scan("OW-COLUMNS-32", "OW-HELP")
        *_, told = narrow.wait_for_slips(3)
        assert "REMOVE - then a product: its" in told.text.split("\n")
        counter_process.stop()
        counter_process.start()
        counter_process.scan("OW-HELP")
        *_, again = narrow.wait_for_slips(4)
        counter_process.stop()

    assert again.text == told.text
    sheet = command(counter_process, "print-sheet", "--text").stdout
    assert max(len(line) for line in sheet.split("\n")) <= 32


def test_a_scanner_is_set_up_by_its_printed_codes_and_its_test_code_is_judged(
    tmp_path: Path, tcp_printer: SimulatedPrinter
) -> None:
    assert tcp_printer.address is not None
    process = CounterProcess(tmp_path, printer_port=tcp_printer.address[1])
    with SimulatedScanner() as gun, SimulatedScanner(suffix="") as bare:
        process.config.write_text(
            f'{process.config.read_text()}\n[scanner]\nkind = "serial"\npath = "{gun.path}"\n'
            f'[scanner_2]\nkind = "serial"\npath = "{bare.path}"\n'
        )

        well, said = set_up(process, gun, "1")
        badly, heard = set_up(process, bare, "2")

    paper = Image.open(io.BytesIO(tcp_printer.wait_for_slips(2)[0].png()))
    codes = {one.bytes.decode() for one in zxingcpp.read_barcodes(paper)}
    assert {"~TRMUSB130.", "~VSUFCR.", TEST_CODE} == codes
    assert (well, badly) == (0, 1)
    assert said.endswith("this scanner is set up\n")
    assert heard.endswith("scan the code for Enter\n")


def set_up(process: CounterProcess, gun: SimulatedScanner, which: str) -> tuple[int, str]:
    """Run the command on one of the scanners, and scan what it asks for."""
    told = ("scanner", "setup", "--make", "honeywell", "--which", which)
    child = subprocess.Popen(
        [sys.executable, "-m", "terminal", *told, "--config", str(process.config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    said = child.stdout.readline()
    while child.poll() is None:  # as a person does who hears nothing: the line may not be open yet
        with contextlib.suppress(NobodyReadsError, subprocess.TimeoutExpired):
            gun.scan(TEST_CODE)
            child.wait(1)
    rest, _ = child.communicate(timeout=30)
    return child.returncode, said + rest
