"""What a hub needs beside its books and its broker: mail, the portal, files, a fresh backup."""

import os
import smtplib
import socket
import ssl
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hub.base.jobs.mailing import MailHost
from hub.run.config import ConfigError, Settings
from hub.run.config.mail import mail_of
from hub.run.config.portal import read_portal
from hub.run.operating.finding import Finding
from hub.run.operating.last_backup import read_last_backup

_PATIENCE_S: Final = 3.0
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_DAY_MS: Final = 24 * 3_600_000
_OLD_DAYS: Final = 2
_KEPT: Final = "kept files"
_PORTS: Final = {"http": 80, "https": 443}


def look_at_mail(settings: Settings) -> Finding:
    """Greet the server that takes mails, and sign in there; nothing is sent."""
    host = mail_of(settings)
    if not host.host:
        return Finding("mail", "ok", "no mail_host is set: nobody is sent a mail")
    where = f"{host.host}:{host.port}"
    try:
        host.greet(timeout_s=_PATIENCE_S)
    except (OSError, smtplib.SMTPException) as error:
        fix = "see mail_host, mail_port, mail_security and mail_user in `config`"
        return Finding("mail", "fault", f"{where}: {error}", fix)
    return _look_at_sender(settings, host, where)


def _look_at_sender(settings: Settings, host: MailHost, where: str) -> Finding:
    if not settings.mail_from:
        told = f"{where} takes mails, but they come from {host.sender}"
        return Finding("mail", "warning", told, "set mail_from: many receivers refuse that one")
    leads = settings.pages_url
    if not leads or urlsplit(leads).hostname in _HERE:
        told = f"{where} takes mails, but their links lead to this machine alone"
        return Finding("mail", "warning", told, "set pages_url to where people reach the pages")
    return Finding("mail", "ok", f"{where} takes mails from {host.sender}")


def look_at_portal(settings: Settings) -> Finding:
    """Reach the portal of e-invoices, without signing in."""
    try:
        host, _ = read_portal(settings)
    except ConfigError as error:
        return Finding("portal", "fault", str(error), "see einvoice_url in `config`")
    if not host.url:
        return Finding("portal", "ok", "no einvoice_url is set: no document is sent")
    parts = urlsplit(host.url)
    place = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
    try:
        with socket.create_connection(place, _PATIENCE_S) as connection:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                context.wrap_socket(connection, server_hostname=place[0]).close()
    except OSError as error:
        fix = "documents wait and are sent later; see einvoice_url, and the network"
        return Finding("portal", "fault", f"{place[0]}:{place[1]}: {error}", fix)
    return Finding("portal", "ok", f"{place[0]}:{place[1]} takes connections")


def look_at_photos(settings: Settings) -> Finding:
    """Count the photos of visits, and see that more of them can be kept."""
    return _look_at_folder(settings.folder / "photos", "photos", "none were taken yet")


def look_at_files(settings: Settings) -> Finding:
    """Count the files at records, and see that more of them can be kept."""
    return _look_at_folder(settings.folder / "files", _KEPT, "none were kept yet")


def _look_at_folder(folder: Path, name: str, none: str) -> Finding:
    if not folder.exists():
        return Finding(name, "ok", none)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(name, "fault", f"{folder} cannot be written", "make the hub its owner")
    sizes = [one.stat().st_size for one in _whole(folder)]
    empty = sum(not size for size in sizes)
    told = f"{len(sizes):,} {name}, {sum(sizes) / 1024**2:,.1f} MiB"
    if empty:
        fix = "put them back from a backup: a full disk or a power cut left them so"
        return Finding(name, "warning", f"{told}, {empty} of them empty", fix)
    return Finding(name, "ok", told)


def _whole(folder: Path) -> list[Path]:
    """Find the files that are whole; parts on their way are in a hidden folder."""
    depth = len(folder.parts)
    hidden = (one for one in folder.rglob("*") if one.is_file())
    return [one for one in hidden if not any(p.startswith(".") for p in one.parts[depth:])]


def look_at_backup(settings: Settings) -> Finding:
    """Tell how old the last backup is."""
    if settings.database_file is None:
        told = f"{settings.safe_database} is a server's: pg_dump there is its backup"
        return Finding("backup", "ok", told)
    last = read_last_backup(settings.folder)
    fix = "take one each night: `backup FILE`, onto another disk"
    if last is None:
        return Finding("backup", "warning", "no backup was ever taken", fix)
    taken = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(last.at / 1000))
    days = max(0, int(time.time() * 1000) - last.at) // _DAY_MS
    told = f"the last one is of {taken}, {last.file}"
    if days >= _OLD_DAYS:
        return Finding("backup", "warning", f"{told}: {days} days old", fix)
    return Finding("backup", "ok", told)
