"""Links that let somebody in once: how long they open, and how each stands."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

LINK_LASTS_MS: Final = 7 * 24 * 60 * 60_000
"""A link opens nothing after a week; another is made then."""
LinkState = Literal["open", "used", "ended", "lapsed"]
LINK_STATES: Final[tuple[LinkState, ...]] = get_args(LinkState)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 bits as `secrets.token_urlsafe` writes them."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was let in: the user's number, the name to sign in with, and the link's token.

    The token is given this once: only its hash is kept.
    """

    user: int
    name: str
    token: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class Welcomed:
    """Whom a link is for: the name to sign in with, the name that others read, the parties."""

    user: int
    name: str
    shown: str
    parties: tuple[str, ...]


def is_token(text: str) -> bool:
    """Say whether a text can be the token of a link at all."""
    return bool(_TOKEN.fullmatch(text))


def state_of(*, until_ms: int, used_at: int | None, ended_at: int | None, now_ms: int) -> LinkState:
    """Say how a link stands: one that was used or ended stays so, others lapse after a week."""
    if used_at is not None:
        return "used"
    if ended_at is not None:
        return "ended"
    return "open" if now_ms < until_ms else "lapsed"
