"""What people do with reports: have them sent by mail."""

from dataclasses import dataclass

from hub.desk.reports.acts.schedule_report import ScheduleReport


@dataclass(frozen=True, slots=True)
class ReportActs:
    """The acts of reports."""

    schedule: ScheduleReport
