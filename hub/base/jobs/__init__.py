"""Jobs: what is to be done later, or outside, as leased rows of one table.

A job is enqueued in the transaction that wants it, and done by a worker of any process: claimed
with a lease, worked on, marked done. Effect and mark share one commit, so a job that writes to the
database does it exactly once, however many workers died over it. A job that reaches outside (mail,
webhook) does so at least once, under its key.
"""

from hub.base.jobs.rows import (
    DeadJob,
    Job,
    PlannedJob,
    count_dead,
    count_due,
    dead_jobs,
    enqueue,
    job,
    plan_anew,
    planned_ahead,
    retry,
    withdraw,
)
from hub.base.jobs.runner import JobRunner
from hub.base.jobs.working import (
    Aftermath,
    Handler,
    Jobs,
    OutsideHandler,
    Patience,
    UnhandledJobError,
    WorkerDiedError,
)

__all__ = [
    "Aftermath",
    "DeadJob",
    "Handler",
    "Job",
    "JobRunner",
    "Jobs",
    "OutsideHandler",
    "Patience",
    "PlannedJob",
    "UnhandledJobError",
    "WorkerDiedError",
    "count_dead",
    "count_due",
    "dead_jobs",
    "enqueue",
    "job",
    "plan_anew",
    "planned_ahead",
    "retry",
    "withdraw",
]
