"""What working days bring to the hub: the act, the page, the API and commands."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.workdays import api, words
from hub.desk.workdays.acts import WorkdayActs
from hub.desk.workdays.acts.set_workdays import SetWorkdays
from hub.desk.workdays.commands import add
from hub.desk.workdays.pages import workdays
from hub.desk.workdays.store import TOPIC
from hub.web.noun import Noun

NOUN: Final = Noun(
    "workdays",
    routers=(workdays.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    words={"workday_words": words},
    commands=(add,),
    permissions={"workdays": ("read", "set")},
    topics={TOPIC: "workdays.read"},
)


def build(ground: Ground, transactions: Transactions) -> WorkdayActs:
    """Make the acts of working days."""
    return WorkdayActs(set=SetWorkdays(transactions, ground.clock))
