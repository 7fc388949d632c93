"""The terminal's settings: one TOML file, overridden by ORDERWIRE_TERMINAL_... variables."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from broker.contract.ids import check_id
from broker.tracing import is_collector
from rules import COUNTER_LANGUAGES
from terminal.core.text import plain

PREFIX: Final = "ORDERWIRE_TERMINAL_"


class SettingsError(Exception):
    """The settings cannot be used; `faults` names every one of them."""

    def __init__(self, faults: list[str]) -> None:
        """Keep all faults: a file is corrected once, not line by line."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Where the broker listens; with `ca_file` the link is TLS and the broker's name is checked."""

    host: str = "127.0.0.1"
    port: int = 1883
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """Which scanner: `path`, `baud` and `bell` (it beeps errors and sent orders) of a serial one.

    One that is a keyboard is told by `device`, `vendor:product[:serial]` or a path; `layout` is the
    country that it is set to. One in the network has `host` and `port`.
    """

    kind: Literal["serial", "keyboard", "tcp", "stdin", "none"] = "none"
    path: str = ""
    host: str = ""
    port: int = 0
    baud: int = 9600
    bell: bool = False
    device: str = ""
    layout: Literal["us", "de", "fr"] = "us"


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """Which printer: `host` and `port` for TCP, `path` for USB; with `baud` and `flow` for serial.

    One that is shared by CUPS has its address as `path`: `ipp://localhost/printers/Counter`. `flow`
    is how a serial printer says that its buffer is full; `profile` names what it can do. With
    `drawer` "cash" the slip of a confirmed order that is paid in cash opens the drawer on it.
    """

    kind: Literal["tcp", "serial", "usb", "cups", "none"] = "none"
    host: str = ""
    port: int = 9100
    path: str = ""
    baud: int = 9600
    flow: Literal["none", "xonxoff", "rtscts", "dsrdtr"] = "none"
    profile: str = "80mm"
    drawer: Literal["never", "cash"] = "never"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Where the small page is served; port 0 is no page."""

    host: str = "127.0.0.1"
    port: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything one terminal is told; `data` is its own folder and nobody else's.

    A counter has up to three scanners, which are all read at once.
    `pack_keys` are the public keys of whom rule packs are taken from, parted by blanks. `language`
    is that of slips, screen and page; `hub` is the address at which
    the device was enrolled. A device that is no terminal yet has neither id nor password. `slots`
    is the folder of the machine's own software, empty where it never updates itself; updates are
    taken from whom the public keys in `software_keys` belong to. `steady_s` is how long a counter
    rests before other software is started, and how long that serves before it is trusted; `trial_s`
    how long it may take for that. `traces_url` is a collector's that hears the steps of each order.
    """

    id: str
    password: str
    data: Path
    broker: BrokerSettings = field(default_factory=BrokerSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    scanner_2: ScannerSettings = field(default_factory=ScannerSettings)
    scanner_3: ScannerSettings = field(default_factory=ScannerSettings)
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    page: PageSettings = field(default_factory=PageSettings)
    queued_after_s: float = 4.0
    heartbeat_s: float = 30.0
    pack_keys: str = ""
    language: str = COUNTER_LANGUAGES[0]
    hub: str = ""
    slots: str = ""
    software_keys: str = ""
    steady_s: float = 10.0
    trial_s: float = 40.0
    traces_url: str = ""

    @property
    def is_enrolled(self) -> bool:
        """Tell whether the device has become a terminal."""
        return bool(self.id and self.password)

    @property
    def scanners(self) -> tuple[ScannerSettings, ...]:
        """Give the scanners that this counter has."""
        named = (self.scanner, self.scanner_2, self.scanner_3)
        return tuple(one for one in named if one.kind != "none")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value with where it came from, for `terminal config`."""

    name: str
    value: str
    source: str


_SECTIONS: Final = {
    "broker": BrokerSettings,
    "scanner": ScannerSettings,
    "scanner_2": ScannerSettings,
    "scanner_3": ScannerSettings,
    "printer": PrinterSettings,
    "page": PageSettings,
}
_BESIDES: Final = {
    "slots": "",
    "software_keys": "",
    "steady_s": 10.0,
    "trial_s": 40.0,
    "traces_url": "",
}
SECRETS: Final = frozenset({"password"})
"""What is shown nowhere: only whether it is set."""


_LAST_PORT: Final = 65_535
_CALLED: Final[Mapping[type, str]] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a text",
}
"""What people call the kinds of values."""


def default_data(environ: Mapping[str, str], home: Path, terminal: str) -> Path:
    """Give the platform's folder for this terminal's data."""
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else home / ".local" / "share") / "orderwire" / "terminal" / terminal


def enrolled_path(path: Path, written: Mapping[str, Any]) -> Path:
    """Name the file in which the device keeps what the hub told it when it was enrolled.

    It stands beside the settings, as `counter-1.enrolled.toml`, unless they name another.
    """
    named = written.get("enrolled")
    return Path(named) if isinstance(named, str) and named else path.with_suffix(".enrolled.toml")


def load_settings(
    path: Path,
    environ: Mapping[str, str],
    *,
    data: Path | None = None,
    home: Path,
    enrolling: bool = False,
) -> tuple[Settings, tuple[Setting, ...]]:
    """Read the files and the variables; raises SettingsError naming every fault.

    What the hub told the device when it was enrolled counts more than the file of settings. A
    device that is `enrolling` may have no id and no password.
    """
    written = parsed(path)
    kept = enrolled_path(path, written)
    told = parsed(kept) if kept.exists() else {}
    known = {item.name for item in fields(Settings)} | {"enrolled"}
    faults = [
        f"{path.name}: {name}: no such setting"
        for name in written
        if name not in _SECTIONS and name not in known
    ]
    sources: list[Setting] = []
    reader = _Reader((_File(kept.name, told), _File(path.name, written)), environ, faults, sources)
    sections = {name: reader.section(name, kind) for name, kind in _SECTIONS.items()}
    terminal = str(reader.value("id", "", ""))
    password = str(reader.value("password", "", ""))
    queued_after = reader.value("queued_after_s", "", 4.0)
    heartbeat = reader.value("heartbeat_s", "", 30.0)
    pack_keys = reader.value("pack_keys", "", "")
    language = str(reader.value("language", "", COUNTER_LANGUAGES[0]))
    folder = reader.value("data", "", "")
    hub = str(reader.value("hub", "", ""))
    besides = {name: reader.value(name, "", default) for name, default in _BESIDES.items()}
    if terminal or not enrolling:
        try:
            check_id(terminal)
        except ValueError as error:
            faults.append(f"{path.name}: id: {error}")
    if language not in COUNTER_LANGUAGES:
        faults.append(
            f"{path.name}: language: {language!r} is not one of {', '.join(COUNTER_LANGUAGES)}"
        )
    faults += [f"{path.name}: {fault}" for fault in _unusable(sections, str(besides["traces_url"]))]
    if not password and not enrolling:
        faults.append(f"{path.name}: password: is missing; `terminal setup` enrols this device")
    if faults:
        raise SettingsError(faults)
    settings = Settings(
        id=terminal,
        password=password,
        data=data or (Path(folder) if folder else default_data(environ, home, terminal or "new")),
        queued_after_s=float(queued_after),
        heartbeat_s=float(heartbeat),
        pack_keys=str(pack_keys),
        language=language,
        hub=hub,
    )
    return replace(settings, **sections, **besides), tuple(sources)


def _unusable(sections: Mapping[str, Any], traces_url: str) -> list[str]:
    """Name what scanners lack, ports that there are not, a collector that is no address."""
    names = [name for name, kind in _SECTIONS.items() if kind is ScannerSettings]
    faults = [f"{name}.{fault}" for name in names for fault in _missing(sections[name])]
    faults += [
        f"{name}.port: {section.port} is not from 0 to {_LAST_PORT}"
        for name, section in sections.items()
        if not 0 <= getattr(section, "port", 0) <= _LAST_PORT
    ]
    if traces_url and not is_collector(traces_url):
        faults.append(f"traces_url: {traces_url!r} is no address as http://hub.example:4318")
    return faults


def _missing(scanner: ScannerSettings) -> list[str]:
    """Name what a scanner of its kind cannot do without."""
    if scanner.kind == "keyboard" and not scanner.device:
        return ["device: is missing; `terminal scanners` lists them"]
    if scanner.kind == "tcp" and not (scanner.host and scanner.port):
        return ["host, port: where the scanner is in the network is missing"]
    return []


def parsed(path: Path) -> Mapping[str, Any]:
    """Read a file of settings as it was written; raises SettingsError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path.name}: {plain(error)}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path.name}: {error}"]) from error


@dataclass(frozen=True, slots=True)
class _File:
    """A file of settings, by its name."""

    name: str
    written: Mapping[str, Any]

    def table(self, section: str) -> Any:  # noqa: ANN401  # as typed in the file
        """Give a section as it was written, or the whole."""
        return self.written.get(section, {}) if section else self.written


@dataclass(frozen=True, slots=True)
class _Reader:
    """Looks a value up: variable, then files in their order, then default.

    It notes what it took and what is wrong.
    """

    files: tuple[_File, ...]
    environ: Mapping[str, str]
    faults: list[str]
    sources: list[Setting]

    def section(self, name: str, kind: type[Any]) -> Any:  # noqa: ANN401  # one of the section classes
        """Read one [section]."""
        known = {item.name: item for item in fields(kind)}
        for file in self.files:
            table = file.table(name)
            if not isinstance(table, dict):
                self.faults.append(f"{file.name}: [{name}] is not a table")
                return kind()
            self.faults.extend(
                f"{file.name}: {name}.{key}: no such setting" for key in table if key not in known
            )
        values = {key: self.value(key, name, item.default) for key, item in known.items()}
        for key, item in known.items():
            choices = get_args(item.type)
            if choices and values[key] not in choices:
                fault = f"{values[key]!r} is not one of {', '.join(choices)}"
                self.faults.append(f"{self.files[-1].name}: {name}.{key}: {fault}")
        return kind(**values)

    def value(self, key: str, section: str, default: Any) -> Any:  # noqa: ANN401  # as typed in the file
        """Read one value of the default's type."""
        name = f"{section}.{key}" if section else key
        variable = PREFIX + name.upper().replace(".", "_")
        found, source = default, "default"
        for file in reversed(self.files):
            table = file.table(section)
            if key in table:
                found, source = table[key], file.name
        if variable in self.environ:
            found, source = self.environ[variable], variable
        try:
            value = _typed(found, default)
        except ValueError:
            self.faults.append(f"{source}: {name}: {found!r} is not {_CALLED[type(default)]}")
            return default
        shown = "(set)" if key in SECRETS and value else str(value)
        self.sources.append(Setting(name, shown, source))
        return value


def _typed(found: Any, default: Any) -> Any:  # noqa: ANN401  # checked against the default's type
    """Read `found` as the default's type; text from variables is converted."""
    if isinstance(default, bool):
        if str(found).lower() in {"true", "false"}:
            return str(found).lower() == "true"
        raise ValueError
    number = isinstance(found, int | float) and not isinstance(found, bool)
    if isinstance(found, str) or (number and not isinstance(default, str)):
        return type(default)(found)
    raise ValueError
