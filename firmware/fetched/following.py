"""Takes an update the next step on; loaded for that."""

import asyncio

from firmware import slots
from firmware.fetched.updates import Manifest, UnfitError, bring, drop_parts, take

_TOLD_S = 2
"""So long the hub is given to hear that an update is about to be tried."""
_FIRST_PAUSE_MS = 10_000
_LAST_PAUSE_MS = 600_000


async def go_on(updater: "Updater") -> None:
    """Do what is due: what was scanned first, then what the hub offers."""
    desk = updater.desk
    state = desk.software.state
    if desk.offer is not None:
        await _scanned(updater)
    elif state == "waiting":
        await _start(updater)
    elif state == "fetching":
        await _bring(updater)
    else:
        drop_parts(desk.board.folder)
        updater.may_have_part = False


async def _scanned(updater: "Updater") -> None:
    desk = updater.desk
    offer, desk.offer = desk.offer, None
    if offer is None:
        return
    try:
        await take(desk, offer)
        _choose(updater)
    except (OSError, MemoryError, ValueError, UnfitError, asyncio.TimeoutError) as error:
        desk.remark("warning", "update_failed", "the update was not taken: %s" % error)


def _choose(updater: "Updater") -> None:
    updater.is_chosen = True
    updater.desk.board.say("update", "it is started when no order is open")
    updater.desk.board.wake()


async def _bring(updater: "Updater") -> None:
    """Prove the update that is offered, and put it in its place."""
    desk, software = updater.desk, updater.desk.software
    offer, manifest = software.offer, updater.manifest
    if offer is None:
        return

    def goes_on() -> bool:
        return updater.rests() and software.offer is offer

    updater.may_have_part = True
    state, code, text = "waiting", "", ""
    try:
        if manifest is None or not updater.is_proven():
            updater.pause_ms = _FIRST_PAUSE_MS
            updater.manifest = manifest = Manifest(desk, offer)
        if not await bring(desk, manifest, goes_on):
            return
    except UnfitError as error:
        state, code, text = error.state, error.code, error.text
    if software.offer is not offer:
        return
    if state == "fetching":
        updater.again_ms = desk.board.ticks_ms() + updater.pause_ms
        updater.pause_ms = min(2 * updater.pause_ms, _LAST_PAUSE_MS)
    elif state != "waiting":
        desk.remark("alarm", code, "the update that the hub offers is not taken: " + text)
    software.became(state, code, text)


async def _start(updater: "Updater") -> None:
    """Have what waits started, unless somebody began to scan or it was taken back."""
    desk, manifest = updater.desk, updater.manifest
    desk.software.became("trying")
    await asyncio.sleep(_TOLD_S)
    if manifest is None or not updater.is_proven():
        return
    if not updater.rests():
        desk.software.became("waiting")
        return
    folder = desk.board.folder
    try:
        slots.choose(folder, slots.free_place(folder), manifest.bundle)
    except (OSError, MemoryError):
        desk.software.became("waiting")
        raise
    _choose(updater)
