"""What notices bring to the hub: pages, a bell on every page, and the jobs that tell people."""

from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from hub.base.access import EVERYTHING
from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.jobs.mailing import MailHost
from hub.base.jobs.posting import WebPost
from hub.base.transaction import Transactions
from hub.desk.notices import api
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.acts.keep_devices import KeepDevices
from hub.desk.notices.acts.read_notices import ReadNotices
from hub.desk.notices.acts.replan_notices import ReplanNotices
from hub.desk.notices.acts.send_mail import SendMail
from hub.desk.notices.acts.send_push import SendPush
from hub.desk.notices.acts.set_rules import SetRules
from hub.desk.notices.commands import add
from hub.desk.notices.pages import devices, notices
from hub.desk.notices.store import GATHER, MAIL, TELL, TOPIC, expect_change, expect_held, tell
from hub.desk.notices.store.beginning import write_first_rules
from hub.desk.notices.store.devices import PUSH
from hub.desk.orders.model.events import OrderChanged, OrderHeld
from hub.desk.workdays.model import Workdays
from hub.desk.workdays.reads import read_calendar
from hub.web.noun import Bell, Noun

NOUN: Final = Noun(
    "notices",
    routers=(notices.router, devices.router, api.router),
    commands=(add,),
    templates=Path(__file__).parent / "pages" / "templates",
    permissions={"notices": ("rules",)},
    topics={TOPIC: "orders.read"},
    bells=(Bell("/notices", "notices.bell", "message", notices.ring),),
    first_rows=(write_first_rules,),
)


def build(
    ground: Ground, transactions: Transactions, *, jobs: Jobs, mail: MailHost, web: WebPost
) -> NoticeActs:
    """Make the acts of notices, and have people told of what happens to orders."""
    transactions.listen(OrderHeld, partial(expect_held, days_of=_days_of))
    transactions.listen(OrderChanged, partial(expect_change, days_of=_days_of))
    jobs.handle(TELL, partial(tell, days_of=_days_of))
    send = SendMail(transactions, ground.clock, mail)
    jobs.handle_outside(MAIL, send)
    jobs.handle_outside(GATHER, send.gathered)
    contact = f"mailto:{mail.sender}" if mail.sender else ""
    jobs.handle_outside(PUSH, SendPush(transactions, ground.clock, web, contact))
    return NoticeActs(
        read=ReadNotices(transactions, ground.clock),
        rules=SetRules(transactions, ground.clock),
        devices=KeepDevices(transactions, ground.clock),
        replan=ReplanNotices(transactions, ground.clock, _days_of),
    )


def _days_of(connection: Connection, seller: int) -> Workdays:
    """Give the days on which people of a seller are told of orders."""
    return read_calendar(connection, scope=EVERYTHING).of(seller)
