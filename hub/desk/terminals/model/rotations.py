"""How a terminal changes its password when the hub asks: the states, and what is told of one."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

RotationState = Literal["asked", "given", "used", "withdrawn"]
ROTATION_STATES: Final[tuple[RotationState, ...]] = get_args(RotationState)
"""Asked for; the new password is known here, and both are good; the new one was used, and the one
before is good no more; or it was taken back before the terminal gave one."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """One change of a terminal's password: who asked when, and when it was given and used."""

    id: int
    name: str
    terminal: str
    state: RotationState
    asked_at: int
    asked_by: str
    given_at: int | None
    ended_at: int | None
    password_sha256: str | None
