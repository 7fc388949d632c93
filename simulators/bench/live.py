"""Tell open pages what happens: the paper, the terminal's screen, the switches, each scan."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from simulators.devices.paper import (
    Barcode,
    Cut,
    DrawerKick,
    Feed,
    Line,
    Picture,
    QrCode,
    StreamFault,
)
from simulators.devices.printer import Event, FaultsChanged, Printed

SLIPS_SHOWN: Final = 12
"""A page opened later begins with this many of the latest slips."""
_KEEP_ALIVE_S: Final = 15
_BACKLOG: Final = 2000
"""Messages; a page that is further behind is let go, and its browser connects anew."""


@dataclass(frozen=True, slots=True)
class Message:
    """One server-sent event."""

    kind: str
    body: object

    def encode(self) -> bytes:
        """Write it as the browser's EventSource reads it."""
        return f"event: {self.kind}\ndata: {json.dumps(self.body, ensure_ascii=False)}\n\n".encode()


class Live:
    """Knows the present picture and passes on each change; lives in one event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[asyncio.Queue[Message | None]] = set()
        self._latest: dict[str, Message] = {}
        self._roll: deque[list[Message]] = deque([[]], maxlen=SLIPS_SHOWN + 1)
        self._index = 0
        self._closed = False

    def attach(self) -> None:
        """Live in the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    def from_printer(self, event: Event) -> None:
        """Take what the printer says, from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._on_printer, event)

    def call(self, act: Callable[[], None]) -> None:
        """Do something on the loop, from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(act)

    def close(self) -> None:
        """Let all pages go, from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._close)

    def tell(self, kind: str, body: object) -> None:
        """Tell all pages, and those that open later, unless nothing has changed."""
        message = Message(kind, body)
        if self._latest.get(kind) != message:
            self._latest[kind] = message
            self._send(message)

    def tell_once(self, kind: str, body: object) -> None:
        """Tell the pages that are open now."""
        self._send(Message(kind, body))

    async def follow(self) -> AsyncIterator[bytes]:
        """Give one page the present picture, then each change."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        for message in self._latest.values():
            queue.put_nowait(message)
        queue.put_nowait(Message("roll", {}))
        for slip in self._roll:
            for message in slip:
                queue.put_nowait(message)
        self._pages.add(queue)
        try:
            while not self._closed:
                try:
                    async with asyncio.timeout(_KEEP_ALIVE_S):
                        news = await queue.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if news is None:
                    return
                yield news.encode()
        finally:
            self._pages.discard(queue)

    def _on_printer(self, event: Event) -> None:
        match event:
            case FaultsChanged(faults):
                self.tell("faults", sorted(faults))
            case Printed(slip, Cut()):
                self._on_roll(Message("cut", {"slip": slip}))
                self._roll.append([])
                self._index = 0
            case Printed(_, DrawerKick(pin)):
                self.tell_once("drawer", {"pin": pin})
            case Printed(_, StreamFault(reason)):
                self.tell_once("stream", {"reason": reason})
            case Printed(slip, Feed() | Line() | Picture() | QrCode() | Barcode() as drawn):
                text = "" if isinstance(drawn, Feed) else drawn.text
                strip = {"slip": slip, "index": self._index, "dots": drawn.dots, "text": text}
                self._on_roll(Message("strip", strip))
                self._index += 1

    def _close(self) -> None:
        self._closed = True
        for queue in self._pages:
            queue.put_nowait(None)

    def _on_roll(self, message: Message) -> None:
        self._roll[-1].append(message)
        self._send(message)

    def _send(self, message: Message) -> None:
        for queue in tuple(self._pages):
            if queue.qsize() > _BACKLOG:
                self._pages.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(message)
