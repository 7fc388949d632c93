"""How this device becomes a terminal: a slip is scanned, the hub asked, and the answer kept."""

from terminal.app.enrolment.desk import EnrolmentDesk, EnrolmentEndedError
from terminal.app.enrolment.kept import ClaimNotKeptError

__all__ = ["ClaimNotKeptError", "EnrolmentDesk", "EnrolmentEndedError"]
