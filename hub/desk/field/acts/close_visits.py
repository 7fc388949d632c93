"""Close the visits that nobody ended on their day: a job of the midnight after."""

from datetime import date

from hub.base.jobs import Job
from hub.base.transaction import Transaction
from hub.desk.field.store.entries import close_visits as close


def close_visits(t: Transaction, job: Job) -> None:
    """Close the visits of a person and a day that are open still."""
    close(t, user=int(job.payload["user"]), day=date.fromisoformat(job.payload["day"]))
