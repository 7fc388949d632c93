"""A case scanned at a counter: decided at the hub by a list of cases, and printed."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from simulators.data import ORDERS, Distributor, read_orders, wholesaler
from simulators.data.distributor import Batch
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.evidence import settle
from tests.fixtures.sites import ask_hub, plan_site

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(300)]

CASE = "18901234500016"
RULES = """
prices:
  - {{id: BY-CASE, level: default, per: CASE, rates: {{"{sku}": 55.00}}}}
schemes:
  - id: FESTIVE
    when: {{coupon: DIWALI, sku: "{sku}"}}
    slabs: [{{from: 1, percent: 10}}]
"""


def with_cases(tmp_path: Path) -> tuple[Distributor, str]:
    """Give a wholesaler whose first product comes in cases of six, and that product's name."""
    today = datetime.now(UTC).date()
    distributor = wholesaler(read_orders(ORDERS).lines[:20], today=today)
    first, *others = distributor.products
    sold = replace(
        first,
        price=Decimal("10.00"),
        pack_sizes={"CASE": 6},
        pack_gtins={"CASE": CASE},
        mrp=Decimal("25.00"),
    )
    pack = copytree(distributor.pack, tmp_path / "rules")
    (pack / "cases.yaml").write_text(RULES.format(sku=first.sku))
    open_to_all = [
        replace(customer, status="active", credit_limit="none")
        for customer in distributor.customers
    ]
    changed = replace(
        distributor,
        pack=pack,
        products=(sold, *others),
        customers=tuple(open_to_all),
        batches=(Batch(first.sku, "LOT-1", 1_000, received=date(2026, 1, 1)),),
    )
    return changed, first.sku


def test_two_scans_of_a_case_are_sold_by_the_list_of_cases_and_printed_so(tmp_path: Path) -> None:
    distributor, sku = with_cases(tmp_path)
    site = plan_site(tmp_path / "site")
    site.prepare(distributor)
    name = distributor.terminals[0]

    with site, DaemonCounter(name, site.paths, broker_port=site.broker_port) as counter:
        counter.ready()
        for code in (CASE, CASE, sku, "OW-QTY-6", "COUPON:diwali"):
            counter.scanner.scan(code)
        seen = counter.until(lambda state: state["coupons"], "the coupon on the screen")
        counter.submit(2)
        counter.quiet()
        slips = [slip.text for slip in counter.slips()]
        audit = ask_hub(site, "audit")
    settlement = settle(site, [counter])

    with sqlite3.connect(site.paths.hub / "hub.db") as books:
        kept = books.execute(
            "SELECT l.quantity, l.unit, l.pack_price, l.gross, l.discount, l.mrp, l.rule, o.status,"
            " r.price_hash = r.quote_price_hash"
            " FROM order_line l JOIN order_ o ON o.id = l.order_id"
            " JOIN order_revision r ON r.order_id = o.id ORDER BY l.line"
        ).fetchall()
    shown = [(line["packs"], line["quantity"]) for line in seen["lines"]]
    assert shown == [("2 CASE", 12), ("", 6)]
    assert kept == [
        (12, "CASE", 550_000, 11_000, 1_100, 250_000, "BY-CASE", "allocated", 1),
        (6, None, None, 6_000, 600, 250_000, kept[1][6], "allocated", 1),
    ]
    assert "2 CASE = 12 x" in slips[-1]
    assert "55.00 a CASE, MRP 25.00" in slips[-1]
    assert "Coupon diwali" in slips[-1]
    assert settlement.complaints() == ()
    assert "recomputes" in audit
