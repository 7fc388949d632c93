"""Say to whom a user reports, who stands in, how much the user may decide, which rows are shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.model.accounts import Account, check_owner, is_partner
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.model.reporting import Dated, Measure, makes_circle, overlaps
from hub.desk.people.store.lines import (
    drop_stand_in,
    is_limited,
    lines_of,
    stand_ins_of,
    unknown_rows,
    without_later,
    write_ceiling,
    write_grants,
    write_line,
    write_stand_in,
)
from hub.desk.people.store.rows import user_named, user_numbered


@dataclass(slots=True)
class SetLines:
    """The acts, with what they need; all raise PeopleError."""

    transactions: Transactions
    clock: Clock

    def report_to(self, user: int, manager: str, *, since: date, by: Actor) -> None:
        """Have a user report to somebody from a day on, or, without a name, to nobody."""
        with self._found(user, by) as (t, account):
            other = _named(t, manager, by) if manager else None
            new = Dated(account.id, other.id if other else None, since)
            if makes_circle(without_later(lines_of(t), account.id, since), new):
                raise PeopleError("line_circle", manager)
            write_line(t, account, new, name=other.name if other else "")
            t.commit()

    def stand_in(self, user: int, substitute: str, *, since: date, until: date, by: Actor) -> None:
        """Have somebody decide instead of a user, from a day to another, both included."""
        with self._found(user, by) as (t, account):
            self._write_stand_in(t, account, substitute, since=since, until=until, by=by)
            t.commit()

    def own_stand_in(self, substitute: str, *, since: date, until: date, by: Actor) -> None:
        """Have somebody decide instead of oneself."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            account = _named(t, by.name, by)
            self._write_stand_in(t, account, substitute, since=since, until=until, by=by)
            t.commit()

    def drop_stand_in(self, user: int, *, since: date, by: Actor) -> None:
        """Take a stand-in back, by its first day."""
        with self._found(user, by) as (t, account):
            if not drop_stand_in(t, account, since):
                raise PeopleError("days_invalid")
            t.commit()

    def set_ceiling(self, user: int, measure: Measure, *, amount: int | None, by: Actor) -> None:
        """Let a user decide up to an amount in minor units; None lets the user decide nothing.

        Nobody sets their own ceiling.
        """
        if amount is not None and not 0 <= amount < 2**62:
            raise PeopleError("amount_invalid")
        with self._found(user, by) as (t, account):
            _check_other(account, by)
            write_ceiling(t, account, measure, amount=amount)
            t.commit()

    def set_rows(self, user: int, rows: Sequence[tuple[str, str]], *, by: Actor) -> None:
        """Show a user rows of these sellers, regions, customers, warehouses; none: of the role.

        Nobody sets their own rows, and whoever sees only some gives no more than these.
        """
        with self._found(user, by) as (t, account):
            _check_other(account, by)
            if is_limited(t, by.scope) and "seller" not in dict(rows) and not is_partner(account):
                raise PeopleError("beyond_own")  # without a seller, rows would be the company's
            unknown = unknown_rows(t, rows, scope=by.scope)
            if unknown:
                raise PeopleError("rows_unknown", ", ".join(unknown))
            write_grants(t, account, list(dict.fromkeys(rows)))
            t.commit()

    def _write_stand_in(
        self,
        t: Transaction,
        account: Account,
        substitute: str,
        *,
        since: date,
        until: date,
        by: Actor,
    ) -> None:
        other = _named(t, substitute, by)
        new, there = Dated(account.id, other.id, since, until), stand_ins_of(t)
        if until < since:
            raise PeopleError("days_invalid")
        if overlaps(there, new):
            raise PeopleError("stand_in_overlaps")
        if makes_circle(there, new):
            raise PeopleError("stand_in_circle", other.name)
        write_stand_in(t, account, new, name=other.name)

    @contextmanager
    def _found(self, user: int, by: Actor) -> Iterator[tuple[Transaction, Account]]:
        """Open a transaction with a user whom the actor sees, and may change."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            account = user_numbered(t, user, scope=by.scope)
            if account is None:
                raise PeopleError("user_unknown")
            check_owner(by.roles, *account.roles)
            yield t, account


def _check_other(account: Account, by: Actor) -> None:
    """See that nobody gives rights to oneself; raises PeopleError."""
    if account.id == by.scope.user:
        raise PeopleError("own_rights")


def _named(t: Transaction, name: str, by: Actor) -> Account:
    """Find another user, who has to be there and shown to the actor."""
    found = user_named(t, name)
    if found is None or not found.active or user_numbered(t, found.id, scope=by.scope) is None:
        raise PeopleError("other_unknown", name)
    return found
