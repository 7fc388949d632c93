"""What may keep a hub from working, looked for one by one; each finding says what to do."""

import os
import shutil
import socket
import stat
import time
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from broker.contract.access import is_hub
from broker.embedded import Credentials
from hub.base.engine.database import Database, DatabaseUnreachableError, open_database
from hub.base.engine.migrate import is_current
from hub.base.limits.machine import raise_descriptor_limit
from hub.run.config import Settings
from hub.run.operating.finding import Finding
from hub.run.operating.surroundings import (
    look_at_backup,
    look_at_files,
    look_at_mail,
    look_at_photos,
    look_at_portal,
)

_FREE_BYTES: Final = 2 * 1024**3
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_BORN_S: Final = 1_700_000_000
"""November 2023: no machine that runs this has an earlier day."""
_FILES: Final = 4_096
_PATIENCE_S: Final = 3.0


def look_into(settings: Settings) -> Iterator[Finding]:
    """Look at the folder, the machine, the books, the broker, and at what else a hub needs."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        _folder,
        _disk,
        _clock,
        _files,
        _database,
        _access,
        _broker,
        _workers,
        look_at_mail,
        look_at_portal,
        look_at_photos,
        look_at_files,
        look_at_backup,
    )
    for check in checks:
        yield check(settings)


def _folder(settings: Settings) -> Finding:
    folder = settings.folder
    if not folder.is_dir():
        fix = "name it with --data, or load a distributor"
        return Finding("folder", "fault", f"{folder} is not there", fix)
    if not os.access(folder, os.W_OK):
        return Finding("folder", "fault", f"{folder} cannot be written", "start as its owner")
    if folder.stat().st_mode & _OTHERS:
        text = f"{folder} can be read by other users of this machine"
        return Finding("folder", "warning", text, f"chmod 700 {folder}")
    return Finding("folder", "ok", f"{folder} is the hub's alone")


def _disk(settings: Settings) -> Finding:
    place = next(one for one in (settings.folder, *settings.folder.parents) if one.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / 1024**3:.1f} GiB are free"
    if free < _FREE_BYTES:
        return Finding("disk", "warning", told, "make room: a hub that cannot write takes no order")
    return Finding("disk", "ok", told)


def _clock(_: Settings) -> Finding:
    now = time.time()
    told = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    if now < _BORN_S:
        return Finding("clock", "fault", f"the clock says {told}", "set it, and have NTP keep it")
    return Finding("clock", "ok", f"it is {told}")


def _files(_: Settings) -> Finding:
    most = raise_descriptor_limit()
    told = f"{most:,} files may be open"
    if most < _FILES:
        fix = f"raise it (LimitNOFILE={_FILES * 4} of systemd): each open page needs one"
        return Finding("files", "warning", told, fix)
    return Finding("files", "ok", told)


def _database(settings: Settings) -> Finding:
    file = settings.database_file
    if file is not None and not file.exists():
        return Finding("database", "fault", f"there is no {file}", "load a distributor first")
    try:
        database = open_database(settings.database_url, alone=False)
    except (DatabaseUnreachableError, SQLAlchemyError, OSError) as error:
        return Finding("database", "fault", str(error), "see database in `config`")
    try:
        return _schema_of(database)
    finally:
        database.close()


def _schema_of(database: Database) -> Finding:
    if not database.answers():
        return Finding("database", "fault", f"{database.where} does not answer", "start it")
    if not is_current(database):
        fix = "`run` of this version brings it up; take a `backup` before"
        return Finding("database", "warning", f"{database.where} is of another version", fix)
    return Finding("database", "ok", f"{database.where}: {database.durability()}")


def _access(settings: Settings) -> Finding:
    folder = settings.folder / "broker"
    if not (folder / "acl").exists():
        return Finding("access file", "ok", "the broker has its own")
    users = Credentials(folder).users()
    names = ", ".join(user for user in users if is_hub(user))
    terminals = sum(not is_hub(user) for user in users)
    return Finding("access file", "ok", f"{terminals:,} terminals may connect, and {names}")


def _broker(settings: Settings) -> Finding:
    """Reach the broker, without signing in: under the hub's name that would end the hub's link."""
    if not settings.broker_host:
        return Finding("broker", "ok", f"the hub starts its own on port {settings.broker_port}")
    where = f"{settings.broker_host}:{settings.broker_port}"
    try:
        with socket.create_connection((settings.broker_host, settings.broker_port), _PATIENCE_S):
            pass
    except OSError as error:
        return Finding("broker", "fault", f"{where}: {error}", "start it, or see broker_host")
    return Finding("broker", "ok", f"{where} takes connections")


def _workers(settings: Settings) -> Finding:
    if settings.database_file is not None:
        return Finding("processes", "ok", "one process takes orders, as SQLite wants it")
    if not settings.broker_host:
        fix = "run a broker by itself and set broker_host; then several take orders"
        return Finding("processes", "warning", "the hub's own broker serves one process", fix)
    if not is_hub(settings.broker_user):
        fix = "call it hub, hub-1, hub-2 ...: the access file lets these in"
        return Finding("processes", "fault", f"broker_user is {settings.broker_user}", fix)
    return Finding("processes", "ok", "several processes may take orders")
