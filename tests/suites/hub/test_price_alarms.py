"""A terminal that prices the same otherwise than the hub is an alarm; a quote that aged is none."""

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broker.contract import Quote
from hub.desk.rulepacks.model.packed import PackedPack
from rules import load_pack
from tests.builders.counter_prices import CounterPrices, repacked
from tests.builders.market import FILES, Market, packed

pytestmark = pytest.mark.one_engine

TODAY, YESTERDAY = date(2026, 11, 21), date(2026, 11, 20)


@pytest.fixture
def counter(market: Market, tmp_path: Path) -> CounterPrices:
    """Give the prices of a terminal that has what its hub wants it to have."""
    return CounterPrices(market, tmp_path)


def alarms(market: Market) -> list[tuple[Any, ...]]:
    return market.rows(
        "SELECT o.uuid, a.terminal, a.pack_hash, a.quoted_hash, a.recomputed_hash "
        "FROM price_alarm a JOIN order_ o ON o.id = a.order_id"
    )


def test_a_terminal_that_prices_as_the_hub_does_is_confirmed(
    market: Market, counter: CounterPrices
) -> None:
    lines = (("TEA", 3), ("RICE", 20), ("SOAP", 10))

    answer = market.place(*lines, quote=counter.quote(*lines, day=TODAY))

    assert answer.status == "confirmed"
    assert alarms(market) == []


def test_a_terminal_with_tampered_prices_is_an_alarm_and_the_hub_s_price_holds(
    market: Market, counter: CounterPrices, caplog: pytest.LogCaptureFixture
) -> None:
    honest = counter.quote(("TEA", 1), day=TODAY)
    counter.tamper(TEA=10_000)
    quote = counter.quote(("TEA", 1), day=TODAY)

    with caplog.at_level(logging.ERROR):
        answer = market.place(("TEA", 1), quote=quote)

    assert [reason.code for reason in answer.reasons] == ["price_changed"]
    assert answer.totals is not None
    assert answer.totals.payable == 11_000
    assert alarms(market) == [
        (answer.order, "shop-2", honest.pack, quote.price_hash, honest.price_hash)
    ]
    assert "shop-2 prices otherwise than the hub" in caplog.text
    assert caplog.records[-1].__dict__["order"] == answer.order


def test_the_audit_tells_of_alarms_and_finds_the_books_in_order(
    market: Market, counter: CounterPrices
) -> None:
    counter.tamper(TEA=10_000)
    for _ in range(2):
        newest = market.place(("TEA", 1), quote=counter.quote(("TEA", 1), day=TODAY))

    report = market.audit()

    assert report.is_clean
    (note,) = [note for note in report.notes if "priced otherwise" in note]
    assert note.startswith(
        "terminal shop-2: 2 orders were priced otherwise there than the hub does"
    )
    assert note.endswith(f"the newest is {newest.number}")


def test_an_order_sent_again_is_one_alarm(market: Market, counter: CounterPrices) -> None:
    counter.tamper(TEA=10_000)
    order = market.order(("TEA", 1), quote=counter.quote(("TEA", 1), day=TODAY))

    for _ in range(3):
        market.replies(order)

    assert len(alarms(market)) == 1


def test_a_scheme_that_is_used_up_explains_another_price(
    market: Market, counter: CounterPrices
) -> None:
    lines = ("SOAP", 10)
    first, second = (market.place(lines, quote=counter.quote(lines, day=TODAY)) for _ in range(2))

    assert (first.status, second.status) == ("confirmed", "confirmed_changed")
    assert alarms(market) == []


def test_an_order_quoted_before_midnight_is_priced_again_on_its_own_day(
    market: Market, tmp_path: Path
) -> None:
    schemes = json.loads(packed().body)["schemes"]
    for scheme in schemes:
        scheme["to"] = YESTERDAY.isoformat()
    body = repacked(packed().body, version=2, schemes=schemes)
    market.publish(PackedPack(body, load_pack(body)))
    counter = CounterPrices(market, tmp_path)

    answer = market.place(("SOAP", 10), quote=counter.quote(("SOAP", 10), day=YESTERDAY))

    assert answer.status == "confirmed_changed"
    assert alarms(market) == []


def test_a_wrong_price_of_yesterday_is_an_alarm_as_well(
    market: Market, counter: CounterPrices
) -> None:
    counter.tamper(SOAP=1)

    market.place(("SOAP", 10), quote=counter.quote(("SOAP", 10), day=YESTERDAY))

    assert len(alarms(market)) == 1


def test_another_pack_customer_or_catalogue_says_nothing_against_a_terminal(
    market: Market, counter: CounterPrices
) -> None:
    counter.tamper(TEA=10_000)
    quote = counter.quote(("TEA", 1), day=TODAY)
    other = "e" * 64

    for change in ({"pack": other}, {"facts": other}, {"catalogue": other}):
        market.place(("TEA", 1), quote=msgspec.structs.replace(quote, **change))

    assert alarms(market) == []


def test_what_changed_at_the_hub_after_the_quote_is_no_alarm(
    market: Market, counter: CounterPrices
) -> None:
    counter.tamper(TEA=10_000)
    quote = counter.quote(("TEA", 1), day=TODAY)
    market.load(customers=FILES["customers.csv"].replace("Second Shop", "Second Store"))

    market.place(("TEA", 1), quote=quote)

    assert alarms(market) == []


@pytest.mark.parametrize("missing", ["catalogue", "day"])
def test_a_terminal_that_does_not_say_what_it_priced_by_is_not_judged(
    market: Market, counter: CounterPrices, missing: str
) -> None:
    counter.tamper(TEA=10_000)
    quote: Quote = counter.quote(("TEA", 1), day=TODAY)

    answer = market.place(("TEA", 1), quote=msgspec.structs.replace(quote, **{missing: None}))

    assert answer.status == "confirmed_changed"
    assert alarms(market) == []


def test_a_day_beyond_all_calendars_does_not_touch_the_order(
    market: Market, counter: CounterPrices
) -> None:
    counter.tamper(TEA=10_000)
    for day in (date.min, date.max):
        quote = msgspec.structs.replace(counter.quote(("TEA", 1), day=TODAY), day=day)

        assert market.place(("TEA", 1), quote=quote).status == "confirmed_changed"
