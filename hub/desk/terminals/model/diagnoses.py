"""What a terminal tells of itself when somebody asks: how it stands, its settings, its log."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

DIAGNOSIS_STATES: Final = ("asked", "here", "unreadable")
"""`asked` waits for the terminal; what came and cannot be read is `unreadable`."""
DIAGNOSES_KEPT: Final = 5
"""How many diagnoses of one terminal are kept."""
DIAGNOSIS_FAULTS: Final[Mapping[str, int]] = MappingProxyType(
    {"terminal_unknown": 404, "diagnosis_unknown": 404, "diagnosis_unable": 409}
)
"""Why nothing was done about a diagnosis, with the status of HTTP."""
FINDING_STATES: Final = ("ok", "warning", "fault")
LOG_LEVELS: Final = ("info", "warning", "error")
_LEVELS: Final = {"WARNING": "warning", "ERROR": "error", "CRITICAL": "error"}
_SHOWN_APART: Final = frozenset({"at", "level", "logger", "message", "terminal", "taskName"})
_LONGEST: Final = 2_000


class DiagnosisError(Exception):
    """Nothing was done about a diagnosis; `code` is one of DIAGNOSIS_FAULTS, `about` of what."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


class Finding(NamedTuple):
    """What a terminal found of one thing; `fix` says what to do, empty where all is well."""

    what: str
    state: str
    told: str
    fix: str


class LogLine(NamedTuple):
    """A line of a terminal's log; `beside` is what else it says, as `name=value`."""

    at: str
    level: str
    text: str
    beside: str


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnosis as it is shown; whatever of it is missing or strange is left out."""

    facts: Sequence[tuple[str, str]]
    findings: Sequence[Finding]
    settings: Sequence[tuple[str, str]]
    log: Sequence[LogLine]


def read_told(text: str) -> Told | None:
    """Read what a terminal told; None for what is no JSON object."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return Told(
        facts=_pairs(told.get("facts")),
        findings=[_finding(one) for one in _dicts(told.get("findings"))],
        settings=_pairs(told.get("settings")),
        log=[_line(one) for one in _list(told.get("log"))],
    )


def _finding(one: Mapping[str, Any]) -> Finding:
    state = one.get("state")
    return Finding(
        _text(one.get("what", "")),
        state if state in FINDING_STATES else "warning",
        _text(one.get("told", "")),
        _text(one.get("fix", "")),
    )


def _line(one: object) -> LogLine:
    """Read a line of the log: a JSON object, or whatever else was written there."""
    try:
        said = json.loads(str(one))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return LogLine("", "info", _text(one), "")
    beside = (
        f"{name}={_text(value)}"
        for name, value in said.items()
        if name not in _SHOWN_APART and value is not None
    )
    return LogLine(
        _text(said.get("at", "")),
        _LEVELS.get(str(said.get("level")), "info"),
        _text(said.get("message", "")),
        " ".join(beside),
    )


def _pairs(given: object) -> list[tuple[str, str]]:
    if not isinstance(given, dict):
        return []
    return [(_text(name), _text(value)) for name, value in given.items()]


def _dicts(given: object) -> list[Mapping[str, Any]]:
    return [one for one in _list(given) if isinstance(one, dict)]


def _list(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _text(value: object) -> str:
    """Write a value; of a long one the end, where a traceback says what happened."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"…{text[-_LONGEST:]}"
