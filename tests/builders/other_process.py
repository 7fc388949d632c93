"""Another process of the hub, as a child that a test starts, hears and may kill.

`python -m tests.builders.other_process announce URL` commits a change of `orders`. With `stick` it
begins the job that is due, says `working` once the effect is written and not yet kept, and waits
for ever.
"""

import sys
from collections.abc import Callable

from hub.base.jobs import Job
from hub.base.transaction import Transaction
from tests.builders.ground import Ground, open_ground


def announce(ground: Ground) -> None:
    """Change orders."""
    with ground.work() as t:
        t.changed("orders")


def stick(ground: Ground) -> None:
    """Begin the job that is due, and get no further."""

    def handle(t: Transaction, job: Job) -> None:
        ground.mark(t, job)
        print("working", flush=True)
        sys.stdin.read()

    ground.jobs.handle("mark", handle)
    ground.jobs.run_one("stuck")


VERBS: dict[str, Callable[[Ground], None]] = {"announce": announce, "stick": stick}

if __name__ == "__main__":
    with open_ground(sys.argv[2], "orders") as opened:
        VERBS[sys.argv[1]](opened)
