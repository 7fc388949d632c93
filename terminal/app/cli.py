"""The terminal's commands: run, audit, config, print-sheet."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sqlite3
import sys
from dataclasses import asdict, replace
from pathlib import Path

from pythonjsonlogger.json import JsonFormatter

from rules.commands.naming import name_program
from terminal.app.disk import wait_for_disk
from terminal.app.hardware import make_printer, make_scanner, make_signals
from terminal.app.settings import Setting, Settings, SettingsError, load_settings
from terminal.app.terminal import Terminal, open_store
from terminal.core.layout import as_text, lay_out
from terminal.core.ports import NotSentError, PrinterStatus
from terminal.core.slip import command_sheet
from terminal.core.words import Voice
from terminal.devices.clock import SystemClock
from terminal.devices.encoding import EncoderProcess
from terminal.devices.profiles import PROFILES, measured, profile_of
from terminal.devices.scanners import keyboards
from terminal.store import StoreInUseError, audit, read_records, stored_columns
from terminal.store.catalogue import stored_units
from terminal.store.database import FILE

_EXAMPLE = """examples:
  %(prog)s run --config counter-1.toml
  %(prog)s run --config counter-1.toml --stdin < codes.txt
  %(prog)s audit --config counter-1.toml --json
  %(prog)s print-sheet --config counter-1.toml --text
"""


def main() -> None:
    """Run one command."""
    arguments = parser().parse_args()
    if arguments.command == "scanners":
        sys.exit(_list_scanners())
    try:
        settings, sources = load_settings(
            arguments.config, os.environ, data=arguments.data, home=Path.home()
        )
        _check_profile(settings, arguments.config)
    except SettingsError as error:
        sys.exit("\n".join(error.faults))
    match arguments.command:
        case "run":
            _run(settings, stdin=arguments.stdin)
        case "audit":
            sys.exit(_audit(settings.data, as_json=arguments.json))
        case "config":
            _show_config(settings, sources)
        case "print-sheet":
            sys.exit(_print_sheet(settings, text=arguments.text))


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    whole = argparse.ArgumentParser(
        prog=name_program("terminal"),
        description="A counter terminal: scanner, printer, and a line to the hub.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, required=True, help="the terminal's TOML file")
    common.add_argument("--data", type=Path, help="the folder of its records")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            parents=[common],
            help=text,
            description=text,
            epilog=f"example: %(prog)s {example}",
        )

    run = add("run", "serve the counter until SIGTERM", "--config counter-1.toml")
    run.add_argument("--stdin", action="store_true", help="take codes from standard input")
    checked = add(
        "audit", "check every promise against what is stored", "--config counter-1.toml --json"
    )
    checked.add_argument("--json", action="store_true", help="print one JSON object")
    add("config", "show every setting with its source", "--config counter-1.toml")
    scanners = "list the keyboards that are there, one of which may be the scanner"
    commands.add_parser("scanners", help=scanners, description=scanners, epilog="example: %(prog)s")
    sheet = add("print-sheet", "print the sheet of command barcodes", "--config counter-1.toml")
    sheet.add_argument("--text", action="store_true", help="show it on standard output instead")
    return whole


def _check_profile(settings: Settings, path: Path) -> None:
    if settings.printer.profile not in PROFILES:
        names = ", ".join(sorted(PROFILES))
        fault = f"{path.name}: printer.profile: {settings.printer.profile!r} is not one of {names}"
        raise SettingsError([fault])


def _run(settings: Settings, *, stdin: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            static_fields={"terminal": settings.id},
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    if stdin:
        settings = replace(settings, scanner=replace(settings.scanner, kind="stdin"))
    try:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_serve(settings))
    except StoreInUseError as error:
        sys.exit(str(error))


async def _serve(settings: Settings) -> None:
    scanner = make_scanner(settings.scanner)
    signals = make_signals(settings.scanner, scanner)
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel if task else loop.stop)
    clock = SystemClock()
    store = await wait_for_disk(settings, lambda: open_store(settings, clock), signals)
    terminal = Terminal(
        settings,
        scanner=scanner,
        printer=make_printer(settings.printer),
        signals=signals,
        clock=clock,
        store=store,
    )
    announcing = loop.create_task(_announce(terminal))
    try:
        await terminal.run()
    finally:
        announcing.cancel()


async def _announce(terminal: Terminal) -> None:
    """Print the one line that says the terminal can be used."""
    await terminal.ready.wait()
    names = {"terminal": terminal.settings.id, "page": terminal.page_url}
    print(f"ready {json.dumps(names)}", flush=True)


def _audit(folder: Path, *, as_json: bool) -> int:
    """Check the records; 0 where every promise holds."""
    if not (folder / FILE).exists():
        print(f"no records in {folder}", file=sys.stderr)
        return 1
    try:
        report, records = audit(folder), read_records(folder)
    except (sqlite3.Error, OSError) as error:
        print(f"the records in {folder} cannot be read: {error}", file=sys.stderr)
        return 1
    if as_json:
        orders = [asdict(record) for record in records]
        print(json.dumps({"sound": report.sound, **asdict(report), "records": orders}))
    else:
        print(
            f"{report.orders} orders ({report.waiting} waiting, {report.parked} refused), "
            f"{report.answers} answers, {report.slips} slips ({report.slips_unknown} unknown)"
        )
        for fault in report.faults:
            print(f"FAULT {fault}")
    return 0 if report.sound else 1


def _list_scanners() -> int:
    """Show each keyboard, and what the settings of a terminal say of it."""
    there = keyboards()
    for one in there:
        print(f"{one.path}  {one.name}")
        print(f'    [scanner]\n    kind = "keyboard"\n    device = "{one.key}"')
    if not there:
        print("no keyboard is there: plug in the scanner, or set it to its serial mode")
    return 0 if there else 1


def _show_config(settings: Settings, sources: tuple[Setting, ...]) -> None:
    for setting in sources:
        print(f"{setting.name} = {setting.value}  ({setting.source})")
    print(f"records in {settings.data}")


def _print_sheet(settings: Settings, *, text: bool) -> int:
    rows = command_sheet(settings.id, stored_units(settings.data), Voice(settings.language))
    profile = measured(settings.printer.profile, stored_columns(settings.data))
    if text:
        columns = profile_of(profile).columns
        print(as_text(lay_out(rows, columns), columns), end="")
        return 0

    async def send() -> PrinterStatus | None:
        """Print it; gives what keeps the printer from saying that it is on paper."""
        async with contextlib.aclosing(
            EncoderProcess(settings.printer.profile, columns=lambda: profile_of(profile).columns)
        ) as encoder:
            job = await encoder.encode(rows)
        async with contextlib.aclosing(make_printer(settings.printer)) as printer:
            await printer.send(job)
            if await printer.proof() == "waiting":
                return await printer.status()
            return None

    try:
        trouble = asyncio.run(send())
    except (NotSentError, OSError) as error:
        print(f"not printed: {error}", file=sys.stderr)
        return 1
    if trouble is not None:
        print(f"sent, but the printer does not say that it is on paper: {trouble}", file=sys.stderr)
        return 1
    return 0
