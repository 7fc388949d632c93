"""A start on a disk that takes nothing: said at the counter, and tried until it does."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from typing import Final

from terminal.app.settings import Settings
from terminal.core.ports import Clock, Signals
from terminal.core.screen import Screen
from terminal.core.words import Voice
from terminal.page import Page
from terminal.store import Store

_log = logging.getLogger(__name__)
_TRY_EVERY_S: Final = 2.0


def open_store(settings: Settings, clock: Clock) -> Store:
    """Open the records; what is damaged is put aside under the time of `clock`."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(clock.wall_ms() / 1000))
    return Store(settings.data, stamp)


async def wait_for_disk(
    settings: Settings, opening: Callable[[], Store], signals: Signals
) -> Store:
    """Give the opened records, however long the disk is full or cannot be written.

    Raises StoreInUseError where another terminal has them.
    """
    store, why = _opened(opening)
    if store is not None:
        return store
    voice = Voice(settings.language)
    screen = Screen(
        terminal=settings.id,
        said=voice.text("trouble.disk"),
        tone="error",
        light="red",
        language=settings.language,
    )
    async with _page(settings, screen):
        while store is None:
            signals.beep("error")
            signals.show(screen)
            await asyncio.sleep(_TRY_EVERY_S)
            store, why = _opened(opening, told=why)
    _log.warning("the records are open again")
    return store


def _opened(opening: Callable[[], Store], *, told: str = "") -> tuple[Store | None, str]:
    """Give the records, or None and why they cannot be opened: logged unless it is `told`."""
    try:
        return opening(), ""
    except (OSError, sqlite3.Error) as error:
        why = str(error)
        if why != told:
            _log.error("the records cannot be opened: %s", why)
        return None, why


@contextlib.asynccontextmanager
async def _page(settings: Settings, screen: Screen) -> AsyncIterator[None]:
    """Show the trouble on the page as well; what is typed there changes nothing."""
    if not settings.page.port:
        yield
        return
    page = Page(screen=lambda: screen, scan=lambda _code: None)
    with contextlib.suppress(OSError):
        await page.open(settings.page.host, settings.page.port)
    serving = asyncio.create_task(page.serve())
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
