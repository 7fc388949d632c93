"""How often somebody may try a password or a code, so that nobody locks others out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request, Response
from starlette.requests import ClientDisconnect

from hub.base.limits.buckets import TokenBuckets
from hub.desk.people.model.pauses import Pauses
from hub.web.site import SiteOf

_ADDRESS_BURST: Final = 30
_ADDRESS_REFILL_MS: Final = 2_000
_FREE_FOR_ALL: Final = 20
_AT_ONCE: Final = 2
_COOKIE: Final = "orderwire_browser"
_LASTS_S: Final = 400 * 24 * 60 * 60  # browsers keep no cookie longer (RFC 6265bis)


@dataclass(frozen=True, slots=True)
class Trying:
    """Who tries what from where; `known` is the token of a browser in which it was right before."""

    name: str
    address: str
    known: str = ""


class SignInLimits:
    """Counts wrong tries by name and address, and of strangers by name, with growing pauses.

    Somebody who tries Asha's password from a thousand addresses makes strangers wait for her name;
    her own browser, in which she was right before, is counted by itself and waits for nobody. To
    look at a password keeps a thread busy on purpose: `turns` leaves the others to the pages.
    """

    def __init__(self) -> None:
        self.turns: Final = asyncio.Semaphore(_AT_ONCE)
        self._pauses: Final = Pauses()
        self._strangers: Final = Pauses(free=_FREE_FOR_ALL)
        self._by_address: Final = TokenBuckets(burst=_ADDRESS_BURST, refill_ms=_ADDRESS_REFILL_MS)

    def wait(self, trying: Trying, now_ms: int) -> int:
        """Give how many milliseconds this browser has to wait, if any."""
        own = self._pauses.wait(_key(trying), now_ms)
        if trying.known:
            return own
        strangers = self._strangers.wait(trying.name, now_ms)
        return own or strangers or self._by_address.take(trying.address, now_ms)

    def note(self, trying: Trying, now_ms: int, *, right: bool) -> None:
        """Count a wrong try, or forgive those before a right one."""
        if right:
            self._pauses.forgive(_key(trying))
            return
        self._pauses.note_wrong(_key(trying), now_ms)
        if not trying.known:
            self._strangers.note_wrong(trying.name, now_ms)


async def _turn(request: Request, site: SiteOf) -> AsyncIterator[None]:
    """Have a request wait for one of the turns; whoever waits keeps no thread from the pages.

    For whoever left meanwhile no password is looked at: raises ClientDisconnect.
    """
    async with site.ground.part(SignInLimits).turns:
        if await request.is_disconnected():
            raise ClientDisconnect
        yield


IN_TURN: Final[Any] = Depends(_turn, scope="function")
"""What every address depends on at which a password is looked at or hashed.

Of a hundred at once two are dealt with, and the others wait without a thread.
"""


def browser_token(request: Request) -> str:
    """Read the token by which a browser is known again; empty for a new one."""
    return request.cookies.get(_COOKIE, "")[:64]


def keep_browser_token(request: Request, response: Response, token: str) -> None:
    """Have the browser keep its token over sessions."""
    response.set_cookie(
        _COOKIE,
        token,
        max_age=_LASTS_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/sign-in",
    )


def _key(trying: Trying) -> str:
    return f"{trying.name}\n{trying.known or trying.address}"
