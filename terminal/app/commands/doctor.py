"""What may keep a counter from selling, looked for one by one; each finding says what to do."""

import asyncio
import base64
import contextlib
import http.client
import json
import os
import shutil
import socket
import sqlite3
import ssl
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from terminal.app.hardware import make_printer
from terminal.app.settings import PrinterSettings, ScannerSettings, Settings
from terminal.core.ports import PrinterStatus
from terminal.core.text import plain
from terminal.core.words import Voice
from terminal.devices.raster import joins_letters, lacks_font
from terminal.devices.scanners import choose, keyboards
from terminal.store.standing import Standing, read_standing

State = Literal["ok", "warning", "fault"]
_FREE_BYTES: Final = 200 * 1024**2
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_BORN_S: Final = 1_700_000_000
"""November 2023: no machine that runs this has an earlier day."""
_PATIENCE_S: Final = 4.0
_DRIFT_S: Final = 120
_OLD_S: Final = 7 * 86_400
_NO_SNAPSHOT: Final = f"/terminal/v1/snapshots/{'0' * 64}"
_OK: Final = 200
_NOT_LET_IN: Final = 401
_EXIT: Final[dict[State, int]] = {"ok": 0, "warning": 0, "fault": 1}
_MARKS: Final[dict[State, str]] = {"ok": "ok     ", "warning": "WARNING", "fault": "FAULT  "}
_FIXES: Final[dict[PrinterStatus, str]] = {
    "offline": "switch it on, look at its cable, and compare [printer] with what it prints as its "
    "own settings",
    "paper_out": "put in a roll: what waits prints by itself",
    "cover_open": "close the cover: what waits prints by itself",
    "unknown": "print something: `terminal print-sheet`; this profile cannot ask the printer",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing, and what to do about it; `fix` is empty where all is well."""

    what: str
    state: State
    told: str
    fix: str = ""


def show_findings(settings: Settings, *, as_json: bool) -> int:
    """Print what was found, as it is found; 1 where something keeps the counter from selling."""
    worst = 0
    for one in look_into(settings):
        if as_json:
            print(json.dumps(asdict(one)), flush=True)
        else:
            print(f"{_MARKS[one.state]} {one.what}: {one.told}", flush=True)
            if one.fix:
                print(f"        fix: {one.fix}", flush=True)
        worst = max(worst, _EXIT[one.state])
    return worst


def look_into(settings: Settings, printer: PrinterStatus | None = None) -> Iterator[Finding]:
    """Look at enrolment, files, disk, devices, fonts, hub, clock, broker and records, in turn.

    The printer is asked, unless a running counter says how it is: a slip may be on its way to it.
    """
    standing: Standing | None = None
    damage = ""
    try:
        standing = read_standing(settings.data)
    except (sqlite3.Error, OSError, ValueError, msgspec.MsgspecError) as error:
        damage = str(error)
    hub = settings.hub or (standing.http if standing else "")
    checks: tuple[Callable[[], Finding], ...] = (
        lambda: _enrolment(settings),
        lambda: _folder(settings.data),
        lambda: _disk(settings.data),
        *(partial(_scanner, one) for one in settings.scanners or (None,)),
        lambda: _printer(settings.printer, printer),
        lambda: _font(settings.language),
        lambda: _hub(settings, hub),
        lambda: _clock(hub),
        lambda: _broker(settings),
        lambda: _records(standing, damage),
        lambda: _catalogue(standing),
    )
    for check in checks:
        yield check()


def _enrolment(settings: Settings) -> Finding:
    if settings.is_enrolled:
        return Finding("enrolment", "ok", f"this is {settings.id}")
    fix = "scan the enrolment slip of this counter, or `terminal setup`"
    return Finding("enrolment", "fault", "this device is no terminal yet", fix)


def _folder(folder: Path) -> Finding:
    place = _nearest(folder)
    if not os.access(place, os.W_OK | os.X_OK):
        owner = f"chown it to the user of the terminal: {place}"
        return Finding("folder", "fault", f"{folder} cannot be written by this user", owner)
    if folder.exists() and folder.stat().st_mode & _OTHERS & stat.S_IWOTH:
        return Finding("folder", "warning", f"anybody may write {folder}", f"chmod 700 {folder}")
    return Finding("folder", "ok", f"records are in {folder}")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(_nearest(folder)).free
    told = f"{free / 1024**2:,.0f} MiB are free"
    if free < _FREE_BYTES:
        fix = "make room: a counter that cannot write takes no order"
        return Finding("disk", "warning", told, fix)
    return Finding("disk", "ok", told)


def _scanner(scanner: ScannerSettings | None) -> Finding:
    match scanner:
        case None:
            fix = "name one in [scanner]; `terminal scanners` lists those that are keyboards"
            return Finding("scanner", "warning", "none: codes are typed on the page", fix)
        case ScannerSettings(kind="keyboard"):
            try:
                path = choose(scanner.device, keyboards())
            except OSError as error:
                fix = "plug it in; `terminal scanners` lists what is there"
                return Finding("scanner", "fault", str(error), fix)
            return _device("scanner", path, "input")
        case ScannerSettings(kind="tcp"):
            return _in_the_network(scanner.host, scanner.port)
        case ScannerSettings(kind="serial"):
            return _device("scanner", scanner.path, "dialout")
        case _:
            return Finding("scanner", "ok", "codes come from standard input")


def _in_the_network(host: str, port: int) -> Finding:
    """Look whether anything listens there; one that serves a running counter may not answer."""
    try:
        socket.create_connection((host, port), _PATIENCE_S).close()
    except OSError as error:
        fix = "switch it on; set it to be a TCP server, and compare host and port"
        return Finding("scanner", "warning", f"{host}:{port} is not reached: {plain(error)}", fix)
    return Finding("scanner", "ok", f"{host}:{port} answers")


def _device(what: str, path: str, group: str) -> Finding:
    if not os.path.exists(path):  # noqa: PTH110  # a device file, which nothing else is asked of
        return Finding(what, "fault", f"{path} is not there", "plug it in, or correct its path")
    if not os.access(path, os.R_OK):
        fix = f"adduser USER {group}, and start again"
        return Finding(what, "fault", f"{path} may not be read by this user", fix)
    return Finding(what, "ok", f"{path} can be read")


def _printer(printer: PrinterSettings, known: PrinterStatus | None) -> Finding:
    if printer.kind == "none":
        return Finding("printer", "warning", "none: nothing is printed", "name one in [printer]")
    named = f"{printer.host}:{printer.port}" if printer.kind == "tcp" else printer.path
    told = f"{printer.profile} at {named}"
    status = asyncio.run(_status(printer)) if known is None else known
    if status == "ready":
        return Finding("printer", "ok", f"{told} is ready")
    state: State = "warning" if status == "unknown" else "fault"
    return Finding("printer", state, f"{told}: {status}", _FIXES.get(status, ""))


def _font(language: str) -> Finding:
    """Look whether the letters of the slips' language can be drawn, and joined."""
    if lacks_font(Voice(language).text("trial.language")):
        fix = "apt-get install fonts-noto-core: slips are full of blocks without it"
        return Finding("font", "fault", f"no font has the letters of language {language}", fix)
    if not joins_letters():
        fix = "apt-get install libfribidi0: Hindi, Arabic and Tamil names are hard to read without"
        return Finding("font", "warning", "letters are not joined on slips", fix)
    return Finding("font", "ok", f"slips in language {language} have their letters")


async def _status(printer: PrinterSettings) -> PrinterStatus:
    async with contextlib.aclosing(make_printer(printer)) as one:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await one.status()
        except TimeoutError:
            return "offline"


def _hub(settings: Settings, hub: str) -> Finding:
    if not hub:
        fix = "it is told with the enrolment slip, or by the hub once the broker is reached"
        return Finding("hub", "warning", "where the hub is was not told yet", fix)
    try:
        status, _ = _get(hub, "/health")
        let_in, _ = _get(hub, _NO_SNAPSHOT, settings) if settings.is_enrolled else (_OK, "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        fix = "look at the network here; is the hub on, and its port open?"
        why = plain(error) if isinstance(error, OSError) else error
        return Finding("hub", "fault", f"{hub} is not reached: {why or type(error).__name__}", fix)
    if let_in == _NOT_LET_IN:
        fix = "another machine was enrolled, or access taken away: ask for a new enrolment slip"
        return Finding("hub", "fault", f"{hub} does not let {settings.id} in", fix)
    if status != _OK:
        fix = "call the distributor; orders are kept here meanwhile"
        return Finding("hub", "warning", f"{hub} says that it cannot take orders now", fix)
    return Finding("hub", "ok", f"{hub} answers and lets this device in")


def _clock(hub: str) -> Finding:
    now = time.time()
    told = time.strftime("it is %Y-%m-%d %H:%M UTC", time.gmtime(now))
    if now < _BORN_S:
        fix = "have NTP set it; until the hub is heard slips say that the clock is not set"
        return Finding("clock", "warning", told, fix)
    drift_s = _drift(hub, now)
    if drift_s is not None and abs(drift_s) > _DRIFT_S:
        fix = "have NTP set it; slips bear the hub's time where it was heard"
        return Finding("clock", "warning", f"{told}, {drift_s:+.0f} s off the hub's", fix)
    return Finding("clock", "ok", told)


def _drift(hub: str, now: float) -> float | None:
    """Tell how many seconds this clock is before the hub's; None where the hub says nothing."""
    try:
        _, date = _get(hub, "/health") if hub else (0, "")
        return now - parsedate_to_datetime(date).timestamp() if date else None
    except (OSError, http.client.HTTPException, ValueError):
        return None


def _broker(settings: Settings) -> Finding:
    """See whether the broker is there; a session of its own would throw the running one off."""
    if not settings.is_enrolled:
        fix = "it is told with the enrolment slip"
        return Finding("broker", "warning", "where the broker is was not told yet", fix)
    broker = settings.broker
    named = f"{broker.host}:{broker.port}"
    try:
        with socket.create_connection((broker.host, broker.port), _PATIENCE_S) as line:
            if broker.ca_file:
                context = ssl.create_default_context(cafile=broker.ca_file)
                context.wrap_socket(line, server_hostname=broker.host).close()
    except ssl.SSLError as error:
        fix = "compare broker.ca_file and broker.host with the broker's certificate"
        return Finding("broker", "fault", f"{named} is not trusted: {error.reason}", fix)
    except OSError as error:
        why = plain(error)
        fix = "look at the network here; is the broker's port open to other machines?"
        return Finding("broker", "fault", f"{named} is not reached: {why}", fix)
    return Finding("broker", "ok", f"{named} is reached")


def _records(standing: Standing | None, damage: str) -> Finding:
    if damage:
        fix = "start the terminal: damaged records are put aside and the hub is told"
        return Finding("records", "fault", f"they cannot be read: {damage}", fix)
    if standing is None:
        return Finding("records", "ok", "none yet")
    if standing.halted:
        fix = "another machine runs as this terminal: ask for a new enrolment slip and scan it here"
        return Finding("records", "fault", "this machine is halted and takes no orders", fix)
    told = f"{standing.waiting} orders wait to be answered, {standing.parked} were not taken"
    if standing.parked:
        fix = "call support with the numbers that `terminal audit --json` calls parked"
        return Finding("records", "warning", told, fix)
    return Finding("records", "ok", told)


def _catalogue(standing: Standing | None) -> Finding:
    if standing is None or standing.built_at_s is None:
        fix = "it comes by itself once hub and broker are reached"
        return Finding("catalogue", "warning", "there is none yet: nothing can be scanned", fix)
    age_s = time.time() - standing.built_at_s
    told = f"the one in use was taken {max(0, age_s) / 3_600:.0f} hours ago"
    if age_s > _OLD_S:
        fix = "it is as old as the hub's last change, or the hub is not heard: see above"
        return Finding("catalogue", "warning", told, fix)
    return Finding("catalogue", "ok", told)


def _get(hub: str, path: str, settings: Settings | None = None) -> tuple[int, str]:
    """Ask the hub for something; gives the status and the date that it says."""
    url = urlsplit(hub)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    headers = {}
    if settings is not None:
        secret = base64.b64encode(f"{settings.id}:{settings.password}".encode()).decode()
        headers["Authorization"] = f"Basic {secret}"
    connection = kind(url.hostname or "", url.port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", url.path.rstrip("/") + path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Date", "")
    finally:
        connection.close()


def _nearest(folder: Path) -> Path:
    return next(one for one in (folder, *folder.absolute().parents) if one.exists())
