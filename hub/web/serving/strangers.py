"""Who has not signed in waits for a turn: a page that anybody may ask for delays no order."""

import asyncio
from contextlib import AsyncExitStack
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.programs import is_for_programs
from hub.web.sessions import token_of

AT_ONCE: Final = 2
_LOOKS: Final = frozenset({"GET", "HEAD"})
_CHEAP: Final = ("/static/", "/terminal/", "/health")
"""What needs no page, or has guards of its own."""


class StrangersInTurn:
    """Has pages drawn for two strangers at a time; the others wait, and hold no thread.

    A hundred who asked for the page of the sign-in at once kept a counter's answer waiting for
    three seconds: each thread that draws takes its share of the interpreter from the one that
    decides. A turn ends when its page is drawn, so that whoever reads slowly keeps nobody waiting.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, that of a stranger when it is its turn."""
        if scope["type"] != "http" or not _is_strangers_look(scope):
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(self._turns)

            async def send_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await turn.aclose()
                await send(message)

            await self._app(scope, receive, send_on)


def _is_strangers_look(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["method"] not in _LOOKS or path.startswith(_CHEAP) or is_for_programs(path):
        return False
    return token_of(Request(scope)) is None
