"""What is given of accounts: the statement of a customer as a file."""

from dataclasses import dataclass

from hub.desk.accounts.acts.give_statement import GiveStatement


@dataclass(frozen=True, slots=True)
class AccountActs:
    """The acts of accounts."""

    statement: GiveStatement
