"""A board with pins: serial lines, lamps, buzzer, Wi-Fi and watchdog. Subclasses say which pins."""

import asyncio
import sys

import machine
import network

from firmware.board.base import BaseBoard

_BEEP_MS = {"ok": 40, "done": 120, "error": 400}
_JOIN_S = 20
_BAUD = 9600


class ChipBoard(BaseBoard):
    """The pins are numbers; `uart_scanner` and `uart_printer` are (UART, transmit, receive).

    With `over_usb` codes come over USB, as lines of standard input, and slips go as lines, too.
    """

    uart_scanner = (0, 0, 0)
    uart_printer = (0, 0, 0)
    lamp = 0
    buzzer = 0
    button = 0
    watchdog_ms = 8000

    def __init__(self, *, over_usb: bool = False) -> None:
        super().__init__()
        self._lamp = machine.Pin(self.lamp, machine.Pin.OUT)
        self._buzzer = machine.Pin(self.buzzer, machine.Pin.OUT)
        self._watchdog = None
        self._printer_line: machine.UART | None = None
        if over_usb:
            self.scanner = asyncio.StreamReader(sys.stdin.buffer)
            self.printer = "-"
        else:
            self.scanner = asyncio.StreamReader(_uart(self.uart_scanner))
            self._printer_line = _uart(self.uart_printer)
            self.printer = asyncio.StreamReader(self._printer_line)
        self._wifi = network.WLAN(network.STA_IF)

    def is_button_held(self) -> bool:
        """Tell whether the button is held: at a start it asks for safe mode."""
        return not machine.Pin(self.button, machine.Pin.IN, machine.Pin.PULL_UP).value()

    def start_watchdog(self) -> None:
        """Have the chip start again where the main loop stands still; it cannot be stopped."""
        self._watchdog = machine.WDT(timeout=self.watchdog_ms)

    def feed_watchdog(self) -> None:
        """Say that the main loop goes round."""
        if self._watchdog is not None:
            self._watchdog.feed()

    def show(self, tone: str) -> None:
        """Beep by how it went; the lamp is on while there is a link."""
        if tone in _BEEP_MS:
            self._buzzer.on()
            asyncio.create_task(self._quiet(_BEEP_MS[tone]))
        self._lamp.value(self._wifi.isconnected())

    def forget_printer_input(self) -> None:
        """Drop what the printer said before."""
        line = self._printer_line
        while line is not None and line.any():
            line.read(1)

    async def join_network(self, settings: "Settings") -> None:
        """Join the Wi-Fi of the settings; raises OSError where it is not to be had."""
        if self._wifi.isconnected():
            return
        self._wifi.active(False)
        self._wifi.active(True)
        self._wifi.connect(settings.ssid, settings.wifi_password)
        for _ in range(_JOIN_S * 10):
            if self._wifi.isconnected():
                return
            await asyncio.sleep(0.1)
        raise OSError("no Wi-Fi " + settings.ssid)

    async def _quiet(self, after_ms: int) -> None:
        await asyncio.sleep(after_ms / 1000)
        self._buzzer.off()


def _uart(pins: "tuple[int, int, int]") -> machine.UART:
    number, transmit, receive = pins
    line = machine.UART(number, _BAUD)
    line.init(baudrate=_BAUD, tx=machine.Pin(transmit), rx=machine.Pin(receive), rxbuf=512)
    return line
