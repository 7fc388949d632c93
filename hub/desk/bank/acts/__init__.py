"""What is done with bank statements: take a file, book rows that a person confirms, leave rows."""

from dataclasses import dataclass

from hub.desk.bank.acts.confirm_rows import ConfirmRows
from hub.desk.bank.acts.leave_row import LeaveRow
from hub.desk.bank.acts.take_statement import TakeStatement


@dataclass(frozen=True, slots=True)
class BankActs:
    """The acts of bank statements."""

    take: TakeStatement
    confirm: ConfirmRows
    leave: LeaveRow
