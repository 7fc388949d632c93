"""What the commands of tasks do."""

import argparse

from hub.base.access import EVERYTHING
from hub.base.commands import opened
from hub.base.listing import Wanted
from hub.desk.field.acts import FieldActs
from hub.desk.field.acts.settle_task import TaskFields
from hub.desk.field.commands.steps import read_day_of, tell_refusal, today_of
from hub.desk.field.reads.interactions import SOONEST, list_interactions
from hub.desk.people.commands.proving import prove_user

_MOST = 100


def run_tasks(arguments: argparse.Namespace) -> int:
    """List tasks, the soonest first."""
    given = {"owner": arguments.owner, "customer": arguments.customer, "state": arguments.state}
    chosen = {name: (value,) for name, value in given.items() if value}
    wanted = Wanted(SOONEST, "", {**chosen, "about": ("complaint",)}, size=_MOST)
    with opened(arguments) as ground, ground.database.read() as connection:
        day = today_of(ground)
        page = list_interactions(connection, wanted, day=day, scope=EVERYTHING)
    for row in page.rows:
        print(f"{row.uuid}  {row.due_day}  {row.state(day)}  {row.owner}  {row.code}  {row.text}")
    return 0


def run_settle(arguments: argparse.Namespace) -> int:
    """Hand a task over, or say that it is done or open again."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.settle")
        wanted = TaskFields(arguments.owner, read_day_of(arguments.due), arguments.done)
        act = ground.part(FieldActs).settle
        done = act(arguments.task, wanted, why=arguments.why, by=account.name, scope=scope)
        tell_refusal(done)
        print(f"{arguments.task}: settled")
    return 0
