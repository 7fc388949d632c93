"""What is found of one thing that a hub needs."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing, and what to do about it; `fix` is empty where all is well."""

    what: str
    state: State
    told: str
    fix: str = ""
