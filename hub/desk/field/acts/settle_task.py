"""Give a task of the field another owner or day, or write that it is done, or open again."""

from dataclasses import dataclass
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.field.store import interactions as store
from hub.desk.field.store.beats import find_user


@dataclass(frozen=True, slots=True)
class TaskFields:
    """What is wanted of a task: its owner, its day, whether it is done; None leaves it as it is."""

    owner: str | None = None
    due: date | None = None
    done: bool | None = None


@dataclass(slots=True)
class SettleTask:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, task: str, wanted: TaskFields, *, why: str, by: str, scope: Scope
    ) -> Kept | Refused:
        """Settle a task; done or open again needs a reason, and asked for twice is done once."""
        if wanted.done is not None and not why.strip():
            return refused("task_why", field="why")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = store.lock_task(t, task, scope=scope)
            if found is None:
                return refused("task_unknown", task=task)
            owner = found.owner if wanted.owner is None else wanted.owner
            number = found.owner_id if owner == found.owner else find_user(t, owner)
            if number is None:
                return refused("task_owner", field="owner", owner=owner)
            done = found.done_at is not None if wanted.done is None else wanted.done
            due = wanted.due or found.due_day
            store.settle_task(t, found, owner=(number, owner), due=due, done=done, why=why.strip())
            t.commit()
        return Kept(task, ("task",))
