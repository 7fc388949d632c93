"""Look at a terminal's screen, over and over."""

import asyncio
import http.client
import json
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

_EVERY_S: Final = 0.25
_PATIENCE_S: Final = 2


def screen_of_page(page_url: str) -> object:
    """Ask a terminal's own page once; None where it does not answer."""
    parts = urlsplit(page_url)
    connection = http.client.HTTPConnection(
        parts.hostname or "127.0.0.1", parts.port, timeout=_PATIENCE_S
    )
    try:
        connection.request("GET", "/state")
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


async def watch(look: Callable[[], object], tell: Callable[[object], None]) -> None:
    """Tell what the screen shows four times a second, until cancelled."""
    while True:
        tell(await asyncio.to_thread(look))
        await asyncio.sleep(_EVERY_S)
