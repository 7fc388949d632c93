"""A market whose documents go to a portal of e-invoices, which a test can have go wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from simulators.portal import PortalServer, Registry
from tests.builders.market import Market
from tests.builders.money import invoices_of

SELLER_GSTIN: Final = "29AAPFU0939F1ZR"
BUYER_GSTIN: Final = "29AAACD1234K1ZS"
_LATER_MS: Final = 3_700_000
"""Longer than any job waits for its next attempt."""


def complete_for_gst(market: Market) -> None:
    """Give the seller, the second shop and the products what e-invoices want."""
    said = {"gstin": SELLER_GSTIN, "address": "1 Main Road", "city": "Bengaluru"}
    keep = invoices_of(market).set_letterhead
    wrong = keep("@house", {**said, "pin": "560001", "state": "29"}, by="asha", scope=EVERYTHING)
    assert wrong is None
    market.change("UPDATE product SET hsn = '0902'")
    market.change(
        "UPDATE customer_profile SET state = '29', gstin = :g, gst_kind = 'registered', "
        "address = '7 Temple Street', city = 'Mysuru', pin = '570001' "
        "WHERE party_id IN (SELECT id FROM party WHERE code = 'C2')",
        g=BUYER_GSTIN,
    )


@contextmanager
def with_portal(
    market: Market, folder: Path, registry: Registry | None = None, /, **settings: str
) -> Iterator[PortalServer]:
    """Have the market's hub send its documents to a portal whose clock is the market's."""
    now = lambda: datetime.fromtimestamp(market.clock.ms / 1000, UTC)  # noqa: E731
    with PortalServer(registry=registry or Registry(), clock=now) as portal:
        complete_for_gst(market)
        before, at = market.hub, {"folder": folder, "database": market.url}
        own = Settings(**at, hosts="hub.test", einvoice_url=portal.url, **settings)  # type: ignore[arg-type]
        market.hub = build_hub(own, clock=market.clock)
        try:
            yield portal
        finally:
            market.hub.close()
            market.hub = before


def work(market: Market) -> None:
    """Do all jobs that are due."""
    market.hub.jobs.run_due("worker")


def work_later(market: Market, times: int = 1) -> None:
    """Let time pass until failed jobs are due again, and do them."""
    for _ in range(times):
        market.clock.ms += _LATER_MS
        work(market)


def detail_of(market: Market, invoice: int) -> InvoiceDetail:
    """Read a document as its page does."""
    with market.database.read() as connection:
        today = datetime.fromtimestamp(market.clock.ms / 1000, UTC).date()
        found = read_invoice(connection, invoice, today=today, scope=EVERYTHING)
    assert found is not None
    return found


def state_of(market: Market, invoice: int) -> str:
    """Give how a document stands at the portal; empty where nobody wanted it sent."""
    found = detail_of(market, invoice).registration
    return found.state if found else ""
