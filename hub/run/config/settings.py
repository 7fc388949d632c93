"""The hub's settings: defaults, then one TOML file, then the environment, then the command line."""

import argparse
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

FILE: Final = "hub.toml"
PREFIX: Final = "ORDERWIRE_HUB_"
_SECRET: Final = frozenset({"broker_password", "mail_password", "assistant_key"})
_IN_URL: Final = re.compile(r"(://[^/@:]*:)[^@]*@")
"""A password in an address, with what stands before it."""
_HIGHEST_PORT: Final = 65_535
_LEASE_BOUNDS: Final = {"lease_percent": 100, "lease_hours": 8_760}
_ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "broker_kind": ("auto", "mosquitto", "amqtt"),
    "discovery": ("no", "yes"),
    "mail_security": ("none", "starttls", "tls"),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
}
"""What some settings may be: `mail_security = "ssl"` would else send a password in the open."""
_ADDRESSES: Final = frozenset({"public_url", "pages_url", "traces_url"})
_HOSTS: Final = frozenset({"hosts", "webhook_inside", "push_inside"})


class ConfigError(Exception):
    """The settings are wrong; the text says which and where from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a hub can be told. Ports of 0 take a free one."""

    folder: Path
    database: str = ""
    """A SQLAlchemy URL; empty: hub.db in the folder."""
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    https_port: int = 8443
    """The port of HTTPS, once `https` has made certificates; 0: a free one."""
    hosts: str = ""
    """Names of this hub in addresses of its pages, commas between; an IP address needs none."""
    trusted_proxies: str = ""
    """Addresses of proxies before the pages, with commas between, that say for whom they speak."""
    broker_host: str = ""
    """Empty: the hub starts its own broker."""
    broker_port: int = 1883
    broker_kind: str = "auto"
    broker_user: str = "hub"
    broker_password: str = ""
    """For a broker of one's own; the embedded one gets a new password at each start."""
    broker_ca: str = ""
    public_url: str = ""
    """Where terminals fetch snapshots; empty: the address the pages are served on."""
    discovery: str = "no"
    """Whether devices that are enrolled find the hub in its network (multicast DNS): yes or no."""
    software_keys: str = ""
    """Whose updates of terminals' software are taken: public keys, blanks between."""
    lease_percent: int = 2
    """How much of what is left of a limited scheme a terminal may give offline; at least one use.

    For up to 50 terminals; where there are more it is less in proportion.
    """
    lease_hours: int = 24
    """How long a terminal that is not heard may give it."""
    mail_host: str = ""
    """The server that takes mails to people; empty: none are sent."""
    mail_port: int = 25
    mail_from: str = ""
    """The address that mails come from."""
    mail_security: str = "none"
    """How the server is spoken to: none, starttls or tls."""
    mail_user: str = ""
    mail_password: str = ""
    pages_url: str = ""
    """The address of the pages, for links in mails; empty: the address they are served on."""
    webhook_inside: str = ""
    """Hosts that webhooks may reach although they are inside the house, commas between."""
    push_inside: str = ""
    """Hosts of push services that are inside the house, commas between: whoever signs in may have
    notices sent there, to whatever address of theirs."""
    einvoice_url: str = ""
    """The portal of e-invoices, or a gateway to it; empty: no document is sent."""
    einvoice_credentials: str = ""
    """A TOML file: `[heads]` go with every request, `[paths]` are a gateway's own."""
    einvoice_key: str = ""
    """A PEM file of the portal's public keys or certificates; empty: signatures are not checked."""
    einvoice_since: str = ""
    """From which day on documents are sent, as 2026-12-01; empty: all that are issued."""
    einvoice_eway: str = "no"
    """Whether the portal makes the e-way bill with an invoice whose goods have left: yes or no."""
    assistant_url: str = ""
    """A server of a language model, as https://.../v1, that may fill a report's form where a
    question is not understood; empty: none is asked, and no question leaves this hub."""
    assistant_model: str = ""
    """The name of the model."""
    assistant_key: str = ""
    log_level: str = "INFO"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    """Where `/metrics` and `/health` of this process are; 0: nowhere."""
    traces_url: str = ""
    """A collector of traces (OTLP over HTTP), as http://127.0.0.1:4318; empty: nobody is told."""

    @property
    def host_names(self) -> frozenset[str]:
        """Name the hosts that the pages answer as."""
        named = (*_parted(self.hosts), self.http_host, urlsplit(self.public_url).hostname or "")
        return frozenset(name for name in named if name)

    @property
    def inside_for_webhooks(self) -> frozenset[str]:
        """Name the hosts inside the house that webhooks may reach."""
        return frozenset(_parted(self.webhook_inside))

    @property
    def inside_for_push(self) -> frozenset[str]:
        """Name the hosts inside the house that notices to phones may reach."""
        return frozenset(_parted(self.push_inside))

    @property
    def proxies(self) -> tuple[str, ...]:
        """Name the addresses whose word on who asks counts."""
        return _parted(self.trusted_proxies)

    @property
    def named_files(self) -> tuple[Path, ...]:
        """Name the files that other settings name."""
        authority = self.broker_ca
        return (
            *(self.folder / one for one in (self.einvoice_credentials, self.einvoice_key) if one),
            *([Path(authority).absolute()] if authority else []),
        )

    @property
    def database_url(self) -> str:
        """Give the database's URL."""
        return self.database or f"sqlite:///{self.folder / 'hub.db'}"

    @property
    def safe_database(self) -> str:
        """Give the database's URL as it may be shown: without a password."""
        return _IN_URL.sub(r"\1***@", self.database_url)

    @property
    def database_file(self) -> Path | None:
        """Give the file of a SQLite database; None where a server keeps it."""
        file = self.database_url.removeprefix("sqlite:///")
        return Path(file) if file != self.database_url else None


def _parted(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Sourced:
    """Settings, and where each came from."""

    settings: Settings
    sources: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Write each setting with its source; secrets are not shown."""
        rows = []
        for one in fields(self.settings):
            value = getattr(self.settings, one.name)
            shown = "***" if one.name in _SECRET and value else _IN_URL.sub(r"\1***@", str(value))
            rows.append(f"{one.name} = {shown!s:<40} # {self.sources.get(one.name, 'default')}")
        return rows


def default_folder(environment: Mapping[str, str]) -> Path:
    """Name the platform's folder for the hub's files."""
    base = environment.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "orderwire" / "hub"


def read_settings(
    given: Mapping[str, object], environment: Mapping[str, str] | None = None
) -> Sourced:
    """Put the settings together; `given` is the command line's, None values left out.

    Raises ConfigError.
    """
    environment = os.environ if environment is None else environment
    folder = Path(str(given.get("folder") or environment.get(f"{PREFIX}FOLDER") or "") or "")
    if folder == Path():
        folder = default_folder(environment)
    names = {one.name: one.type for one in fields(Settings) if one.name != "folder"}
    values: dict[str, object] = {}
    sources = {"folder": "command line" if given.get("folder") else "environment or default"}
    for source, table in (
        (FILE, _read_file(folder / FILE)),
        ("environment", _from_environment(environment, names)),
        ("command line", {k: v for k, v in given.items() if v is not None and k != "folder"}),
    ):
        for name, value in table.items():
            if name not in names:
                raise ConfigError(f"{source}: {name!r} is no setting; see `config`")
            values[name] = _typed(name, value, source=source)
            sources[name] = source
    return Sourced(Settings(folder=folder, **values), sources)  # type: ignore[arg-type]


def sourced(arguments: argparse.Namespace) -> Sourced:
    """Put the settings together for a command, as its arguments say; raises ConfigError."""
    given = {
        name: getattr(arguments, name, None)
        for name in (
            *("http_host", "http_port", "broker_host", "broker_port", "database", "metrics_port"),
        )
    }
    return read_settings({"folder": arguments.data, **given})


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Put the settings together for a command, without their sources."""
    return sourced(arguments).settings


def _read_file(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _from_environment(
    environment: Mapping[str, str], names: Mapping[str, object]
) -> Mapping[str, object]:
    known = {f"{PREFIX}{name.upper()}" for name in (*names, "folder")}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            meant = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise ConfigError(f"environment: {name} is no setting; did you mean {meant}?")
    return {
        name: environment[f"{PREFIX}{name.upper()}"]
        for name in names
        if f"{PREFIX}{name.upper()}" in environment
    }


def _typed(name: str, value: object, *, source: str) -> object:
    """Read a port or a lease's size as a number, everything else as text."""
    if isinstance(value, list | dict):
        raise ConfigError(f"{source}: {name} is a text in quotes; of several, commas between")
    if name in _LEASE_BOUNDS:
        return _whole(name, str(value), source=source)
    if not name.endswith("_port"):
        return _text(name, str(value), source=source)
    text = str(value)
    if not text.isascii() or not text.isdigit() or int(text) > _HIGHEST_PORT:
        raise ConfigError(f"{source}: {name} {text!r} is not a port")
    return int(text)


def _text(name: str, text: str, *, source: str) -> str:
    """Check a text that is one of a few, an address, or names of hosts."""
    may_be = _ONE_OF.get(name)
    if may_be is not None:
        found = next((one for one in may_be if one.lower() == text.lower()), None)
        if found is None:
            raise ConfigError(f"{source}: {name} {text!r} is none of {', '.join(may_be)}")
        return found
    if name in _ADDRESSES and text:
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigError(f"{source}: {name} {text!r} is no address as https://hub.example")
    if name in _HOSTS and "/" in text:
        raise ConfigError(f"{source}: {name} {text!r} is not names of hosts, as erp.example")
    return text


def _whole(name: str, text: str, *, source: str) -> int:
    most = _LEASE_BOUNDS[name]
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise ConfigError(f"{source}: {name} {text!r} is not a whole number from 1 to {most}")
    return int(text)
