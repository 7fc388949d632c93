"""Makes the devices that the settings name."""

from terminal.app.settings import PrinterSettings, ScannerSettings
from terminal.core.ports import Printer, Scanner, Signals
from terminal.devices.printers import (
    CupsPrinter,
    NoPrinter,
    serial_printer,
    tcp_printer,
    usb_printer,
)
from terminal.devices.scanners import (
    KeyboardScanner,
    NoScanner,
    SerialScanner,
    StdinScanner,
    choose,
    keyboards,
)
from terminal.devices.signals import PromptSignals, QuietSignals, ScannerBell


def make_scanner(settings: ScannerSettings) -> Scanner:
    """Make the scanner."""
    match settings.kind:
        case "serial":
            return SerialScanner(settings.path, settings.baud)
        case "keyboard":
            return KeyboardScanner(lambda: choose(settings.device, keyboards()), settings.layout)
        case "stdin":
            return StdinScanner()
        case "none":
            return NoScanner()


def make_signals(settings: ScannerSettings, scanner: Scanner) -> Signals:
    """Make what the terminal sounds and speaks with."""
    if settings.bell and isinstance(scanner, SerialScanner):
        return ScannerBell(scanner)
    if isinstance(scanner, StdinScanner):
        return PromptSignals(print)
    return QuietSignals()


def make_printer(settings: PrinterSettings) -> Printer:
    """Make the printer."""
    match settings.kind:
        case "tcp":
            return tcp_printer(settings.host, settings.port, settings.profile)
        case "serial":
            return serial_printer(
                settings.path, settings.baud, settings.profile, flow=settings.flow
            )
        case "usb":
            return usb_printer(settings.path, settings.profile)
        case "cups":
            return CupsPrinter(settings.path)
        case "none":
            return NoPrinter()
