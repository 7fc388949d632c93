"""Sign in and out."""

import asyncio
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from hub.base.limits.buckets import TokenBuckets
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.accounts import AGE_LIMIT_MS
from hub.web.pages import draw, words_of
from hub.web.sessions import clear_token, own_path, set_token, token_of
from hub.web.site import Site, SiteOf, site_of

router = APIRouter()

_BURST: Final = 5
_REFILL_MS: Final = 30_000
_ADDRESS_BURST: Final = 30
_ADDRESS_REFILL_MS: Final = 2_000
_AT_ONCE: Final = 4


class SignInLimits:
    """How often somebody may try to sign in, and how many passwords are looked at together.

    To look at a password keeps a thread busy on purpose: `turns` leaves the others to the pages.
    """

    def __init__(self) -> None:
        self.turns: Final = asyncio.Semaphore(_AT_ONCE)
        self._by_name = TokenBuckets(burst=_BURST, refill_ms=_REFILL_MS)
        self._by_address = TokenBuckets(burst=_ADDRESS_BURST, refill_ms=_ADDRESS_REFILL_MS)

    def wait(self, name: str, address: str, now_ms: int) -> int:
        """Count the try; give how many milliseconds this browser has to wait, if any.

        Names are counted with the address: else anybody could lock a user out.
        """
        return self._by_address.take(address, now_ms) or self._by_name.take(
            f"{name.casefold()}\n{address}", now_ms
        )


@router.get("/sign-in")
def ask(request: Request, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """Show the sign-in page."""
    return _page(request, wanted=wanted)


@router.post("/sign-in")
async def enter(
    request: Request,
    site: SiteOf,
    *,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=1024)],
    wanted: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Check name and password, and open a session."""
    entering = partial(_enter, request, site, name=name, password=password, wanted=wanted)
    async with site.ground.part(SignInLimits).turns:
        return await run_in_threadpool(entering)


def _enter(request: Request, site: Site, *, name: str, password: str, wanted: str) -> Response:
    now, name = site.now_ms(), name.strip()
    address = request.client.host if request.client else ""
    limits, acts = site.ground.part(SignInLimits), site.ground.part(PeopleActs).sign_in
    wait_ms = limits.wait(name, address, now)
    if wait_ms:
        seconds = -(-wait_ms // 1000)
        page = _page(
            request,
            wanted=wanted,
            name=name,
            status=429,
            fault=words_of(request).counted("sign_in.too_many", seconds),
        )
        page.headers["Retry-After"] = str(seconds)
        return page
    token = acts.enter(name=name, password=password, address=address, now_ms=now)
    if token is None:
        fault = words_of(request).text("sign_in.wrong")
        return _page(request, wanted=wanted, name=name, status=401, fault=fault)
    previous = token_of(request)
    if previous is not None:
        acts.leave(previous, now_ms=now)
    answer = RedirectResponse(own_path(wanted, site.home), 303)
    set_token(request, answer, token, lasting_ms=AGE_LIMIT_MS)
    return answer


@router.post("/sign-out")
def leave(request: Request, site: SiteOf) -> Response:
    """End the session."""
    token = token_of(request)
    if token is not None:
        site.ground.part(PeopleActs).sign_in.leave(token, now_ms=site.now_ms())
    answer = RedirectResponse("/sign-in", 303)
    clear_token(answer)
    return answer


def _page(
    request: Request, *, wanted: str, name: str = "", status: int = 200, fault: str = ""
) -> Response:
    return draw(
        request,
        "sign_in.html",
        session=None,
        status=status,
        next=own_path(wanted, site_of(request).home),
        name=name,
        fault=fault,
    )
