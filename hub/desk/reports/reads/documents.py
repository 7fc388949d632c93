"""An answer as JSON, for programs and for the command line."""

from datetime import date
from typing import Any

from hub.desk.reports.model.answers import Answer, Value
from hub.desk.reports.model.requests import write_request


def write_answer(answer: Answer) -> dict[str, Any]:
    """Write an answer: amounts in the minor unit, percents in hundredths, dates as ISO 8601."""
    return {
        "request": write_request(answer.request),
        "row": answer.grain,
        "columns": [{"name": one.name, "kind": one.kind} for one in answer.headings],
        "rows": [
            {
                "key": line.key,
                "code": line.code,
                **{name: _plain(value) for name, value in line.values.items()},
            }
            for line in answer.lines
        ],
        "count": answer.count,
        "totals": dict(answer.totals),
        "currency": answer.currency,
        "scale": answer.scale,
        "compared": [
            {
                "with": one.name,
                "from": one.first.isoformat(),
                "to": one.last.isoformat(),
                "totals": dict(one.totals),
            }
            for one in answer.compared
        ],
    }


def _plain(value: Value) -> Any:  # noqa: ANN401 -- what JSON holds
    return value.isoformat() if isinstance(value, date) else value
