"""The log's lines of an order become its steps: each lasts since the one before."""

import logging

from broker.tracing import Span
from terminal.app.diagnosis.traced_log import TracedLog

ORDER, OTHER = "0192f0c1-7d2a-7b3c-8d4e-5f6071829304", "0192f0c1-7d2a-7b3c-8d4e-5f6071829305"
SECOND = 1_000_000_000


class Spans:
    """Keeps the spans that it is given."""

    def __init__(self) -> None:
        self.all: list[Span] = []

    def put(self, span: Span) -> None:
        self.all.append(span)


def say(
    traced: TracedLog, at_s: float, logger: str, words: str, *args: object, **extra: str
) -> None:
    record = logging.LogRecord(f"terminal.app.{logger}", logging.INFO, "", 0, words, args, None)
    record.created = at_s
    vars(record).update(extra)
    traced.handle(record)


def test_each_step_lasts_since_the_one_before_and_submit_since_the_first_scan() -> None:
    spans = Spans()
    traced = TracedLog("shop-1", spans)

    say(traced, 10, "counter", "Tea x 1", order=ORDER, code="8901")
    say(traced, 11, "counter", "Cola x 1", order=OTHER, code="8902")
    say(traced, 13, "counter", "Tea x 2", order=ORDER, code="8901")
    say(traced, 15, "counter", "order stored", order=ORDER, number="shop-1-7")
    say(traced, 16, "postbox", "order sent", order=ORDER)
    say(traced, 18, "postbox", "answer stored", order=ORDER, status="held")
    say(traced, 21, "printing", "slip %s", "printed", order=ORDER)
    say(traced, 22, "terminal", "new catalogue or rules in use")

    told = [(s.name, s.began_ns // SECOND, s.ended_ns // SECOND) for s in spans.all]
    assert told == [
        ("scan", 10, 10),
        ("scan", 11, 11),
        ("scan", 10, 13),
        ("submit", 10, 15),
        ("send", 15, 16),
        ("answer", 16, 18),
        ("slip", 18, 21),
    ]
    assert spans.all[3].said == {"terminal": "shop-1", "number": "shop-1-7"}
    assert spans.all[-1].said == {"terminal": "shop-1", "slip": "printed"}
    assert "8901" not in str(spans.all)


def test_what_goes_wrong_with_an_order_is_a_remark_with_its_fault() -> None:
    spans = Spans()
    record = logging.LogRecord(
        "terminal.app.printing", logging.WARNING, "", 0, "printer lost: %s", ("gone",), None
    )
    record.order = ORDER

    TracedLog("shop-1", spans).handle(record)

    assert [(one.name, one.fault) for one in spans.all] == [("remark", "printer lost: gone")]


def test_orders_that_were_never_ended_are_forgotten_in_the_end() -> None:
    spans = Spans()
    traced = TracedLog("shop-1", spans)
    orders = [f"0192f0c1-7d2a-7b3c-8d4e-{number:012}" for number in range(300)]

    for at, order in enumerate(orders):
        say(traced, at, "counter", "Tea x 1", order=order)
    say(traced, 400, "counter", "order stored", order=orders[0])
    say(traced, 400, "counter", "order stored", order=orders[-1])

    assert [one.began_ns // SECOND for one in spans.all[-2:]] == [400, 299]
