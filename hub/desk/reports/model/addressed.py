"""A request as the fields of an address: with a period's word, which means other days each day."""

from collections.abc import Mapping
from datetime import date

from hub.desk.reports.model.periods import PERIODS, period_of
from hub.desk.reports.model.requests import (
    FIELDS,
    ReportRequest,
    RequestError,
    read_fields,
    write_fields,
)


def read_request(report: str, fields: Mapping[str, str], today: date) -> ReportRequest:
    """Read a request from an address; a period's word is read anew each day: `today` is today's.

    Raises RequestError.
    """
    word = fields.get("period", "")
    if word in PERIODS:
        days = period_of(word, today)
        ends = {"from": days.first.isoformat(), "to": days.last.isoformat()}
        return read_fields(report, {**fields, **ends})
    first, last = fields.get("from", ""), fields.get("to", "")
    if word and not first and not last:
        raise RequestError([f"there is no period '{word}': {', '.join(PERIODS)}, or from and to"])
    if bool(first) != bool(last):
        fields = {**fields, "from": first or last, "to": last or max(first, today.isoformat())}
    return read_fields(report, fields)


def read_whole_request(report: str, fields: Mapping[str, str], today: date) -> ReportRequest:
    """Read a request in which every field counts: a program's or a command's.

    A misspelt filter that were passed over would give the figures of all. Raises RequestError.
    """
    unknown = sorted(fields.keys() - FIELDS)
    if unknown:
        raise RequestError([f"'{report}' takes no '{name}'" for name in unknown])
    return read_request(report, fields, today)


def query_of(request: ReportRequest) -> list[tuple[str, str]]:
    """Write a request as the fields of an address."""
    fields = write_fields(request)
    if request.period is not None and request.period.expr in PERIODS:
        fields = tuple(one for one in fields if one[0] not in {"from", "to"})
    return list(fields)
