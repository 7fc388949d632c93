"""What targets bring to the hub: the act, pages, the API, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.targets import api, words
from hub.desk.targets.acts import TargetActs
from hub.desk.targets.acts.set_target import SetTarget
from hub.desk.targets.commands import add
from hub.desk.targets.pages import targets
from hub.desk.targets.promises import CHECK
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "targets",
    routers=(targets.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            "/targets", "menu.targets", "circle-check", "targets.read", 46, key="q", area="field"
        ),
    ),
    words={"target_words": words},
    commands=(add,),
    permissions={"targets": ("read", "set")},
    topics={"targets": "targets.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions) -> TargetActs:
    """Make the acts of targets."""
    return TargetActs(set=SetTarget(transactions, ground.clock))
