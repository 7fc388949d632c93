"""`terminal setup`: the first minutes of a device, from its cables to its first test slip."""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from broker.contract.enrolment import ClaimError, read_claim, write_claim
from rules import COUNTER_LANGUAGES
from terminal.app.commands.running import Loader, print_rows
from terminal.app.enrolment import ClaimNotKeptError, EnrolmentDesk, EnrolmentEndedError
from terminal.app.enrolment.passwords import settings_in_use
from terminal.app.hardware import make_scanners
from terminal.app.settings import Settings, SettingsError
from terminal.core.layout import Row
from terminal.core.text import plain
from terminal.core.words import Voice
from terminal.devices.scanners import StdinScanner, keyboards
from terminal.devices.signals import PromptSignals

_SECTIONS: Final = ("scanner", "scanner_2", "scanner_3")
_SERIAL: Final = Path("/dev/serial/by-id")
_SCANNER: Final = "serial:PATH, keyboard:VENDOR:PRODUCT, tcp:HOST:PORT, stdin or none"
_PRINTER: Final = "tcp:HOST[:PORT], serial:PATH, usb:PATH, cups:QUEUE or none"


def add_setup(parser: argparse.ArgumentParser) -> None:
    """Let the command be told what it cannot find."""
    parser.add_argument(
        "--scanner", metavar="WHICH", action="append", help=f"{_SCANNER}; up to three, all are read"
    )
    parser.add_argument("--printer", metavar="WHICH", help=_PRINTER)
    parser.add_argument("--profile", default="80mm", help="what the printer can do (80mm)")
    parser.add_argument("--language", choices=COUNTER_LANGUAGES, default=COUNTER_LANGUAGES[0])
    parser.add_argument("--page", type=int, default=8800, metavar="PORT", help="0 is no page")
    claim = parser.add_mutually_exclusive_group()
    claim.add_argument("--claim", metavar="TEXT", help="the line of the enrolment slip, as typed")
    claim.add_argument("--claim-file", type=Path, metavar="FILE", help="a file that has it")
    parser.add_argument("--hub", metavar="URL", help="where the hub is, if the line does not say")
    parser.add_argument("--no-test", action="store_true", help="print no test slip")


def begin_settings(arguments: argparse.Namespace) -> bool:
    """Write the file of settings where there is none; tells whether it was written now."""
    path: Path = arguments.config
    if path.exists():
        if arguments.scanner or arguments.printer:
            told = "is there already: its own scanner and printer count. Change them there"
            print(f"{path} {told}", file=sys.stderr)
        return False
    scanners = arguments.scanner or [_found_scanner()]
    if len(scanners) > len(_SECTIONS):
        sys.exit(f"--scanner: a counter has up to {len(_SECTIONS)}")
    sections: dict[str, Mapping[str, str | int]] = {
        **dict(zip(_SECTIONS, map(_scanner_of, scanners), strict=False)),
        "printer": {**_printer_of(arguments.printer or "none"), "profile": arguments.profile},
        "page": {"port": arguments.page},
    }
    lines = [f'language = "{arguments.language}"']
    for name, values in sections.items():
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        sys.exit(f"{path} cannot be written: {plain(error)}")
    print(f"{path}: scanner {', '.join(scanners)}, printer {arguments.printer or 'none'}")
    return True


def set_up(arguments: argparse.Namespace, load: Loader) -> int:
    """Enrol the device, print a test slip, and look for what is in the way; gives the exit code."""
    try:
        settings, enrolled = load()
        claim = _claim_of(arguments, settings)
        if claim or not settings.is_enrolled:
            if not asyncio.run(_enrol(settings, enrolled, claim)):
                return 1
            settings, _ = load()
        else:
            print(f"this device is enrolled as {settings.id}")
    except SettingsError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return 1
    except (ClaimError, OSError) as error:
        why = plain(error) if isinstance(error, OSError) else error
        print(f"the enrolment slip cannot be read: {why}", file=sys.stderr)
        return 1
    except EnrolmentEndedError:
        print("not enrolled: no slip was scanned", file=sys.stderr)
        return 1
    except ClaimNotKeptError as error:
        print(f"not enrolled: {error}", file=sys.stderr)
        return 1
    if not arguments.no_test and settings.printer.kind != "none":
        voice = Voice(settings.language)
        asyncio.run(print_rows(settings, _test_slip(settings.id, voice)))
    # Imported here: it may ask the hub over HTTP, which a counter that sells has no need of.
    from terminal.app.commands.doctor import show_findings  # noqa: PLC0415

    return show_findings(settings_in_use(settings, enrolled), as_json=False)


def _claim_of(arguments: argparse.Namespace, settings: Settings) -> str:
    """Give the claim that the command was told; raises ClaimError, OSError."""
    text: str = arguments.claim or ""
    if arguments.claim_file:
        try:
            text = arguments.claim_file.read_text(encoding="utf-8").split("\n", 1)[0]
        except (OSError, UnicodeDecodeError) as error:
            raise ClaimError(f"{arguments.claim_file}: {plain(error)}") from error
    if not text:
        return ""
    claim = read_claim(text)
    if claim.hub or not (arguments.hub or settings.hub):
        return write_claim(claim)
    return write_claim(read_claim(f"{claim.code}@{arguments.hub or settings.hub}"))


async def _enrol(settings: Settings, enrolled: Path, claim: str) -> bool:
    """Enrol by the claim that was told, else by the one that is scanned or typed."""

    async def to_paper(rows: Sequence[Row]) -> None:
        await print_rows(settings, rows)

    desk = EnrolmentDesk(settings, enrolled, PromptSignals(print), to_paper)
    async with desk.open():
        if claim:
            return await desk.take(claim, patient=True)
        scanners = settings.scanners
        await desk.wait_for_slip(make_scanners(scanners) if scanners else StdinScanner())
        return True


def _test_slip(terminal: str, voice: Voice) -> tuple[Row, ...]:
    return (
        Row(voice.text("enrol.test_slip"), style="bold", center=True),
        Row(terminal, style="big", center=True),
        Row(voice.text("enrol.test_slip_text"), center=True),
        Row("1234567890123456789012345678901234567890123456"),
    )


def _found_scanner() -> str:
    """Name the only scanner that is there; where there are several, a person has to say which."""
    lines: list[Path] = []
    with contextlib.suppress(OSError):
        lines = sorted(_SERIAL.iterdir())
    boards = keyboards()
    for line in lines:
        print(f"found a serial line: --scanner serial:{line}")
    for board in boards:
        print(f"found a keyboard: --scanner keyboard:{board.key}   ({board.name})")
    if len(lines) == 1:
        return f"serial:{lines[0]}"
    if len(boards) == 1 and not lines:
        return f"keyboard:{boards[0].key}"
    return "none"


def _scanner_of(text: str) -> dict[str, str | int]:
    kind, _, where = text.partition(":")
    match kind:
        case "serial" if where:
            return {"kind": kind, "path": where}
        case "keyboard" if where:
            return {"kind": kind, "device": where}
        case "tcp" if where.partition(":")[2].isdecimal():
            host, _, port = where.partition(":")
            return {"kind": kind, "host": host, "port": int(port)}
        case "stdin" | "none":
            return {"kind": kind}
    sys.exit(f"--scanner {text}: is not {_SCANNER}")


def _printer_of(text: str) -> dict[str, str | int]:
    kind, _, where = text.partition(":")
    match kind:
        case "tcp" if where:
            host, _, port = where.partition(":")
            if port and not port.isdecimal():
                sys.exit(f"--printer {text}: is not {_PRINTER}")
            return {"kind": kind, "host": host, "port": int(port or 9100)}
        case "serial" | "usb" | "cups" if where:
            return {"kind": kind, "path": where}
        case "none":
            return {"kind": kind}
    sys.exit(f"--printer {text}: is not {_PRINTER}")
