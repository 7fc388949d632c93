"""Barcode scanners: serial lines, keyboards and standard input, their bytes cut into codes."""

from terminal.devices.scanners.input_devices import choose, keyboards
from terminal.devices.scanners.lines import BlankPeriod, SymbolCutter
from terminal.devices.scanners.sources import (
    KeyboardScanner,
    NoScanner,
    SerialScanner,
    StdinScanner,
)

__all__ = [
    "BlankPeriod",
    "KeyboardScanner",
    "NoScanner",
    "SerialScanner",
    "StdinScanner",
    "SymbolCutter",
    "choose",
    "keyboards",
]
