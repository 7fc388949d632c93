"""Orders on the command line: placed, listed and released by people, in words."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.run.command_line import main
from tests.fixtures.databases import begin_folder
from tests.fixtures.hub_process import write_distributor

PASSWORD = "correct horse"
Command = Callable[..., int]


@pytest.fixture
def command(
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Give a hub with somebody who sells and somebody who is in charge, and run commands on it."""
    folder = begin_folder(tmp_path / "files", sqlite_template)

    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        return main([*arguments, "--data", str(folder)])

    run("load", str(write_distributor(tmp_path / "shop")), "--broker-port", "18999")
    run("user", "add", "sunil", "--role", "sales", "--password-stdin")
    run("user", "add", "vikram", "--role", "manager", "--password-stdin")
    capsys.readouterr()
    return run


def by(user: str) -> tuple[str, ...]:
    """Say who gives a command."""
    return ("--by", user, "--password-stdin")


def test_an_order_is_placed_and_listed_with_its_state_in_words_and_its_purchase_order(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    placed = ("order", "place", "C2", "--line", "2*TEA@CASE", "--po", "PO-7/26", *by("sunil"))

    assert command(*placed) == 0
    said = capsys.readouterr().out
    assert command("orders") == 0
    listed = capsys.readouterr().out
    assert command("orders", "--json") == 0
    row = json.loads(capsys.readouterr().out)

    assert said.split()[:4] == ["S-000001", "Confirmed", "2,640.00", "INR"]
    assert said.splitlines()[0] == listed.splitlines()[0]
    assert (row["number"], row["po_number"]) == ("S-000001", "PO-7/26")


def test_a_dry_run_tells_what_would_be_and_does_nothing(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    dry = ("order", "place", "C1", "--line", "30*RICE", "--dry-run")

    assert command(*dry, *by("sunil")) == 0
    said = capsys.readouterr().out
    assert command(*dry, "--json", *by("sunil")) == 0
    document = json.loads(capsys.readouterr().out)
    assert command("orders") == 0

    assert said.startswith("would be: Held  1,500.00 INR  1 lines; nothing was done")
    assert "credit left: 900.00 INR" in said
    assert (document["status"], document["totals"]["payable"]) == ("held", 150_000)
    assert capsys.readouterr().out == ""


def test_a_yes_needs_no_words_and_a_no_does(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command("order", "place", "C1", "--line", "30*RICE", *by("sunil"))
    capsys.readouterr()

    with pytest.raises(SystemExit):
        command("order", "refuse", "S-000001", *by("vikram"))
    with pytest.raises(SystemExit):
        command("order", "release", "S-000001", "--reason", " ", *by("vikram"))
    assert command("order", "release", "S-000001", *by("vikram")) == 0

    assert capsys.readouterr().out.split()[:2] == ["S-000001", "Confirmed"]


def test_an_order_goes_to_an_address_of_its_customer(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = ("address=9 Ring Road", "city=Mandya", "pin=571401", "state=29")
    placed = ("order", "place", "C2", "--line", "2*TEA", "--ship-to", "GODOWN", *by("sunil"))

    assert command(*placed) != 0
    assert "has no delivery address GODOWN" in capsys.readouterr().err
    assert command("customer", "address", "C2", "GODOWN", *fields, *by("vikram")) == 0
    assert command(*placed) == 0
    assert command("customer", "address", "C2", "GODOWN", "--end", *by("vikram")) == 0
    assert command("customer", "address", "C2", "GODOWN", "--end", *by("vikram")) != 0


def test_an_order_is_sent_to_another_address_and_back_to_the_customers_own(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    street = ("address=9 Ring Road", "city=Mandya", "pin=571401", "state=29")
    address = ("customer", "address", "C2", "GODOWN", *street)
    assert command(*address, *by("vikram")) == 0, capsys.readouterr()
    command("order", "place", "C2", "--line", "2*TEA", *by("sunil"))
    redirect = ("order", "redirect", "S-000001", "--reason", "painting")
    capsys.readouterr()

    there = command(*redirect, "--ship-to", "GODOWN", *by("sunil")), capsys.readouterr().out
    nowhere = command(*redirect, "--ship-to", "MOON", *by("sunil")), capsys.readouterr().err
    own = command(*redirect, "--ship-to", "", *by("sunil")), capsys.readouterr().out

    assert there[0] == 0
    assert there[1].splitlines()[-1] == "    goes to GODOWN: 9 Ring Road, Mandya 571401"
    assert nowhere[0] != 0
    assert "C2 has no delivery address MOON" in nowhere[1]
    assert own[0] == 0
    assert "goes to" not in own[1]
