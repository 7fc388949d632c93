"""A Pico W in an emulator: its flash in a file, scanner and printer on ptys, its Wi-Fi on loopback.

    .venv-firmware/bin/python emulated.py --image UF2 --flash FILE --scanner PTY --printer PTY

What the board prints is standard output. It runs as long as its power is on, in real time or slower;
`SIGTERM` keeps what is on its flash. 10.0.0.1, the board's router, leads to this machine.
"""

import argparse
import asyncio
import os
import signal
import sys
import termios
import time
import tty
from collections import deque
from pathlib import Path

from rp2040py.boards import BOARDS, resolve_firmware
from rp2040py.device import MicroPythonDevice
from rp2040py.external.cyw43.nat import TcpReflector

ROUTER = "10.0.0.1"
SLICE_NS = 5_000_000
"""So much of the board's time passes before the world around it is looked at."""
BOOT_S = 120


class Line:
    """A serial line between a pin of the board and a pty: bytes go in at the speed of 9600 baud."""

    BYTE_S = 10 / 9600

    def __init__(self, uart, path):
        self._uart = uart
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._file, termios.TCSANOW)
        self._coming = deque()
        self._next_ns = 0.0
        self._going = bytearray()
        uart.on_byte = self._going.append

    def carry(self, now_ns):
        """Carry what came and what goes."""
        try:
            self._coming.extend(os.read(self._file, 1024))
        except BlockingIOError:
            pass
        fifo = self._uart.rx_fifo
        while self._coming and self._next_ns <= now_ns and fifo.item_count < fifo.size // 2:
            self._uart.feed_byte(self._coming.popleft())
            self._next_ns = max(self._next_ns, now_ns - SLICE_NS) + 1e9 * self.BYTE_S
        if self._going:
            done = os.write(self._file, self._going)
            del self._going[:done]


async def run_in_real_time(simulator, lines):
    """Let the board live, never faster than the world around it: its time-outs are real ones."""
    clock, began = simulator.rp2040.clock, time.monotonic()

    def pause():
        simulator.stopped = True

    alarm = clock.create_alarm(pause)
    while simulator.powered:
        simulator.stopped = False
        alarm.schedule(SLICE_NS)
        while not simulator.stopped:
            simulator._execute_batch()
            await asyncio.sleep(0)
        for line in lines:
            line.carry(clock.nanos)
        ahead = clock.nanos / 1e9 - (time.monotonic() - began)
        if ahead < -1:  # the emulator was slower: it does not hurry afterwards
            began -= ahead
        await asyncio.sleep(max(0, ahead))


async def connect(host, port):
    """Lead to this machine what goes to the router."""
    return await asyncio.open_connection("127.0.0.1" if host == ROUTER else host, port)


async def main():
    parser = argparse.ArgumentParser()
    for name in ("image", "flash", "scanner", "printer"):
        parser.add_argument(f"--{name}", required=True)
    told = parser.parse_args()
    TcpReflector.__init__.__kwdefaults__["connect_fn"] = connect
    board = resolve_firmware(BOARDS["pico_w"], "micropython", told.image)
    device = MicroPythonDevice(board=board, filesystem=Path(told.flash))
    simulator, mcu = device.simulator, device.mcu
    simulator.powered = True
    lines = [Line(mcu.uart[0], told.scanner), Line(mcu.uart[1], told.printer)]
    simulator.execute = lambda: run_in_real_time(simulator, lines)

    def say(data):
        sys.stdout.write(bytes(data).decode("utf-8", "replace").replace("\r", ""))
        sys.stdout.flush()

    device.cdc.on_serial_data = say
    off = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, off.set)
    await device.astart(BOOT_S)
    await off.wait()
    simulator.powered = False
    device.dump_flash_image(told.flash)


asyncio.run(main())
