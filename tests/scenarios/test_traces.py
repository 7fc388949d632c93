"""One order's way from the first scan to the slip, as a collector of traces hears of it."""

from collections.abc import Iterator

import pytest

from simulators.scenarios.daemon import DaemonCounter
from tests.builders.collector import Collector
from tests.fixtures.printers import eventually
from tests.fixtures.sites import SmallSite

pytestmark = pytest.mark.needs("mosquitto")
WAY = {"scan", "submit", "send", "decide", "answer", "stored", "slip"}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Listen for traces of every program that is started from now on."""
    with Collector().listening() as one:
        monkeypatch.setenv("ORDERWIRE_HUB_TRACES_URL", one.url)
        monkeypatch.setenv("ORDERWIRE_TERMINAL_TRACES_URL", one.url)
        yield one


def test_terminal_and_hub_tell_of_one_order_in_one_trace(
    collector: Collector, small_site: SmallSite
) -> None:
    site = small_site.site
    name, baskets = next(iter(small_site.baskets.items()))

    with DaemonCounter(name, site.paths, broker_port=site.broker_port) as counter:
        counter.ready()
        counter.scan_products(baskets[0])
        counter.submit(len(counter.state()["lines"]))
        counter.quiet()
        eventually(lambda: collector.steps() >= WAY, "every step of the order")

    (submit,) = [one for one in collector.spans if one["name"] == "submit"]
    (decide,) = [one for one in collector.spans if one["name"] == "decide"]
    said = {one["key"]: one["value"] for one in decide["attributes"]}
    parents = {one.get("parentSpanId") for one in collector.spans if one is not submit}
    assert collector.told == {"orderwire-hub", "orderwire-terminal"}
    assert {one["traceId"] for one in collector.spans} == {submit["traceId"]}
    assert parents == {submit["spanId"]}
    assert said["orderwire.terminal"] == {"stringValue": name}
    assert said["orderwire.status"]["stringValue"] in {"confirmed", "confirmed_changed", "held"}
    assert int(submit["endTimeUnixNano"]) <= int(decide["endTimeUnixNano"])
