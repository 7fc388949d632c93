"""Updates of terminals' software: to whom one is offered, in which stage, and when it stops.

One update goes to a few first, and to all once a person says so. `stopped` is what it does by
itself, where so many terminals failed that no other should try it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

UpdateStage = Literal["kept", "first", "all", "paused", "stopped", "ended"]
TryState = Literal[
    "offered", "fetching", "waiting", "trying", "taken", "refused", "failed", "silent", "left"
]
Step = Literal["offer", "widen", "pause", "resume", "end"]

STAGES: Final[tuple[UpdateStage, ...]] = ("kept", "first", "all", "paused", "stopped", "ended")
RUNNING: Final[frozenset[UpdateStage]] = frozenset({"first", "all"})
"""In these stages terminals are told of an update."""
TRY_STATES: Final[tuple[TryState, ...]] = (
    *("offered", "fetching", "waiting", "trying"),
    *("taken", "refused", "failed", "silent", "left"),
)
OPEN: Final[frozenset[TryState]] = frozenset({"offered", "fetching", "waiting", "trying"})
"""A terminal that is not at its end with an update."""
BAD: Final[frozenset[TryState]] = frozenset({"refused", "failed", "silent"})
"""What counts towards the limit at which an update stops."""
STEPS: Final[Mapping[Step, frozenset[UpdateStage]]] = MappingProxyType(
    {
        "offer": frozenset({"kept", "ended"}),
        "widen": frozenset({"first"}),
        "pause": RUNNING,
        "resume": frozenset({"paused", "stopped"}),
        "end": frozenset({"first", "all", "paused", "stopped"}),
    }
)
"""From which stages a step leads on."""

LEADS_ON: Final[frozenset[Step]] = frozenset({"offer", "widen", "resume"})
"""By these steps terminals are told to fetch an update."""

BYTE_CODE: Final = "mpy"
"""Before the version of the byte code of a board, where another machine names its Python."""
BOARDS: Final = ("armv6m", "xtensawin", "host")
"""The kinds of boards, as the firmware's compiler calls them."""
USUAL_SHARE: Final = 5
"""Percent of the terminals that an update is offered to first; at least one."""
USUAL_LIMIT: Final = 1
"""So many terminals may fail before an update stops by itself."""
MOST_LIMIT: Final = 10_000
AT_ONCE: Final = 25
"""So many terminals fetch and try an update at a time, once it is offered to all."""
OFFER_HEARD_MS: Final = 10 * 60_000
"""A terminal that was offered an update and fetched nothing for so long holds nobody up."""
HEARD_MS: Final = 24 * 3_600_000
"""An update is offered first to terminals that were heard within so long."""
SILENT_MS: Final[Mapping[TryState, int]] = MappingProxyType(
    {"trying": 15 * 60_000, "waiting": 24 * 3_600_000}
)
"""A terminal that said last that it tries an update, and was not heard for so long, failed.

The software before comes back within a minute by itself; a shop that closed for the night before
its counter rested is silent until morning, and no failure."""

SOFTWARE_FAULTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "software_unknown": 404,
        "software_network": 403,
        "software_number_taken": 409,
        "software_unreadable": 422,
        "software_key_missing": 422,
        "software_signature_bad": 422,
        "software_bundle_bad": 422,
        "software_step": 409,
        "software_file_lost": 409,
        "software_nobody": 409,
        "software_first_open": 409,
        "software_share_invalid": 422,
        "software_limit_invalid": 422,
        "software_limit_low": 422,
    }
)
"""Why nothing was done about an update, with the status of HTTP."""


class UpdateFault(Exception):  # noqa: N818  # an answer to a person, as CardError is
    """Nothing was done about an update; `code` is one of SOFTWARE_FAULTS, `about` what it is of."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


@dataclass(frozen=True, slots=True)
class Update:
    """An update that was handed to the hub; `name` is what people call it by.

    `stage` is where it is, `reach` how far it was when it was paused or stopped. `signed` is the
    file of its manifest, `digest` names it.
    """

    id: int
    name: str
    number: int
    version: str
    machine: str
    python: str
    digest: str
    signed: bytes
    bundle: str
    size: int
    stage: UpdateStage
    reach: UpdateStage
    share: int
    most_failed: int
    added_at: int
    added_by: str

    @property
    def fields(self) -> dict[str, str | int]:
        """Give what its history tells of."""
        return {"stage": self.stage, "share": self.share, "most_failed": self.most_failed}


def name_of(number: int, machine: str, python: str) -> str:
    """Name an update as its files are: `12-aarch64-py3.11`, of a board `12-armv6m-mpy6`."""
    return f"{number}-{machine}-{python if is_board(python) else f'py{python}'}"


def is_board(python: str) -> bool:
    """Tell a board, which runs MicroPython's byte code of some version, `mpy6`."""
    return python.startswith(BYTE_CODE)


def check_step(update: Update, step: Step) -> None:
    """See that a step leads on from where an update is; raises UpdateFault."""
    if update.stage not in STEPS[step]:
        raise UpdateFault("software_step", update.stage)


def read_share(share: int) -> int:
    """Take a share of the terminals in percent; raises UpdateFault."""
    if not 1 <= share <= 100:  # noqa: PLR2004  # percent
        raise UpdateFault("software_share_invalid", str(share))
    return share


def read_limit(limit: int, *, bad: int) -> int:
    """Take how many terminals may fail, above those that did; raises UpdateFault."""
    if not 1 <= limit <= MOST_LIMIT:
        raise UpdateFault("software_limit_invalid", str(limit))
    if limit <= bad:
        raise UpdateFault("software_limit_low", str(bad))
    return limit


def first_of(candidates: Sequence[str], share: int) -> Sequence[str]:
    """Choose whom an update is offered to first: 5 % of 130 terminals are 7, of three it is one."""
    return candidates[: max(1, -(-len(candidates) * share // 100))]


def heard(before: TryState, said: str, *, is_named: bool, is_there: bool) -> TryState:
    """Follow what a terminal says of an update: `said` is its state, where the update `is_named`.

    Where it `is_there`, the terminal runs it or a later one: on trial, or proven.
    """
    if is_there:
        return "trying" if is_named and said == "trying" else "taken"
    if not is_named:
        return before
    for state in ("fetching", "waiting", "trying", "refused", "failed"):
        if said == state:
            return state
    return before
