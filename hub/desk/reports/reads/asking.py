"""Makes a request ready to be answered: who asks, and on which day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.engine import completed
from hub.desk.reports.reads.sources import Asked


def ask(
    request: ReportRequest,
    *,
    reader: str,
    now_ms: int,
    zone: ZoneInfo,
    roles: tuple[str, ...] = (),
) -> Asked:
    """Complete a request for a reader, on the day that it is in the distributor's zone.

    `roles` are the reader's: they say which held orders wait for the reader's word.

    Raises UnansweredError.
    """
    today = local_date(now_ms, zone)
    return Asked(completed(request, today), reader, today, now_ms, zone, roles=roles)


def local_date(now_ms: int, zone: ZoneInfo) -> date:
    """Give the day that it is in a zone."""
    return datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone(zone).date()
