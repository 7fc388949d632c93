"""A running hub takes another version of its rule pack between two orders, without a restart."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from broker.contract import Config
from tests.fixtures.hub_process import Counter, HubProcess
from tests.integration.hub.test_hub_process import listed, order

pytestmark = pytest.mark.needs("mosquitto")
Connect = Callable[[str], Counter]

PASSWORD = "correct horse"
PATIENCE_S = 60.0


def draft(hub: HubProcess, tmp_path: Path) -> None:
    """Make soap dearer, and add it as version 2; asha may add, vikram publish."""
    pack = tmp_path / "shop" / "pack"
    head, prices = pack / "pack.yaml", pack / "prices.csv"
    head.write_text(head.read_text().replace("version: 1", "version: 2"))
    prices.write_text(prices.read_text().replace("SOAP,10.00", "SOAP,12.00"))
    for name, role in (("asha", "rule_writer"), ("vikram", "admin")):
        told(hub, "user", "add", name, "--role", role, "--password-stdin")
    told(hub, "pack", "add", str(pack), "--by", "asha", "--password-stdin")


def told(hub: HubProcess, *arguments: str) -> str:
    """Run a command that asks a password, beside the running hub."""
    ran = hub.command(*arguments, typed=f"{PASSWORD}\n")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_next_order_after_publishing_has_the_new_price_and_terminals_are_told(
    hub_process: HubProcess, counter: Connect, tmp_path: Path
) -> None:
    draft(hub_process, tmp_path)
    shop = counter("shop-2")
    shop.send(order("shop-2", 1))
    shop.wait_answered(1)
    shop.wait(lambda: packs(shop))
    before = packs(shop)[-1]

    told(hub_process, "pack", "publish", "2", "--yes", "--by", "vikram", "--password-stdin")
    shop.wait(lambda: packs(shop)[-1] != before)
    shop.send(order("shop-2", 2))
    shop.wait_answered(2)

    assert [row["payable"] for row in listed(hub_process)] == [1_000, 1_200]
    assert hub_process.command("audit").returncode == 0


def test_a_draft_in_shadow_sees_the_orders_of_a_running_hub(
    hub_process: HubProcess, counter: Connect, tmp_path: Path
) -> None:
    draft(hub_process, tmp_path)
    told(hub_process, "pack", "shadow", "2", "--begin", "--by", "asha", "--password-stdin")
    shop = counter("shop-2")

    shop.send(order("shop-2", 1, qty=3))
    shop.wait_answered(1)

    report = shadow(hub_process)
    assert (report["changed"], report["payable_before"], report["payable_after"]) == (1, 3000, 3600)
    assert [row["payable"] for row in listed(hub_process)] == [3_000]


def packs(shop: Counter) -> list[str]:
    """Name the packs that the terminal was told to have, oldest first."""
    return [one.data.pack.hash for one in shop.messages if isinstance(one, Config)]


def shadow(hub: HubProcess) -> dict[str, int]:
    """Ask until the shadow has seen an order: it works on a thread of its own."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        report: dict[str, int] = json.loads(hub.command("pack", "shadow", "2", "--json").stdout)
        if report["orders"]:
            return report
    raise AssertionError("the shadow has seen nothing")
