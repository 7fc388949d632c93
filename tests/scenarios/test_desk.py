"""A counter whose orders are held, and the people at the hub who decide: all of it on paper."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from simulators.data import ORDERS, Distributor, Pick, read_orders, wholesaler
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.evidence import settle
from simulators.scenarios.site import Site
from tests.fixtures.sites import ask_hub

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(300)]

LIMIT = 600


def one_shop() -> tuple[Distributor, str]:
    """Give a wholesaler whose shops may owe 600.00, and a product of 10.00 that is in stock."""
    distributor = wholesaler(read_orders(ORDERS).lines[:20], today=datetime.now(UTC).date())
    first, *others = distributor.products
    limited = [
        replace(customer, status="active", type="retailer", geo="GB", credit_limit=str(LIMIT))
        for customer in distributor.customers
    ]
    stocked = replace(distributor.batches[0], sku=first.sku, batch="LOT-1", on_hand=1_000)
    return replace(
        distributor,
        products=(replace(first, price=Decimal("10.00")), *others),
        customers=tuple(limited),
        batches=(stocked,),
    ), first.sku


def decides(site: Site, act: str, order: str, *said: str) -> None:
    """Have the area's manager decide on an order, at the hub's own command."""
    typed = site.passwords()["meera"] + "\n"
    ask_hub(site, "order", act, order, *said, "--by", "meera", "--password-stdin", typed=typed)


def slip(counter: DaemonCounter, index: int, order: str) -> str:
    """Wait for the counter's slip of this index, which is one of this order; blanks evened out."""
    counter.printer.wait_for_slips(index + 1, timeout_s=60)
    text = counter.slips()[index].text
    assert order in re.sub(r"\s+", "", text)
    return re.sub(r"\s+", " ", text)


def test_what_people_decide_on_held_orders_comes_out_at_the_counter(tmp_path: Path) -> None:
    distributor, sku = one_shop()
    site = Site(tmp_path / "site", say=print)
    site.prepare(distributor)
    name = distributor.terminals[0]

    with site, DaemonCounter(name, site.paths, broker_port=site.broker_port) as counter:
        counter.ready()
        for _ in range(3):
            counter.order([Pick(sku, 60)])
        counter.quiet()
        held = len(counter.slips())
        first, second, third = (record.number for record in counter.records())

        decides(site, "release", first, "--reason", "pays on Friday")
        released = slip(counter, held, first)
        decides(site, "refuse", second, "--reason", "pays late")
        refused = slip(counter, held + 1, second)
        decides(site, "offer", third, "--payment", "cash")
        offered = slip(counter, held + 2, third)
        ask_hub(site, "order", "amend", third, "--line", f"40*{sku}")
        amended = slip(counter, held + 3, third)
        ask_hub(site, "order", "amend", third, "--line", f"20*{sku}")
        again = slip(counter, held + 4, third)
        counter.quiet()
        listed = [json.loads(line) for line in ask_hub(site, "orders", "--json").splitlines()]
        slips = [one.text for one in counter.slips()]
    settlement = settle(site, [counter])

    assert sum("HELD" in text for text in slips[:held]) == 3
    assert "released by meera: pays on Friday" in released
    assert "60 x" in released
    assert "NOTICE, version 2" in released
    assert "Replaces earlier slips" in released
    assert "refused by meera: pays late" in refused
    assert "60 x" not in refused
    assert "60 x" in offered
    assert "40 x" in amended
    assert "20 x" in again
    assert "NOTICE, version 4" in again
    assert {one["number"]: (one["status"], one["revision"]) for one in listed} == {
        first: ("allocated", 2),
        second: ("rejected", 2),
        third: ("allocated", 4),
    }
    assert settlement.complaints() == ()
