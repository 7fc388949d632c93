"""Strangers wait for a turn: whoever left has none, and a made-up cookie makes nobody known."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send

from hub.base.limits.newest import NewestTokens
from hub.web.serving.strangers import AT_ONCE, StrangersInTurn

KNOWN: Final = "a token that opened a session"


class Pages:
    """Pages that are drawn once somebody says so; `asked` are their paths."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.drawn = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Draw a page, once its whole request has come."""
        whole = await receive()
        self.asked.append(f"{whole['type']} {scope['path']}")
        await self.drawn.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


def asking(
    turns: StrangersInTurn, path: str, *, cookie: str = "", left: bool = False
) -> Coroutine[Any, Any, None]:
    """Ask for a page; who has `left` waits for it no more."""
    headers = [(b"cookie", f"orderwire_session={cookie}".encode())] if cookie else []
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}

    async def receive() -> Message:
        return {"type": "http.disconnect" if left else "http.request"}

    async def send(_message: Message) -> None:
        pass

    return turns(scope, receive, send)


async def until_all_wait(tasks: list[asyncio.Task[None]]) -> None:
    """Let each task go as far as it comes."""
    for _ in range(10 * len(tasks)):
        await asyncio.sleep(0)


def ask_all(*more: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Take every turn, ask for more; gives what was asked for before one ended, and by the end."""

    async def run() -> tuple[list[str], list[str]]:
        pages, known = Pages(), NewestTokens()
        known.note(KNOWN)
        turns = StrangersInTurn(pages, is_known=known.has)
        asked: list[dict[str, Any]] = [{"path": "/sign-in"}] * AT_ONCE
        tasks = [asyncio.create_task(asking(turns, **one)) for one in (*asked, *more)]
        await until_all_wait(tasks)
        before = pages.asked[AT_ONCE:]
        pages.drawn.set()
        await asyncio.gather(*tasks)
        return before, pages.asked[AT_ONCE:]

    return asyncio.run(run())


def test_no_page_is_drawn_for_whoever_left_before_the_turn() -> None:
    before, after = ask_all({"path": "/gone", "left": True}, {"path": "/here"})

    assert before == []
    assert after == ["http.request /here"]


def test_a_made_up_cookie_waits_and_one_that_opened_a_session_does_not() -> None:
    before, after = ask_all(
        {"path": "/made-up", "cookie": "x" * 43}, {"path": "/orders", "cookie": KNOWN}
    )

    assert before == ["http.request /orders"]
    assert after == [*before, "http.request /made-up"]


def test_only_the_newest_tokens_are_known() -> None:
    tokens = NewestTokens(most=2)

    for one in ("first", "second", "first", "third"):
        tokens.note(one)

    assert [tokens.has(one) for one in ("first", "second", "third")] == [True, False, True]
