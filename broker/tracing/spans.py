"""Steps of orders as spans, and the document that collectors take (OTLP 1, JSON)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

ROOT: Final = "submit"
"""The step that all others of an order hang on: from the first scan until it was stored."""
_INTERNAL: Final = 1
_ERROR: Final = 2


@dataclass(frozen=True, slots=True)
class Span:
    """One step of an order: `decide`, from when to when (Unix nanoseconds), and what is said.

    `order` is the order's UUID. `fault` says what went wrong, empty where nothing did.
    """

    order: str
    name: str
    began_ns: int
    ended_ns: int
    said: Mapping[str, str | int] = field(default_factory=dict)
    fault: str = ""

    @property
    def id(self) -> str:
        """Give its id; that of the root follows from the order alone, so that both ends know it."""
        return _id(self.order, "" if self.name == ROOT else f"{self.name} {self.began_ns}")


class SpanSink(Protocol):
    """Where spans go."""

    def put(self, span: Span) -> None:
        """Take a span; that never waits and never fails."""


def is_collector(url: str) -> bool:
    """Tell whether a text is the address of a collector: `http://127.0.0.1:4318`."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def write_document(
    spans: Iterable[Span], *, service: str, instance: str
) -> Mapping[str, list[dict[str, Any]]]:
    """Write spans as the document that is posted to `/v1/traces`.

    Ids are in hexadecimal, times are texts: a JSON number does not hold nanoseconds.
    """
    resource = {"service.name": service, "service.instance.id": instance}
    scope = {"scope": {"name": "orderwire"}, "spans": [_span(one) for one in spans]}
    return {"resourceSpans": [{"resource": {"attributes": _said(resource)}, "scopeSpans": [scope]}]}


def _span(one: Span) -> dict[str, Any]:
    written: dict[str, Any] = {
        "traceId": one.order.replace("-", ""),
        "spanId": one.id,
        "name": one.name,
        "kind": _INTERNAL,
        "startTimeUnixNano": str(one.began_ns),
        "endTimeUnixNano": str(one.ended_ns),
        "attributes": _said({f"orderwire.{name}": value for name, value in one.said.items()}),
    }
    if one.name != ROOT:
        written["parentSpanId"] = _id(one.order, "")
    if one.fault:
        written["status"] = {"code": _ERROR, "message": one.fault}
    return written


def _said(values: Mapping[str, str | int]) -> list[dict[str, Any]]:
    return [
        {
            "key": name,
            "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value},
        }
        for name, value in values.items()
    ]


def _id(order: str, step: str) -> str:
    return hashlib.sha256(f"{order} {step}".encode()).hexdigest()[:16]
