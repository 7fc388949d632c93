"""Barcode scanners: lines, keyboards, network and standard input, their bytes cut into codes."""

from terminal.devices.scanners.input_devices import choose, keyboards
from terminal.devices.scanners.lines import BlankPeriod, SymbolCutter
from terminal.devices.scanners.network import TcpScanner
from terminal.devices.scanners.sources import (
    KeyboardScanner,
    NoScanner,
    SerialScanner,
    StdinScanner,
)
from terminal.devices.scanners.together import ScannersTogether

__all__ = [
    "BlankPeriod",
    "KeyboardScanner",
    "NoScanner",
    "ScannersTogether",
    "SerialScanner",
    "StdinScanner",
    "SymbolCutter",
    "TcpScanner",
    "choose",
    "keyboards",
]
