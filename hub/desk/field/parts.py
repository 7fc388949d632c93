"""What the field brings to the hub: the phone's page, acts, pages, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.field import api, words
from hub.desk.field.acts import FieldActs
from hub.desk.field.acts.keep_entry import KeepEntry
from hub.desk.field.acts.plan_beats import PlanBeats
from hub.desk.field.commands import add
from hub.desk.field.pages import phone, team
from hub.desk.field.promises import CHECK
from hub.desk.field.store.entries import TOPIC
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "field",
    routers=(phone.router, team.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry("/field", "menu.field", "map-pin", "field.visit", 50, key="v", under=()),
        MenuEntry(
            *("/field/team", "menu.team", "users", "field.read", 52),
            key="f",
            under=("/field/team", "/field/visits", "/field/beats"),
        ),
    ),
    words={"field_words": words},
    commands=(add,),
    permissions={"field": ("visit", "read", "plan")},
    topics={TOPIC: "field.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions) -> FieldActs:
    """Make the acts of the field."""
    return FieldActs(
        keep=KeepEntry(transactions, ground.clock), plan=PlanBeats(transactions, ground.clock)
    )
