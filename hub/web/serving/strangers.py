"""Who has not signed in waits for a turn: a page that anybody may ask for delays no order."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

import anyio
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.programs import is_for_programs
from hub.web.sessions import token_of

AT_ONCE: Final = 1
_LOOKS: Final = frozenset({"GET", "HEAD"})
_CHEAP: Final = ("/static/", "/terminal/", "/health")
"""What needs no page, or has guards of its own."""


class StrangersInTurn:
    """Has pages drawn for one stranger at a time; the others wait, and hold no thread.

    A hundred who asked for the page of the sign-in at once kept a counter's answer waiting for
    three seconds: each thread that draws takes its share of the interpreter from the one that
    decides, and several draw no more pages a second than one. A turn ends when its page is drawn,
    so that whoever reads slowly keeps nobody waiting; for whoever left before it, no page is drawn.
    `is_known` says of a cookie's token whether it has opened a session: one that was made up makes
    nobody known.
    """

    def __init__(self, app: ASGIApp, is_known: Callable[[str], bool]) -> None:
        self._app = app
        self._is_known: Final = is_known
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, that of a stranger when it is its turn."""
        if scope["type"] != "http" or not self._is_strangers_look(scope):
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(self._turns)
            first = await _come_by_now(receive)
            if first is not None and first["type"] == "http.disconnect":
                return

            async def receive_on() -> Message:
                nonlocal first
                message, first = first, None
                return await receive() if message is None else message

            async def send_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await turn.aclose()
                await send(message)

            await self._app(scope, receive_on, send_on)

    def _is_strangers_look(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if scope["method"] not in _LOOKS or path.startswith(_CHEAP) or is_for_programs(path):
            return False
        token = token_of(Request(scope))
        return token is None or not self._is_known(token)


async def _come_by_now(receive: Receive) -> Message | None:
    """Give what a request has brought by now, without waiting for more of it; None for nothing."""
    with anyio.CancelScope() as at_once:
        at_once.cancel()
        return await receive()
    return None
