"""A report as the command prints it says what people read, and no inner number."""

from zoneinfo import ZoneInfo

from hub.desk.reports.commands import write_table
from hub.desk.reports.model.answers import Answer, Heading, Line
from hub.desk.reports.model.requests import ReportRequest


def test_a_moment_is_printed_where_the_distributor_is() -> None:
    since = Heading("since", "report_fact.since", "moment")
    line = Line("1", {"since": 1_795_988_359_738})
    answer = Answer(
        ReportRequest("held_orders"), "order", [since], [line], {}, 1, "payable", "INR", 2, {}
    )

    assert "2026-11-30 03:09" in write_table(answer, ZoneInfo("Asia/Kolkata"))
