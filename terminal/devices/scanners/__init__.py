"""Barcode scanners: lines, keyboards, network and standard input, their bytes cut into codes."""

from terminal.devices.scanners.input_devices import choose, keyboards
from terminal.devices.scanners.keyboard import as_read, layouts
from terminal.devices.scanners.lines import BlankPeriod, SymbolCutter
from terminal.devices.scanners.network import TcpScanner
from terminal.devices.scanners.sources import (
    DeviceScanner,
    KeyboardScanner,
    NoScanner,
    SerialScanner,
    StdinScanner,
)
from terminal.devices.scanners.together import ScannersTogether

__all__ = [
    "BlankPeriod",
    "DeviceScanner",
    "KeyboardScanner",
    "NoScanner",
    "ScannersTogether",
    "SerialScanner",
    "StdinScanner",
    "SymbolCutter",
    "TcpScanner",
    "as_read",
    "choose",
    "keyboards",
    "layouts",
]
