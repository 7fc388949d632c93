"""Simulated counter hardware: a scanner, and printers that draw the paper."""

from simulators.devices.mechanism import Fault
from simulators.devices.paper import Paper, Slip
from simulators.devices.paper_printer import PaperPrinter
from simulators.devices.printer import Event, FaultsChanged, Printed, Received, SimulatedPrinter
from simulators.devices.profile import SERIAL, UNPACED, Pace, PrinterProfile
from simulators.devices.scanner import NobodyReadsError, SimulatedScanner

__all__ = [
    "SERIAL",
    "UNPACED",
    "Event",
    "Fault",
    "FaultsChanged",
    "NobodyReadsError",
    "Pace",
    "Paper",
    "PaperPrinter",
    "Printed",
    "PrinterProfile",
    "Received",
    "SimulatedPrinter",
    "SimulatedScanner",
    "Slip",
]
