"""Spans reach a collector, and where they do not, nobody waits for it."""

import logging
import socket

import pytest

from broker.tracing import Span
from broker.tracing.sending import TraceSender
from tests.builders.collector import Collector

ORDER = "0192f0c1-7d2a-7b3c-8d4e-5f6071829304"


def test_what_was_put_arrives_at_the_latest_when_the_sender_stops() -> None:
    with Collector().listening() as collector:
        sender = TraceSender(f"{collector.url}/", service="orderwire-hub", instance="hub-1")
        sender.start()
        for number in range(1_100):
            sender.put(Span(ORDER, "decide", number, number + 1))
        sender.stop()

    assert [one["startTimeUnixNano"] for one in collector.spans] == [str(n) for n in range(1_100)]
    assert collector.told == {"orderwire-hub"}


@pytest.mark.parametrize("answers", [True, False])
def test_a_collector_that_is_away_or_refuses_is_said_once_and_costs_the_spans_alone(
    caplog: pytest.LogCaptureFixture, *, answers: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        away = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Collector().listening() as collector, caplog.at_level(logging.WARNING):
        url = f"{collector.url}/elsewhere" if answers else away
        sender = TraceSender(url, service="orderwire-hub", instance="hub-1")
        sender.start()
        for number in range(9_000):
            sender.put(Span(ORDER, "decide", number, number + 1))
        sender.stop()

    (said,) = [one.getMessage() for one in caplog.records]
    assert said.startswith("traces do not arrive at 127.0.0.1:")
    assert said.endswith("status 404" if answers else "Connection refused")
    assert collector.spans == []
