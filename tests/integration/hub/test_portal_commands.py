"""E-invoices, numbers, notices and links of partners on the command line."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from hub.desk.parties.acts.note_address import note_address
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from simulators.portal import PortalServer
from tests.builders.hub_commands import account_year
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


def test_numbers_go_on_behind_those_of_papers_by_a_command(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    command("user", "add", "asha", "--role", "admin", "--password-stdin")
    boss = by("asha")
    command("order", "place", "C2", "--line", "12*SOAP", *boss)
    command("invoice", "make", "S-000001", *boss)
    capsys.readouterr()

    moved = command("invoice", "move-on", "invoice", "50", "--reason", "restored", *boss)
    told = capsys.readouterr().out
    wrong = command("invoice", "move-on", "invoice", "50", "--reason", "restored", *boss)
    refused = capsys.readouterr().err
    command("invoice", "series", "--json")

    assert (moved, wrong) == (0, 2)
    series = f"INV{account_year()}"
    assert told.endswith(
        f"000002 to {series}/000050 are skipped; the next one is {series}/000051\n"
    )
    assert f"{series}/000051 comes next" in refused
    rows = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert ("invoice", 1, 49) in {(one["kind"], one["given"], one["skipped"]) for one in rows}


def test_who_hears_of_what_is_added_listed_and_ended_by_commands(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    command("user", "add", "asha", "--role", "admin", "--password-stdin")
    boss = by("asha")
    fields = ("event=order_dispatched", "receiver=customer", "gather=day", "gather_at=17:00")
    capsys.readouterr()

    added = command("notice", "add", *fields, "channel=mail", *boss)
    told = capsys.readouterr().out
    number = told.split()[1].rstrip(":")
    wrong = command("notice", "add", *fields, "channel=page", *boss)
    refused = capsys.readouterr().err
    command("notice", "rules", "--json")
    rules = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    terms = ("above=500.00", "after=8", "quiet_from=18:00", "quiet_until=9:00")
    command("notice", "add", "event=order_held", "receiver=manager", "channel=page", *terms, *boss)
    command("notice", "rules")
    listed = capsys.readouterr().out
    ended = [command("notice", "end", number, *boss) for _ in range(2)]

    assert (added, wrong, ended) == (0, 2, [0, 2])
    assert told == f"rule {number}: customer hears of order_dispatched by mail\n"
    assert "customers are told by mail" in refused
    (rule,) = [one for one in rules if str(one["id"]) == number]
    assert (rule["gather"], rule["gather_at"]) == ("day", 17 * 60)
    assert "after 8 working hours, if it still waits; quiet from 18:00 to 09:00" in listed
    assert "500.00 on;" in listed
    assert "day      17:00\n" in listed


def test_a_partner_s_link_leads_to_where_the_pages_were_last_served(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    command("user", "add", "asha", "--role", "admin", "--password-stdin")
    (folder,) = {one.parent for one in tmp_path.rglob("hub.db")}
    with closing(build_hub(Settings(folder=folder))) as hub:
        note_address(hub.transactions, "http://127.0.0.1:9181", now_ms=1)
    capsys.readouterr()

    command("partner", "invite", "nina", "--party", "C2", *by("asha"))

    assert "http://127.0.0.1:9181/welcome/" in capsys.readouterr().out
