"""The terminal's commands: what each takes, and what it is handed to."""

import argparse
import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rules.commands.naming import name_program
from terminal.app.commands.helping import ExampleHelp, Parser
from terminal.app.commands.running import Loader, serve
from terminal.app.commands.scanner import add_scanner, set_scanner_up
from terminal.app.commands.setup import add_setup, begin_settings, set_up
from terminal.app.enrolment import ClaimNotKeptError, EnrolmentEndedError
from terminal.app.hardware import make_printer
from terminal.app.settings import (
    ScannerSettings,
    Setting,
    Settings,
    SettingsError,
    enrolled_path,
    load_settings,
    parsed,
)
from terminal.core.layout import as_text, lay_out, read_from_right
from terminal.core.ports import NotSentError, PrinterStatus
from terminal.core.slip import command_sheet
from terminal.core.text import plain
from terminal.core.words import Voice
from terminal.devices.encoding import EncoderProcess
from terminal.devices.profiles import PROFILES, measured, profile_of
from terminal.devices.scanners import keyboards
from terminal.store import StoreInUseError, audit, read_records, stored_columns
from terminal.store.catalogue import stored_units
from terminal.store.database import FILE

_ENROLLING = frozenset({"run", "setup", "doctor", "config", "print-sheet", "scanner", "update"})
"""The commands that a device can be given that is no terminal yet."""
_EXAMPLE = """examples:
  %(prog)s setup --config counter-1.toml
  %(prog)s doctor --config counter-1.toml
  %(prog)s run --config counter-1.toml
  %(prog)s run --config counter-1.toml --stdin < codes.txt
  %(prog)s audit --config counter-1.toml --json
  %(prog)s print-sheet --config counter-1.toml --text
  %(prog)s scanner setup --config counter-1.toml --make honeywell
"""


def main(words: Sequence[str] | None = None) -> None:
    """Run one command: that of `words`, or of the command line; ends the process."""
    arguments = parser().parse_args(words)
    act = _WITHOUT_SETTINGS.get(arguments.command, _with_settings)
    try:
        code = act(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has read enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _with_settings(arguments: argparse.Namespace) -> int:
    """Run a command on a terminal's settings; gives its exit code."""
    enrolling = arguments.command in _ENROLLING
    begun = arguments.command == "setup" and begin_settings(arguments)
    try:
        settings, sources = _load(arguments, enrolling=enrolling)
    except SettingsError as error:
        if begun:  # else what is wrong would count at the next try, as somebody's own
            arguments.config.unlink(missing_ok=True)
        sys.exit("\n".join(error.faults))
    if (act := _WITH_SETTINGS.get(arguments.command)) is not None:
        return act(arguments, settings)
    match arguments.command:
        case "run":
            _run(lambda: _loaded(arguments))
        case "setup":
            return set_up(arguments, lambda: _loaded(arguments))
        case "audit":
            return _audit(settings.data, as_json=arguments.json)
        case "config":
            _show_config(settings, sources)
        case "print-sheet":
            return _print_sheet(settings, text=arguments.text)
    return 0


def _load(
    arguments: argparse.Namespace, *, enrolling: bool
) -> tuple[Settings, tuple[Setting, ...]]:
    """Read the settings; raises SettingsError."""
    settings, sources = load_settings(
        arguments.config,
        os.environ,
        data=arguments.data,
        home=Path.home(),
        enrolling=enrolling,
    )
    _check_profile(settings, arguments.config)
    if getattr(arguments, "stdin", False):
        none = ScannerSettings()
        settings = replace(
            settings, scanner=replace(none, kind="stdin"), scanner_2=none, scanner_3=none
        )
    return settings, sources


def _loaded(arguments: argparse.Namespace) -> tuple[Settings, Path]:
    """Read the settings with the name of the file of the enrolment; raises SettingsError."""
    settings, _ = _load(arguments, enrolling=True)
    return settings, enrolled_path(arguments.config, parsed(arguments.config))


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    whole = Parser(
        prog=name_program("terminal"),
        description="A counter terminal: scanner, printer, and a line to the hub.",
        epilog=_EXAMPLE,
        formatter_class=ExampleHelp,
    )
    common = Parser(add_help=False)
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
    add_setup(
        add(
            "setup",
            "find scanner and printer, enrol this device by its slip, print a test slip",
            "--config counter-1.toml --scanner serial:/dev/ttyACM0 --printer tcp:192.168.1.50",
        )
    )
    checkup = add(
        "doctor", "say what may keep this counter from selling", "--config counter-1.toml --json"
    )
    checkup.add_argument("--json", action="store_true", help="print one JSON object a finding")
    add("config", "show every setting with its source", "--config counter-1.toml")
    scanners = "list the keyboards that are there, one of which may be the scanner"
    commands.add_parser("scanners", help=scanners, description=scanners, epilog="example: %(prog)s")
    add_scanner(
        add(
            "scanner",
            "print the codes that set a scanner up, and say what its test code looks like here",
            "setup --config counter-1.toml --make honeywell",
        )
    )
    _describe_package(commands)
    _describe_update(commands, common)
    sheet = add("print-sheet", "print the sheet of command barcodes", "--config counter-1.toml")
    sheet.add_argument("--text", action="store_true", help="show it on standard output instead")
    return whole


def _describe_package(
    commands: "argparse._SubParsersAction[Parser]",
) -> None:
    text = "build the Debian package of a terminal, for this machine or another"
    package = commands.add_parser(
        "package",
        help=text,
        description=text,
        epilog="example: %(prog)s --arch arm64 --python 3.11 --out dist",
    )
    package.add_argument("--arch", choices=("amd64", "arm64"), default="arm64")
    package.add_argument(
        "--python",
        choices=("3.11", "3.12", "3.13"),
        default="3.11",
        help="the Python of its Debian: 3.11 of Debian 12, 3.13 of Debian 13",
    )
    package.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR")


def _describe_update(commands: "argparse._SubParsersAction[Parser]", common: Parser) -> None:
    text = "make a signed update of a terminal's software: a bundle and its manifest"
    bundle = commands.add_parser(
        "bundle",
        help=text,
        description=text + ". The number only ever rises; the key is Ed25519 as PEM, as "
        "`rules keygen` makes it, and one for software alone. The line that it prints goes into "
        "`software_keys` of each machine.",
        epilog="example: %(prog)s --arch arm64 --number 12 --key software/private.pem --out dist",
    )
    bundle.add_argument("--arch", choices=("amd64", "arm64"), default="arm64")
    bundle.add_argument("--python", choices=("3.11", "3.12", "3.13"), default="3.11")
    bundle.add_argument("--number", type=int, required=True, help="1 or more, above any before")
    bundle.add_argument("--key", type=Path, required=True, metavar="PEM", help="the private key")
    bundle.add_argument("--tree", type=Path, metavar="DIR", help="pack this folder instead")
    bundle.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR")
    text = "prove an update and have it tried when the counter is at rest"
    update = commands.add_parser(
        "update",
        parents=[common],
        help=text,
        description=text + ". Software that does not serve within 40 s is rolled back by itself.",
        epilog="example: %(prog)s --config counter-1.toml --manifest stick/terminal-12.json",
    )
    update.add_argument("--manifest", type=Path, metavar="FILE", help="the bundle lies beside it")
    update.add_argument("--show", action="store_true", help="only say what is in the slots")


def _package(arguments: argparse.Namespace) -> int:
    # Imported here: a counter never builds one.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from terminal.app.package import PackageError, build_package  # noqa: PLC0415

    try:
        built = build_package(
            arguments.out,
            architecture=arguments.arch,
            python=arguments.python,
            version=version("orderwire"),
        )
    except (PackageError, PackageNotFoundError) as error:
        print(f"not built: {error}", file=sys.stderr)
        return 1
    print(built)
    return 0


def _check_profile(settings: Settings, path: Path) -> None:
    if settings.printer.profile not in PROFILES:
        names = ", ".join(sorted(PROFILES))
        fault = f"{path.name}: printer.profile: {settings.printer.profile!r} is not one of {names}"
        raise SettingsError([fault])


def _run(load: Loader) -> None:
    try:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(serve(load))
    except (StoreInUseError, EnrolmentEndedError, ClaimNotKeptError) as error:
        sys.exit(str(error))
    except SettingsError as error:
        sys.exit("\n".join(error.faults))


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


def _list_scanners(_: argparse.Namespace) -> int:
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
    voice = Voice(settings.language)
    rows = command_sheet(settings.id, stored_units(settings.data), voice)
    rows = read_from_right(rows) if voice.is_rtl else rows
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
        why = plain(error) if isinstance(error, OSError) else error
        print(f"not printed: {why}", file=sys.stderr)
        return 1
    if trouble is not None:
        print(f"sent, but the printer does not say that it is on paper: {trouble}", file=sys.stderr)
        return 1
    return 0


def _bundle(arguments: argparse.Namespace) -> int:
    # Imported here: a counter never builds one.
    from terminal.app.commands.updating import run_bundle  # noqa: PLC0415

    return run_bundle(arguments)


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    # Imported here: it may ask the hub over HTTP, which a counter that sells does not.
    from terminal.app.commands.doctor import show_findings  # noqa: PLC0415
    from terminal.app.enrolment.passwords import settings_in_use  # noqa: PLC0415

    enrolled = enrolled_path(arguments.config, parsed(arguments.config))
    return show_findings(settings_in_use(settings, enrolled), as_json=arguments.json)


def _update(arguments: argparse.Namespace, settings: Settings) -> int:
    # Imported here: a counter that sells needs none of it.
    from terminal.app.commands.updating import run_update  # noqa: PLC0415

    return run_update(arguments, settings)


_WITH_SETTINGS = {"doctor": _doctor, "scanner": set_scanner_up, "update": _update}
"""The commands that are given the settings and what they were called with."""
_WITHOUT_SETTINGS = {"scanners": _list_scanners, "package": _package, "bundle": _bundle}
"""The commands that no settings are read for."""
