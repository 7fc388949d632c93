"""Spans are written as collectors of OpenTelemetry read them, and both ends hang them on one."""

import json

import pytest

from broker.tracing import Span, is_collector, write_document

ORDER = "0192f0c1-7d2a-7b3c-8d4e-5f6071829304"


def written(*spans: Span) -> list[dict[str, object]]:
    document = write_document(spans, service="orderwire-hub", instance="hub-1")
    (resource,) = json.loads(json.dumps(document))["resourceSpans"]
    (scope,) = resource["scopeSpans"]
    told: list[dict[str, object]] = scope["spans"]
    return told


def test_a_span_names_its_order_its_times_and_what_is_said_of_it() -> None:
    (one,) = written(Span(ORDER, "decide", 5, 9, {"lines": 3, "status": "held"}, "no"))

    assert one["traceId"] == "0192f0c17d2a7b3c8d4e5f6071829304"
    assert (one["startTimeUnixNano"], one["endTimeUnixNano"]) == ("5", "9")
    assert one["attributes"] == [
        {"key": "orderwire.lines", "value": {"intValue": "3"}},
        {"key": "orderwire.status", "value": {"stringValue": "held"}},
    ]
    assert one["status"] == {"code": 2, "message": "no"}


def test_all_steps_of_an_order_hang_on_its_submit_whoever_tells_of_them() -> None:
    submit, send, decide = written(
        Span(ORDER, "submit", 1, 2), Span(ORDER, "send", 2, 3), Span(ORDER, "decide", 2, 3)
    )
    (other,) = written(Span(ORDER[:-1] + "5", "submit", 1, 2))

    assert "parentSpanId" not in submit
    assert send["parentSpanId"] == decide["parentSpanId"] == submit["spanId"]
    assert len({one["spanId"] for one in (submit, send, decide, other)}) == 4
    assert all(len(str(one["spanId"])) == 16 for one in (submit, send, decide, other))
    assert "status" not in submit


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://127.0.0.1:4318", True),
        ("https://traces.example/otlp", True),
        ("traces.example:4318", False),
        ("http://", False),
        ("http://traces.example:port", False),
        ("grpc://traces.example:4317", False),
    ],
)
def test_what_is_no_address_of_a_collector_is_seen(url: str, *, is_one: bool) -> None:
    assert is_collector(url) is is_one
