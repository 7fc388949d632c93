"""Runs MicroPython on an emulated Pico W, all of whose connections lead to this machine.

    .venv-firmware/bin/python tests/builders/emulated_pico_w.py IMAGE FILES

`IMAGE` is MicroPython's for the board (UF2), `FILES` a LittleFS as `make_image` writes it. The
console is standard input and output, which have to be a terminal. The guest names this machine by
an address outside of its own network, such as 192.0.2.9: inside it only the gateway answers.
"""

import asyncio
import sys

from rp2040py.cli import main

_opened = asyncio.open_connection


async def _to_this_machine(
    _host: str, port: int
) -> "tuple[asyncio.StreamReader, asyncio.StreamWriter]":
    return await _opened("127.0.0.1", port)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    asyncio.open_connection = _to_this_machine  # type: ignore[assignment]  # as the bridge calls it
    image, files = sys.argv[1:]
    options = ["--board", "pico_w", "--image", image, "--littlefs", files]
    sys.argv[1:] = ["micropython", *options]
    main()
