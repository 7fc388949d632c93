"""Makes a request ready to be answered: who asks, in which scope, on which day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.desk.parties.reads import read_distributor
from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.engine import completed
from hub.desk.reports.reads.sources import Asked


def ask(
    connection: Connection, request: ReportRequest, *, reader: str, now_ms: int, scope: Scope
) -> Asked:
    """Complete a request for a reader, on the day that it is where the distributor is.

    Raises UnansweredError.
    """
    zone = read_distributor(connection).zone
    today = local_date(now_ms, zone)
    return Asked(completed(request, today), reader, scope, today, now_ms, zone)


def local_date(now_ms: int, zone: ZoneInfo) -> date:
    """Give the day that it is in a zone."""
    return datetime.fromtimestamp(now_ms / 1_000, UTC).astimezone(zone).date()
