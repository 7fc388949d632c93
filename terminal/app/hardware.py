"""Makes the devices that the settings name."""

from collections.abc import Sequence

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
    ScannersTogether,
    SerialScanner,
    StdinScanner,
    TcpScanner,
    choose,
    keyboards,
)
from terminal.devices.signals import PromptSignals, QuietSignals, ScannerBell


def make_scanners(settings: Sequence[ScannerSettings]) -> ScannersTogether:
    """Make all scanners of a counter, which are read together; none where there is none."""
    return ScannersTogether([_make_scanner(one) for one in settings] or [NoScanner()])


def _make_scanner(settings: ScannerSettings) -> Scanner:
    match settings.kind:
        case "serial":
            return SerialScanner(settings.path, settings.baud)
        case "keyboard":
            return KeyboardScanner(lambda: choose(settings.device, keyboards()), settings.layout)
        case "tcp":
            return TcpScanner(settings.host, settings.port)
        case "stdin":
            return StdinScanner()
        case "none":
            return NoScanner()


def make_signals(settings: Sequence[ScannerSettings], scanners: ScannersTogether) -> Signals:
    """Make what the terminal sounds and speaks with: every scanner that is to beep does."""
    made = list(zip(settings, scanners.scanners, strict=False))  # none named has one in its place
    bells = [one for told, one in made if told.bell and isinstance(one, SerialScanner)]
    if bells:
        return ScannerBell(*bells)
    if any(isinstance(one, StdinScanner) for one in scanners.scanners):
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
