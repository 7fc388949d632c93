"""Grant a day of leave, or refuse it: a granted day is none on which visits are planned."""

from dataclasses import dataclass
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.field.reads.beats import is_walker
from hub.desk.field.store.leaves import decide_leave, lock_leave
from hub.desk.people.store.hands import read_hands
from hub.desk.people.store.rows import user_named


@dataclass(slots=True)
class DecideLeave:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, user: str, day: date, *, granted: bool, why: str = "", by: str, scope: Scope
    ) -> Kept | Refused:
        """Decide a leave of somebody whom one sees; a refusal needs a reason.

        Nobody grants a leave of one's own. Decided once more in the same way, it stays.
        """
        if not granted and not why.strip():
            return refused("leave_why", field="why")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            account = user_named(t, user)
            if account is None or not is_walker(t.connection, account.id, scope=scope):
                return refused("leave_unknown", user=user, day=day.isoformat())
            if read_hands(t.connection).is_one(account.name, by):
                return refused("leave_own", field="user")
            one = lock_leave(t, account.id, account.name, day=day)
            if one is None:
                return refused("leave_unknown", user=user, day=day.isoformat())
            if one.granted is not granted:
                decide_leave(t, one, granted=granted, why=why.strip())
            t.commit()
        return Kept(f"{account.name} {day.isoformat()}", ("leave",))
