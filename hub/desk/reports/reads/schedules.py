"""Schedules of reports: a person's own, and one for the job that sends it."""

from typing import Any, Final

from sqlalchemy import Connection, Row, select

from hub.base.access import Scope
from hub.desk.reports.model.schedules import Schedule
from hub.desk.reports.tables import report_schedule

_FIELDS: Final = tuple(Schedule.__dataclass_fields__)


def list_schedules(connection: Connection, user_id: int, *, scope: Scope) -> list[Schedule]:
    """List what a person has sent, the newest first; a scope that is not the person's has none."""
    if scope.user is not None and scope.user != user_id:
        return []
    one = report_schedule.c
    query = select(*(one[name] for name in _FIELDS)).where(one.user_id == user_id, one.active)
    return [_made(row) for row in connection.execute(query.order_by(one.id.desc()))]


def read_schedule(connection: Connection, number: int, *, scope: Scope) -> Schedule | None:
    """Read a schedule that has not ended, for who sees everything."""
    one = report_schedule.c
    query = select(*(one[name] for name in _FIELDS)).where(one.id == number, one.active)
    row = connection.execute(query).first() if scope.everything else None
    return _made(row) if row else None


def _made(row: Row[Any]) -> Schedule:
    return Schedule(*list(row))
