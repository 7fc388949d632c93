"""Claims on the command line: told, made, sent, paid short, settled, written as files."""

import io
from pathlib import Path

import pytest

from hub.run.command_line import main
from tests.builders.claims import FUNDED, FUNDERS
from tests.builders.market import FILES
from tests.fixtures.databases import begin_folder
from tests.fixtures.hub_process import write_distributor
from tests.integration.hub.test_order_commands import PASSWORD, Command, by


@pytest.fixture
def command(
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Give a hub whose schemes two companies pay for, and run commands on it."""
    folder = begin_folder(tmp_path / "files", sqlite_template)

    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        return main([*arguments, "--data", str(folder)])

    shop = write_distributor(tmp_path / "shop")
    (shop / "customers.csv").write_text(FILES["customers.csv"] + FUNDERS)
    (shop / "pack" / "funded.yaml").write_text(FUNDED)
    run("load", str(shop), "--broker-port", "18999")
    run("user", "add", "sunil", "--role", "sales", "--password-stdin")
    run("user", "add", "vikram", "--role", "admin", "--password-stdin")
    capsys.readouterr()
    return run


def test_a_claim_goes_its_way_by_commands(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command("order", "place", "C2", "--line", "10*TEA", "--line", "20*SOAP", *by("vikram"))
    command("invoice", "make", "S-000001", *by("vikram"))
    capsys.readouterr()

    assert command("claim", "open") == 0
    open_ = capsys.readouterr().out.splitlines()
    assert command("claim", "make", "LEAF", *by("vikram")) == 0
    made = capsys.readouterr().out.splitlines()
    number = made[0].split()[0]
    assert command("claim", "send", number, *by("vikram")) == 0
    assert command("claim", "short", number, "1=7.00", "--reason", "no proof", *by("vikram")) == 0
    short = capsys.readouterr().out
    pay = ("payment", "take", "LEAF", "113.90", "--part", f"{number}=113.90")
    assert command(*pay, *by("vikram")) == 0
    assert command("claim", "list") == 0
    listed = capsys.readouterr().out.splitlines()[-1]
    letter, lines = tmp_path / "letter.pdf", tmp_path / "lines.csv"
    assert command("claim", "letter", number, str(letter), *by("vikram")) == 0
    assert command("claim", "lines", number, str(lines), *by("vikram")) == 0
    assert command("claim", "withdraw", number, "--reason", "late", *by("vikram")) == 2
    assert command("claim", "make", "LEAF", *by("vikram")) == 2
    assert command("claim", "make", "HIVE", *by("sunil")) == 2
    refused = capsys.readouterr().err
    assert command("claim", "value", "cost", *by("vikram")) == 0
    assert command("claim", "gather") == 0
    assert command("audit") == 0

    assert [row.split()[0] for row in open_] == ["HIVE", "LEAF"]
    assert "120.90 INR  Leaf Company" in open_[1]
    assert number.startswith("CLM")
    assert "Draft" in made[0]
    assert "17.00      10  Two percent of everything" in made[1]
    assert "not paid 7.00" in short
    assert "Settled" in listed
    assert letter.read_bytes().startswith(b"%PDF-")
    assert "SCH-LEAF" in lines.read_text("utf-8-sig")
    assert "some of claim" in refused
    assert "nothing of LEAF is to be claimed" in refused
