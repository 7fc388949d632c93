"""A counter whose orders are held, and the people at the hub who decide: all of it on paper."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from simulators.data import ORDERS, Distributor, Pick, read_orders, wholesaler
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.evidence import settle
from simulators.scenarios.site import Site
from tests.fixtures.sites import ask_hub, plan_site

pytestmark = [pytest.mark.needs("mosquitto", "chromium"), pytest.mark.timeout(300)]

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


class Manager:
    """The area's manager at the hub's pages."""

    def __init__(self, site: Site, chromium: Browser) -> None:
        self._page = chromium.new_page(base_url=site.http)
        self._page.goto("/sign-in")
        self._page.get_by_label("Name").fill("meera")
        self._page.get_by_label("Password").fill(site.passwords()["meera"])
        self._page.get_by_role("button", name="Sign in").click()

    def opens(self, order: str) -> Page:
        """Find an order by its number and open it."""
        self._page.goto(f"/orders?q={order}")
        self._page.get_by_role("link", name=order).click()
        return self._page

    def releases(self, order: str) -> None:
        """Say yes."""
        self.opens(order).get_by_role("button", name="Release").click()

    def refuses(self, order: str, why: str) -> None:
        """Say no."""
        self.opens(order).get_by_role("button", name="Refuse").click()
        self._page.get_by_role("dialog").get_by_label("Reason, as the shop will read it").fill(why)
        self._page.get_by_role("button", name="Refuse the order").click()

    def offers_cash(self, order: str) -> None:
        """Say yes to the same for cash."""
        self.opens(order).get_by_role("button", name="Offer something else").click()
        self._page.get_by_role("dialog").get_by_label("Payment").select_option("cash")
        self._page.get_by_role("button", name="Make the offer").click()

    def revisions_of(self, order: str, row: str) -> list[str]:
        """Read one row of an order's revisions, side by side."""
        page = self.opens(order)
        page.get_by_role("heading", name="Revisions side by side").click()
        table = page.get_by_role("region", name="Revisions side by side")
        found = table.get_by_role("row").filter(has_text=row)
        expect(found).to_be_visible()
        return [" ".join(text.split()) for text in found.get_by_role("cell").all_inner_texts()]


def amend(site: Site, order: str, line: str) -> None:
    """Have the sales desk give an order another line, at the hub's own command."""
    proof = ("--by", "asha", "--password-stdin")
    typed = site.passwords()["asha"] + "\n"
    ask_hub(site, "order", "amend", order, "--line", line, *proof, typed=typed)


def slip(counter: DaemonCounter, index: int, order: str) -> str:
    """Wait for the counter's slip of this index, which is one of this order; blanks evened out."""
    counter.printer.wait_for_slips(index + 1, timeout_s=60)
    text = counter.slips()[index].text
    assert order in re.sub(r"\s+", "", text)
    return re.sub(r"\s+", " ", text)


def test_what_people_decide_on_held_orders_comes_out_at_the_counter(
    tmp_path: Path, chromium: Browser
) -> None:
    distributor, sku = one_shop()
    site = plan_site(tmp_path / "site")
    site.prepare(distributor)
    name, product = distributor.terminals[0], distributor.products[0].name

    with site, DaemonCounter(name, site.paths, broker_port=site.broker_port) as counter:
        counter.ready()
        for _ in range(3):
            counter.order([Pick(sku, 60)])
        counter.quiet()
        held = len(counter.slips())
        first, second, third = (record.number for record in counter.records())

        manager = Manager(site, chromium)
        manager.releases(first)
        released = slip(counter, held, first)
        manager.refuses(second, "pays late")
        refused = slip(counter, held + 1, second)
        manager.offers_cash(third)
        offered = slip(counter, held + 2, third)
        amend(site, third, f"40*{sku}")
        amended = slip(counter, held + 3, third)
        amend(site, third, f"20*{sku}")
        again = slip(counter, held + 4, third)
        counter.quiet()
        side_by_side = manager.revisions_of(third, product)
        listed = [json.loads(line) for line in ask_hub(site, "orders", "--json").splitlines()]
        slips = [one.text for one in counter.slips()]
    settlement = settle(site, [counter])

    assert sum("HELD" in text for text in slips[:held]) == 3
    assert "released by meera" in released
    assert "60 x" in released
    assert "NOTICE, revision 2" in released
    assert "Replaces earlier slips" in released
    assert "refused by meera: pays late" in refused
    assert "60 x" not in refused
    assert "60 x" in offered
    assert "payment: cash on delivery instead of on credit" in offered
    assert "40 x" in amended
    assert "40 instead of 60" in amended
    assert "20 x" in again
    assert "NOTICE, revision 4" in again
    assert {one["number"]: (one["status"], one["revision"]) for one in listed} == {
        first: ("allocated", 2),
        second: ("rejected", 2),
        third: ("allocated", 4),
    }
    assert side_by_side == [product, "60 680.94", "60 680.94", "40 459.60", "20 240.00"]
    assert settlement.complaints() == ()
