"""Receipt printers: drivers of ESC/POS over any cable, and the proof that a slip is on paper."""

from terminal.devices.printers.cups import CupsPrinter
from terminal.devices.printers.driver import (
    EscposPrinter,
    NoPrinter,
    Patience,
    serial_printer,
    tcp_printer,
    usb_printer,
)

__all__ = [
    "CupsPrinter",
    "EscposPrinter",
    "NoPrinter",
    "Patience",
    "serial_printer",
    "tcp_printer",
    "usb_printer",
]
