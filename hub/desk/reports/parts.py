"""What reports bring to the hub: their pages, the API, a command, and tiles of the first page."""

from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING, Session
from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.jobs.mailing import MailHost
from hub.base.transaction import Transactions
from hub.desk.field.reads.targets import OwnTargets
from hub.desk.people.acts import PeopleActs
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.acts.replan_reports import ReplanReports
from hub.desk.reports.acts.schedule_report import ScheduleReport
from hub.desk.reports.acts.send_report import SendReport
from hub.desk.reports.acts.write_report import WriteReport
from hub.desk.reports.api import reports as api_reports
from hub.desk.reports.api import schedules as api_schedules
from hub.desk.reports.commands import report as report_command
from hub.desk.reports.commands import schedules as schedule_commands
from hub.desk.reports.pages import reports, schedules, target_tiles, tiles
from hub.desk.reports.store import SEND
from hub.web.noun import MenuEntry, Noun, Tiles

NOUN: Final = Noun(
    "reports",
    routers=(schedules.router, reports.router, api_schedules.router, api_reports.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/reports", "menu.reports", "columns", "reports.read", 45, key="b"),),
    permissions={"reports": ("read", "schedule")},
    commands=(report_command.add, schedule_commands.add),
    tiles=(Tiles(10, tiles.read_tiles),),
)
"""Reports: one typed request for each, made by a form, a link or a question in words."""


def build(
    ground: Ground, transactions: Transactions, *, jobs: Jobs, mail: MailHost
) -> tuple[ReportActs, OwnTargets]:
    """Make the acts of reports, have those sent that are scheduled, and tell phones of targets."""

    def session_for(name: str) -> Session | None:
        return ground.part(PeopleActs).sign_in.session_for(name)

    send = SendReport(transactions, mail, session_for, schedules.write_file, EVERYTHING)
    jobs.handle_outside(SEND, send)
    acts = ReportActs(
        schedule=ScheduleReport(transactions, ground.clock),
        replan=ReplanReports(transactions, ground.clock),
        file=WriteReport(transactions, schedules.write_file),
    )
    return acts, OwnTargets(target_tiles.read_for_phone)
