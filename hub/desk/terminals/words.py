"""Words of terminals: how their states look."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look, PageWords
from hub.desk.terminals.model.software import BYTE_CODE, UpdateFault, is_board
from rules import ReasonCode, register

register(
    ReasonCode("group_other", {"terminal": "code", "group": "code"}, "rejects"),
    ReasonCode("group_seller", {"seller": "code"}, "rejects"),
    ReasonCode("group_terminal", {"terminal": "code"}, "rejects"),
    ReasonCode("group_there", {"group": "code"}, "rejects"),
    ReasonCode("group_unknown", {"group": "code"}, "rejects"),
    ReasonCode("group_used", {"group": "code", "count": "count"}, "rejects"),
)

PRESENCES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "copied": Look("presence.copied", "ow-bad", "alert-triangle"),
        "online": Look("presence.online", "ow-good", "wifi"),
        "offline": Look("presence.offline", "ow-quiet", "wifi-off"),
        "lost": Look("presence.lost", "ow-bad", "alert-triangle"),
        "never": Look("presence.never", "ow-quiet", "clock"),
    }
)

REVOKED: Final = Look("terminals.revoked", "ow-bad", "ban")

CLAIMS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "none": Look("enrolment_state.none", "ow-quiet", "clock"),
        "open": Look("enrolment_state.open", "ow-wait", "clock"),
        "waiting": Look("enrolment_state.waiting", "ow-wait", "hand-stop"),
        "used": Look("enrolment_state.used", "ow-good", "check"),
        "refused": Look("enrolment_state.refused", "ow-bad", "ban"),
        "withdrawn": Look("enrolment_state.withdrawn", "ow-quiet", "ban"),
        "expired": Look("enrolment_state.expired", "ow-quiet", "history"),
    }
)

ROTATIONS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "asked": Look("rotation_state.asked", "ow-wait", "clock"),
        "given": Look("rotation_state.given", "ow-wait", "refresh"),
        "used": Look("rotation_state.used", "ow-good", "check"),
        "withdrawn": Look("rotation_state.withdrawn", "ow-quiet", "ban"),
    }
)
"""Of changes of terminals' passwords."""

PRINTERS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "ready": Look("printer.ready", "ow-good", "printer"),
        "offline": Look("printer.offline", "ow-bad", "printer"),
        "paper_out": Look("printer.paper_out", "ow-bad", "printer"),
        "cover_open": Look("printer.cover_open", "ow-wait", "printer"),
        "none": Look("printer.none", "ow-quiet", "printer"),
        "unknown": Look("printer.unknown", "ow-quiet", "printer"),
    }
)

FRESHNESS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "current": Look("freshness.current", "ow-good", "check"),
        "not_here": Look("freshness.not_here", "ow-bad", "alert-triangle"),
        "behind": Look("freshness.behind", "ow-wait", "history"),
        "unknown": Look("freshness.unknown", "ow-quiet", "clock"),
    }
)

_WAITS: Final = Look("pack_held.waits", "ow-wait", "clock")
_REFUSED: Final = Look("pack_held.refused", "ow-bad", "ban")
_WAITING: Final = frozenset({"pack_not_yet", "pack_clock_unset"})


def look_of_pack_held(reason: str) -> Look:
    """Give how a terminal looks that has not put the pack in force that it should have."""
    return _WAITS if reason in _WAITING else _REFUSED


DELIVERIES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "pending": Look("delivery.pending", "ow-wait", "clock"),
        "sent": Look("delivery.sent", "ow-wait", "clock"),
        "acked": Look("delivery.acked", "ow-good", "check"),
    }
)

LEVELS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "info": Look("level.info", "ow-quiet", "bulb"),
        "warning": Look("level.warning", "ow-wait", "alert-triangle"),
        "alarm": Look("level.alarm", "ow-bad", "alert-triangle"),
    }
)

DIAGNOSES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "asked": Look("diagnosis.asked", "ow-wait", "clock"),
        "here": Look("diagnosis.here", "ow-good", "check"),
        "unreadable": Look("diagnosis.unreadable", "ow-bad", "alert-triangle"),
    }
)
"""Of what terminals are asked to tell of themselves."""

FINDINGS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "ok": Look("finding.ok", "ow-good", "check"),
        "warning": Look("finding.warning", "ow-wait", "alert-triangle"),
        "fault": Look("finding.fault", "ow-bad", "alert-triangle"),
    }
)
"""Of what a terminal found of one thing."""

LOG_LINES: Final[Mapping[str, Look]] = MappingProxyType(
    {"info": LEVELS["info"], "warning": LEVELS["warning"], "error": FINDINGS["fault"]}
)
"""Of the lines of a terminal's log."""

UPDATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "kept": Look("update_stage.kept", "ow-quiet", "package"),
        "first": Look("update_stage.first", "ow-wait", "refresh"),
        "all": Look("update_stage.all", "ow-good", "check"),
        "paused": Look("update_stage.paused", "ow-wait", "player-pause"),
        "stopped": Look("update_stage.stopped", "ow-bad", "hand-stop"),
        "ended": Look("update_stage.ended", "ow-quiet", "history"),
    }
)
"""Of updates of terminals' software, by stage."""

TRIES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "offered": Look("update_try.offered", "ow-wait", "clock"),
        "fetching": Look("update_try.fetching", "ow-wait", "download"),
        "waiting": Look("update_try.waiting", "ow-wait", "clock"),
        "trying": Look("update_try.trying", "ow-wait", "refresh"),
        "taken": Look("update_try.taken", "ow-good", "check"),
        "refused": Look("update_try.refused", "ow-bad", "ban"),
        "failed": Look("update_try.failed", "ow-bad", "arrow-back-up"),
        "silent": Look("update_try.silent", "ow-bad", "alert-triangle"),
        "left": Look("update_try.left", "ow-quiet", "history"),
    }
)
"""Of terminals that an update was offered to, by how far they are."""


def say_fault(error: UpdateFault, words: PageWords) -> str:
    """Say why nothing was done about an update."""
    said, about = words.named("software_fault", error.code), error.about
    if error.code == "software_step":
        about = words.named("update_stage", about)
    return f"{said}: {about}" if about else said


def say_machine(machine: str, python: str, words: PageWords) -> tuple[str, str]:
    """Say for which kind of machine software is, and for what on it: `aarch64`, `Python 3.11`."""
    if is_board(python):
        version = python.removeprefix(BYTE_CODE)
        return words.named("board", machine), words.text("software.byte_code", version=version)
    return machine, words.text("software.python", version=python)
