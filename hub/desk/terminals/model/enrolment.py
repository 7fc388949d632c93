"""How a device becomes a terminal: the claim for it, what it is told, and why it is not let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Protocol, get_args

HOUR_MS: Final = 3_600_000
CLAIM_HOURS: Final = 24
"""How long a claim can be used where nobody says otherwise."""
MOST_HOURS: Final = 14 * 24
"""How long at most: a slip in the post."""
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that lead to the machine itself."""

ClaimState = Literal["open", "waiting", "used", "refused", "withdrawn"]
CLAIM_STATES: Final[tuple[ClaimState, ...]] = get_args(ClaimState)
ClaimLook = Literal["none", "open", "waiting", "used", "refused", "withdrawn", "expired"]
"""What people are shown: one whose time is over is expired, a terminal may have none."""

FAULTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "claim_unknown": 404,
        "claim_expired": 410,
        "claim_used": 409,
        "claim_withdrawn": 410,
        "claim_refused": 403,
        "claim_of_other": 409,
        "claim_unreadable": 400,
        "claim_too_often": 429,
        "terminal_unknown": 404,
        "terminal_id_invalid": 422,
        "terminal_there": 409,
        "terminal_customer_unknown": 422,
        "terminal_warehouse_unknown": 422,
        "claim_hours_invalid": 422,
        "claim_waits_not": 409,
        "claim_open_not": 409,
        "terminal_revoked": 409,
        "rotation_unable": 409,
        "rotation_copied": 409,
        "rotation_none": 409,
        "rotation_given": 409,
        "rotation_unreadable": 400,
    }
)
"""Why a device or a person was not let do something about enrolment, with the status of HTTP."""


class EnrolmentError(Exception):
    """Something about enrolment was not done; `code` is one of FAULTS, `about` what it is of."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


@dataclass(frozen=True, slots=True)
class TerminalClaim:
    """A claim as it is kept; `device`, `address` and `number` are of the device that asked."""

    id: int
    terminal: str
    state: ClaimState
    key: str
    asks: bool
    made_at: int
    made_by: str
    expires_at: int
    asked_at: int | None
    device: str
    address: str
    number: str
    password_sha256: str | None
    password_line: str | None

    def look(self, now_ms: int) -> ClaimLook:
        """Tell its state as people are shown it."""
        is_over = now_ms >= self.expires_at
        return "expired" if is_over and self.state in {"open", "waiting"} else self.state


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a new terminal is told: where the broker is, whose rule packs and updates it takes.

    An empty `host` is the host of the hub's pages. `ca` is a certificate as PEM.
    """

    host: str
    port: int
    ca: str
    pack_keys: str
    software_keys: str = ""


class Secrets(Protocol):
    """Lets terminals in at the broker, and says what they are told."""

    def issue(self, terminal: str, secret: str) -> None:
        """Write the terminal's configuration and let it in at the broker."""

    def admit(self, terminal: str, line: str) -> None:
        """Let a terminal in that made its password itself, by the line that checks it."""

    def withdraw(self, terminal: str) -> None:
        """Let it in no more, and take its configuration away."""

    def meeting(self) -> Meeting:
        """Say what a new terminal is told."""
