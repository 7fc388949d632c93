"""Runs a terminal: first the enrolment where it is needed, then the counter, until SIGTERM."""

import asyncio
import contextlib
import gc
import json
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from pythonjsonlogger.json import JsonFormatter

from terminal.app.diagnosis import KeptLog
from terminal.app.diagnosis.traced_log import traced_log
from terminal.app.disk import open_store, wait_for_disk
from terminal.app.enrolment import EnrolmentDesk
from terminal.app.enrolment.passwords import Passwords, passwords_path
from terminal.app.hardware import make_printer, make_scanners, make_signals
from terminal.app.machine.memory import keep_one_heap
from terminal.app.settings import Settings
from terminal.app.terminal import Terminal
from terminal.core.layout import Row, read_from_right
from terminal.core.ports import NotSentError, Scanner, Signals
from terminal.core.text import plain
from terminal.core.words import Voice
from terminal.devices.clock import SystemClock
from terminal.devices.encoding import EncoderProcess
from terminal.devices.supervisor import keep_watched

_log = logging.getLogger(__name__)

_GARBAGE: Final = 50_000
"""How many objects more are made than given back before Python looks for circles among them.

To price and show an order of 500 lines makes some 10,000, all given back with the next scan. At
Python's usual 700 each scan was searched in vain six times, and every twentieth for twice as long
as it took.
"""

Loader = Callable[[], tuple[Settings, Path]]
"""Reads the settings as they are now, with the file of what the hub told at the enrolment."""


async def serve(load: Loader) -> None:
    """Serve until cancelled.

    Raises SettingsError, StoreInUseError, EnrolmentEndedError, ClaimNotKeptError.
    """
    gc.set_threshold(_GARBAGE)
    keep_one_heap()
    settings, _ = load()
    log_as(settings.id, settings.data if settings.is_enrolled else None, settings.traces_url)
    scanner = make_scanners(settings.scanners)
    signals = make_signals(settings.scanners, scanner)
    _stop_on_signals()
    # Kept by its name: a task that nobody holds may be collected.
    watched = asyncio.create_task(keep_watched())
    try:
        await _serve_in_turn(load, scanner, signals)
    finally:
        watched.cancel()


async def _serve_in_turn(load: Loader, scanner: Scanner, signals: Signals) -> None:
    """Enrol the device where that is needed, and run the counter, in turn."""
    settings, enrolled = load()
    claim = ""
    while True:
        if claim or not settings.is_enrolled:
            desk = EnrolmentDesk(settings, enrolled, signals, partial(print_rows, settings))
            async with desk.open():
                if claim:
                    await desk.take(claim, patient=False)
                else:
                    await desk.wait_for_slip(scanner)
            settings, enrolled = load()
            log_as(settings.id, settings.data, settings.traces_url)
        passwords = Passwords(settings.password, passwords_path(enrolled))
        claim = await _counter(settings, scanner, signals, passwords=passwords)
        if not claim:
            return  # other software is due: whoever started this one starts it


def log_as(terminal: str, folder: Path | None, traces_url: str = "") -> None:
    """Write logs as one JSON object a line, with the terminal's id in each.

    They go to standard error, and the newest of them into the folder, for the hub that asks. Where
    a collector of traces is named, the steps of orders go there too.
    """
    formatter = JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
        static_fields={"terminal": terminal or "new"},
    )
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if folder is not None:
        handlers.append(KeptLog(folder))
    for handler in handlers:
        handler.setFormatter(formatter)
    if traced := traced_log(traces_url, terminal):
        handlers.append(traced)
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)


async def _counter(
    settings: Settings, scanner: Scanner, signals: Signals, *, passwords: Passwords
) -> str:
    """Run the counter until cancelled, or until an enrolment slip is scanned: gives the slip.

    It is empty where the run ends for other software.
    """
    clock = SystemClock()
    store = await wait_for_disk(settings, lambda: open_store(settings, clock), signals)
    terminal = Terminal(
        settings,
        scanner=scanner,
        printer=make_printer(settings.printer),
        signals=signals,
        clock=clock,
        store=store,
        takes_claims=True,
        passwords=passwords,
    )
    announcing = asyncio.get_running_loop().create_task(_announce(terminal))
    try:
        return await terminal.run()
    finally:
        announcing.cancel()


async def _announce(terminal: Terminal) -> None:
    """Print the one line that says the terminal can be used."""
    await terminal.ready.wait()
    names = {"terminal": terminal.settings.id, "page": terminal.page_url}
    print(f"ready {json.dumps(names)}", flush=True)


async def print_rows(settings: Settings, rows: Sequence[Row]) -> None:
    """Print what is said at the enrolment, where there is a printer; nothing hangs on it."""
    if settings.printer.kind == "none":
        return
    try:
        async with contextlib.aclosing(EncoderProcess(settings.printer.profile)) as encoder:
            turned = read_from_right(rows) if Voice(settings.language).is_rtl else rows
            job = await encoder.encode(turned)
        async with contextlib.aclosing(make_printer(settings.printer)) as printer:
            await printer.send(job)
            await printer.proof()
    except (NotSentError, OSError) as error:
        why = plain(error) if isinstance(error, OSError) else error
        _log.warning("what was said at the enrolment is not printed: %s", why)


def _stop_on_signals() -> None:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel if task else loop.stop)
