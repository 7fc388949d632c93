"""E-invoices on the command line: sent, listed with why, and the e-way bill of a trip."""

import json

import pytest

from simulators.portal import PortalServer
from tests.integration.hub.test_order_commands import (  # noqa: F401 -- a fixture
    Command,
    by,
    command,
)

SELLER = (
    *("gstin=29AAPFU0939F1ZR", "address=1 Main Road", "city=Bengaluru", "pin=560001", "state=29"),
)
BUYER = (
    *("gst_kind=registered", "gstin=29AAACD1234K1ZS", "address=7 Temple Street", "city=Mysuru"),
    *("pin=570001", "state=29"),
)


def test_documents_are_sent_and_listed_by_commands(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command("user", "add", "asha", "--role", "admin", "--password-stdin")
    command("user", "add", "lata", "--role", "owner", "--password-stdin")
    boss = by("asha")
    command("invoice", "letterhead", *SELLER, *boss)
    command("customer", "change", "C2", *BUYER, *boss)
    command("customer", "pass", "1", *by("lata"))
    for sku in ("TEA", "SOAP"):
        command("product", "change", sku, "hsn=0902", *boss)
    command("order", "place", "C2", "--line", "12*SOAP", *boss)
    capsys.readouterr()

    def said(*arguments: str, status: int = 0) -> str:
        assert command(*arguments) == status
        captured = capsys.readouterr()
        return captured.out.strip() + captured.err.strip()

    off = said("invoice", "make", "S-000001", *boss)
    number = off.split()[0]
    refused = said("invoice", "register", number, *boss, status=1)
    with PortalServer() as portal:
        monkeypatch.setenv("ORDERWIRE_HUB_EINVOICE_URL", portal.url)
        sent = said("invoice", "register", number, *boss)
        listed = json.loads(said("invoice", "portal", "--json"))
        none = said("invoice", "portal", "--state", "refused")
        shown = said("invoice", "show", number)
    eway = said("invoice", "eway", number, status=2)

    assert "no portal of e-invoices is set" in refused
    assert sent == f"{number}: is sent"
    assert (listed["number"], listed["state"], listed["asked_by"]) == (number, "waiting", "asha")
    assert none == ""
    assert "e-invoice: Waits for the portal" in shown
    assert "have not left yet" in eway
