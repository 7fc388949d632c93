"""`terminal scanner setup`: the codes that set a scanner up, and what its test code says of it."""

import argparse
import asyncio
import contextlib
import sys

from terminal.app.commands.running import print_rows
from terminal.app.hardware import make_scanners
from terminal.app.settings import ScannerSettings, Settings
from terminal.core.layout import as_text, lay_out, read_from_right
from terminal.core.scanner import MAKERS, TEST_CODE, Arrived, judge, setup_slip
from terminal.core.words import Said, Voice, said
from terminal.devices.profiles import measured, profile_of
from terminal.devices.scanners import DeviceScanner, as_read, layouts
from terminal.store import stored_columns


def add_scanner(parser: argparse.ArgumentParser) -> None:
    """Let the command be told which scanner, and of which maker."""
    parser.add_argument("what", choices=("setup",), help="print its codes, and try it")
    parser.add_argument("--make", choices=tuple(MAKERS), default="other", help="who made it")
    which = "which of the counter's scanners, from 1 (1)"
    parser.add_argument("--which", type=int, choices=(1, 2, 3), default=1, metavar="N", help=which)
    parser.add_argument("--text", action="store_true", help="show the codes' texts, print nothing")
    wait = "seconds to wait for a scan (60)"
    parser.add_argument("--wait", type=float, default=60.0, metavar="S", help=wait)


def set_scanner_up(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the maker's codes, then look at what the scanner sends; 0 where all of it is right."""
    if arguments.which > len(settings.scanners):
        print(f"there is no scanner {arguments.which} in the settings", file=sys.stderr)
        return 1
    told = settings.scanners[arguments.which - 1]
    voice = Voice(settings.language)
    rows = setup_slip(
        MAKERS[arguments.make], "keyboard" if told.kind == "keyboard" else "serial", voice
    )
    if arguments.text or settings.printer.kind == "none":
        name = measured(settings.printer.profile, stored_columns(settings.data))
        turned = read_from_right(rows) if voice.is_rtl else rows
        columns = profile_of(name).columns
        print(as_text(lay_out(turned, columns), columns), end="")
    else:
        asyncio.run(print_rows(settings, rows))
    (scanner,) = make_scanners([told]).scanners
    if not isinstance(scanner, DeviceScanner):
        print("codes that are typed need no scanner", file=sys.stderr)
        return 1
    print(voice.text("setup.scan"), flush=True)
    found = asyncio.run(_judged(scanner, told, voice, wait_s=arguments.wait))
    for one in found:
        print(voice.word(one), flush=True)
    return 0 if found == (said("setup.well"),) else 1


async def _judged(
    scanner: DeviceScanner, told: ScannerSettings, voice: Voice, *, wait_s: float
) -> tuple[Said, ...]:
    """Wait for the test code, and say what it tells of the scanner."""
    mistyped = {}
    if told.kind == "keyboard":
        mistyped = {
            other: as_read(TEST_CODE, set_to=other, read_as=told.layout)
            for other in layouts()
            if other != told.layout
        }
    with contextlib.closing(scanner):
        while True:
            try:
                async with asyncio.timeout(wait_s):
                    symbol = await scanner.read_symbol()
            except TimeoutError:
                return (said("setup.nothing", seconds=round(wait_s)),)
            arrived = Arrived(symbol.code + symbol.suffix)
            found = judge(arrived, set_to=told.layout, mistyped=mistyped)
            if found is not None:
                return found
            print(voice.text("setup.other", code=arrived.shown), flush=True)
