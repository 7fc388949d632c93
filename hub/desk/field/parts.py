"""What the field brings to the hub: the phone's page, acts, pages, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.kept.hashed import HashedFiles
from hub.base.kept.photos import FOLDER, SUFFIX
from hub.base.transaction import Transactions
from hub.desk.field import api, words
from hub.desk.field.acts import FieldActs
from hub.desk.field.acts.close_visits import close_visits
from hub.desk.field.acts.decide_leave import DecideLeave
from hub.desk.field.acts.keep_entry import KeepEntry
from hub.desk.field.acts.keep_photo import KeepPhoto
from hub.desk.field.acts.plan_beats import PlanBeats
from hub.desk.field.acts.plan_surveys import PlanSurveys
from hub.desk.field.acts.set_selfies import SetSelfies
from hub.desk.field.acts.settle_task import SettleTask
from hub.desk.field.commands import add
from hub.desk.field.pages import deciding, listing, phone, seen, surveys, team
from hub.desk.field.promises import CHECK
from hub.desk.field.reads.snapshot import KeptCatalogue
from hub.desk.field.store.beats import class_stops
from hub.desk.field.store.entries import CLOSE, TOPIC
from hub.desk.field.store.joining import move_to
from hub.desk.field.store.photos import PARTS, PhotoParts
from hub.desk.parties.model.customers import CustomerClassed, CustomerJoined
from hub.web.noun import MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "field",
    routers=(phone.router, deciding.router, seen.router, surveys.router, team.router, *api.ROUTERS),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            "/field",
            "menu.field",
            "map-pin",
            "field.phone",
            50,
            key="v",
            holds="",
            area="field",
            at_hand_unless="approvals.read",
        ),
        MenuEntry(
            "/field/team",
            "menu.team",
            "users",
            "field.read",
            52,
            key="f",
            holds="/field",
            area="field",
            also="/workdays",
        ),
    ),
    words={"field_words": words},
    commands=(add,),
    panels=(Panel("customer", "main", "field_of_customer.html", read=seen.read_of_customer),),
    work=(
        Work("field.settle", 60, listing.read_work),
        Work("field.plan", 62, listing.read_leaves),
    ),
    permissions={"field": ("phone", "visit", "read", "plan", "settle", "outlet")},
    topics={TOPIC: "field.read"},
    promises=(CHECK,),
)


def build(
    ground: Ground, transactions: Transactions, *, jobs: Jobs
) -> tuple[FieldActs, KeptCatalogue]:
    """Make the acts; have visits closed that nobody ends, and rows of joined shops moved.

    Beside them, what keeps the products for phones.
    """
    jobs.handle(CLOSE, close_visits)
    transactions.listen(CustomerJoined, move_to)
    transactions.listen(CustomerClassed, class_stops)
    acts = FieldActs(
        keep=KeepEntry(transactions, ground.clock),
        photos=KeepPhoto(
            transactions,
            ground.clock,
            HashedFiles(ground.folder / FOLDER, SUFFIX),
            PhotoParts(ground.folder / FOLDER / PARTS),
        ),
        plan=PlanBeats(transactions, ground.clock),
        settle=SettleTask(transactions, ground.clock),
        surveys=PlanSurveys(transactions, ground.clock),
        selfies=SetSelfies(transactions, ground.clock),
        leave=DecideLeave(transactions, ground.clock),
    )
    return acts, KeptCatalogue()
