"""Stays connected to the broker, again and again, and is known to be there."""

import asyncio
import gc
import os

from firmware.app.incoming import Incoming
from firmware.constants import HUB_STATUS
from firmware.core.wire import topic
from firmware.mqtt.client import ANSWER_WITHIN_S, Client, LinkError
from firmware.mqtt.packets import Identity

HEARTBEAT_S = 30

_FIRST_PAUSE_MS = 500
_LAST_PAUSE_MS = 30_000
_HELD_MS = 30_000
_VISIT_S = 10
_AWAY_S = 50


class Link:
    """Connects, sends what the postbox has, and hands it what comes.

    A halted board leaves the broker to the first one: of two under one id it lets one in at a time.
    It comes for ten seconds a minute, and only while orders that it took before wait in it.
    """

    def __init__(self, desk: "Desk", postbox: "Postbox") -> None:
        self._desk = desk
        self._postbox = postbox
        self._room = Incoming(desk.board.folder)
        self._status = topic(desk.settings.id, "up", "status")

    async def run(self) -> None:
        """Stay connected until cancelled."""
        board = self._desk.board
        pause_ms = _FIRST_PAUSE_MS
        while True:
            if self._has_left:
                await board.sleep(1000 * _AWAY_S, "link")
                continue
            began = board.ticks_ms()
            reason = await self._visit() if self._desk.card.halted else await self._session()
            self._desk.online = False
            board.say("link", "offline: " + reason)
            board.wake()
            if board.ticks_ms() - began > _HELD_MS:
                pause_ms = _FIRST_PAUSE_MS
            await asyncio.sleep(pause_ms * (128 + os.urandom(1)[0] // 2) / 256_000)
            pause_ms = min(2 * pause_ms, _LAST_PAUSE_MS)

    @property
    def _has_left(self) -> bool:
        """Tell whether this board has to give way, and nothing is left for it to send."""
        desk = self._desk
        return desk.card.halted and not len(desk.outbox) and not desk.remarks

    async def _visit(self) -> str:
        """Send what waits, and give way again; gives why it ended."""
        try:
            return await asyncio.wait_for(self._session(), _VISIT_S)
        except asyncio.TimeoutError:
            await asyncio.sleep(_AWAY_S)
            return "given way to the first machine"

    async def _session(self) -> str:
        """Live through one connection; gives why it ended."""
        desk = self._desk
        client = writer = None
        try:
            await desk.board.join_network(desk.settings)
            opening = desk.board.connect(desk.settings)
            reader, writer = await asyncio.wait_for(opening, ANSWER_WITHIN_S)
            client = Client(
                reader,
                writer,
                room=self._room,
                ticks_ms=desk.board.ticks_ms,
                on_message=self._postbox.deliver,
            )
            await asyncio.wait_for(self._greet(client), 2 * ANSWER_WITHIN_S)
            desk.online = True
            desk.outbox.all_due()
            desk.board.say("link", "online")
            await until_one_ends(
                client.run(), client.keep_alive(), self._heartbeat(client), self._sending(client)
            )
        except LinkError as error:
            return str(error)
        except asyncio.TimeoutError:
            return "no answer"
        except OSError as error:
            # Of the network, or of the flash: what was not stored was not acknowledged.
            desk.reload()
            return repr(error)
        except MemoryError as error:
            # The heap was in too small pieces: the next session begins with whole ones.
            client = None
            gc.collect()
            desk.reload()
            return repr(error)
        finally:
            if writer is not None:
                await _closed(writer)
        return "ended"

    async def _greet(self, client: Client) -> None:
        """Subscribe, see that it was granted, and only then announce the birth."""
        desk = self._desk
        identity = Identity(desk.settings.id, desk.settings.password)
        await client.greet(identity, self._status, self._postbox.status("offline"))
        await client.subscribe([topic(desk.settings.id, "down", "#"), HUB_STATUS])
        await client.publish(self._status, self._postbox.status("online"), retain=True)

    async def _heartbeat(self, client: Client) -> None:
        """Say how the terminal is; some brokers never deliver a will."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            await client.publish(self._status, self._postbox.status("online"), retain=True)

    async def _sending(self, client: Client) -> None:
        desk = self._desk
        while True:
            await self._postbox.send_due(client)
            if desk.card.halted or desk.software.has_news:
                desk.software.has_news = False
                await client.publish(self._status, self._postbox.status("online"), retain=True)
            if self._has_left:
                raise LinkError("halted: given way to the first machine")
            pause_ms = desk.outbox.pause_ms(desk.board.ticks_ms()) if desk.hub_there else 60_000
            await desk.board.sleep(pause_ms, "link")


async def until_one_ends(*parts: "Awaitable[None]") -> None:
    """Run the parts of a session together, and end all of them with the first; raises its error.

    A part that went on alone would send nothing or hear nothing, and nobody would know.
    """
    ended = asyncio.Event()
    errors: list[Exception | None] = [None]  # its place is there also where the heap is full
    tasks = [asyncio.create_task(_part(one, ended, errors)) for one in parts]
    try:
        await ended.wait()
    finally:
        for task in tasks:
            task.cancel()
    if errors[0] is not None:
        raise errors[0]


async def _part(
    work: "Awaitable[None]", ended: "asyncio.Event", errors: "list[Exception | None]"
) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001  # raised again where the session ends
        errors[0] = errors[0] or error
    ended.set()


async def _closed(writer: "asyncio.StreamWriter") -> None:
    try:
        writer.close()
        await asyncio.wait_for(writer.wait_closed(), 1)
    except (OSError, asyncio.TimeoutError):
        return
