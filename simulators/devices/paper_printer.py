"""A terminal's printer inside its own program: no cable, no thread, for fleets of hundreds."""

from simulators.devices.mechanism import Fault, Mechanism, Sender
from simulators.devices.paper import Outcome, Paper, Slip
from simulators.devices.profile import UNPACED, PrinterProfile
from terminal.core.ports import Job, NotSentError, PrinterStatus, Proof


class PaperPrinter:
    """The terminal's `Printer` port around the same mechanism as `SimulatedPrinter`."""

    def __init__(self, profile: PrinterProfile | None = None) -> None:
        self._mechanism = Mechanism(profile or PrinterProfile(), UNPACED, self._on_outcome)
        self._sender = Sender()

    async def send(self, job: Job) -> None:
        """Take a job; it is held while something is wrong, and printed after."""
        if not self._mechanism.has_room:
            raise NotSentError("the printer's buffer is full")
        self._mechanism.receive(self._sender, b"".join(job))
        self._mechanism.run(0)

    async def proof(self) -> Proof:
        """Tell whether everything sent is on paper."""
        return "printed" if self._mechanism.has_printed_all else "waiting"

    async def status(self) -> PrinterStatus:
        """Tell what stops the printer."""
        faults = self._mechanism.faults
        if Fault.PAPER_OUT in faults:
            return "paper_out"
        if Fault.COVER_OPEN in faults:
            return "cover_open"
        return "offline" if Fault.OFFLINE in faults else "ready"

    async def aclose(self) -> None:
        """Stay as it is: the paper is looked at afterwards."""

    def fail(self, fault: Fault) -> None:
        """Break something: nothing prints."""
        self._mechanism.set_faults(self._mechanism.faults | {fault})

    def repair(self, fault: Fault) -> None:
        """Put something right; what was held prints."""
        self._mechanism.set_faults(self._mechanism.faults - {fault})
        self._mechanism.run(0)

    @property
    def paper(self) -> Paper:
        """Give the roll with everything printed so far."""
        return self._mechanism.paper

    def slips(self) -> tuple[Slip, ...]:
        """Give all slips that were cut, oldest first."""
        return self.paper.slips()

    def _on_outcome(self, outcome: Outcome) -> None:
        """Ignore the news: a fleet is looked at afterwards."""
