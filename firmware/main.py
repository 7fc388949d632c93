"""Starts the terminal on whatever this runs on: ESP32, Pico W, or MicroPython on a computer."""

import asyncio
import gc
import json
import os
import sys

from firmware import slots
from firmware.flash.settings import Settings, keep_settings, load_settings

_OVER_USB = "/over_usb"
"""A file that is there where a board has no scanner and printer of its own."""

_LASTED_S = 60
_COLLECT_BYTES = 16 * 1024
"""Collected so often, the heap stays in large enough pieces."""


def main() -> None:
    """Run for good; on a board the watchdog starts it again where that ends."""
    if sys.platform in ("esp32", "rp2"):
        _run_on_chip()
        return
    from firmware.board.unix import make_board

    asyncio.run(_serve(make_board(sys.argv[1:])))


def _run_on_chip() -> None:
    from firmware import boot

    if sys.platform == "esp32":
        from firmware.board.esp32 import Board
    else:
        from firmware.board.pico_w import Board

    board = Board(over_usb=_is_there(_OVER_USB))
    if boot.bad_starts() > boot.BAD_STARTS or board.is_button_held():
        print("error safe mode: nothing was started; mend it over USB, then switch off and on")
        boot.keep_bad_starts(0)
        return
    board.start_watchdog()
    asyncio.run(_serve(board, boot.keep_bad_starts))


def _is_there(path: str) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True


async def _serve(board: "BaseBoard", lasted: "Callable[[int], None] | None" = None) -> None:
    gc.threshold(_COLLECT_BYTES)
    settings = load_settings(board.folder) or await _enrolled(board)
    # Imported only now: an enrolment needs none of it.
    from firmware.app.terminal import Terminal

    if lasted is not None:
        asyncio.create_task(_good_start(lasted))
    await Terminal(board, settings).run()
    slots.run_again()


async def _good_start(lasted: "Callable[[int], None]") -> None:
    await asyncio.sleep(_LASTED_S)
    lasted(0)


async def _enrolled(board: "BaseBoard") -> Settings:
    """Wait until the claim of this terminal is scanned: one line of JSON, as a QR code."""
    board.say("error", "not enrolled: scan the claim")
    line = b""
    while True:
        board.feed_watchdog()
        try:
            byte = await asyncio.wait_for(board.scanned(), 1)
        except asyncio.TimeoutError:
            continue
        if byte not in b"\r\n":
            line += byte
            continue
        if not line:
            continue
        try:
            settings = keep_settings(board.folder, json.loads(line))
        except (ValueError, AttributeError, OSError) as error:
            board.say("error", "this is no claim: %s" % error)
        else:
            board.say("done", "enrolled as " + settings.id)
            return settings
        line = b""
