"""What people and programs do with reports: have them sent by mail, take their files."""

from dataclasses import dataclass

from hub.desk.reports.acts.replan_reports import ReplanReports
from hub.desk.reports.acts.schedule_report import ScheduleReport
from hub.desk.reports.acts.write_report import WriteReport


@dataclass(frozen=True, slots=True)
class ReportActs:
    """The acts of reports."""

    schedule: ScheduleReport
    replan: ReplanReports
    file: WriteReport
