"""Money on the command line: billed, paid, told by age, in words."""

import pytest

from tests.builders.hub_commands import account_year
from tests.integration.hub.test_order_commands import Command, by, command

__all__ = ["command"]


def test_an_order_is_billed_paid_and_told_by_commands(
    command: Command,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command("order", "place", "C2", "--line", "2*TEA", *by("vikram"))
    capsys.readouterr()

    assert command("invoice", "make", "S-000001", "--dry-run", *by("vikram")) == 0
    dry = capsys.readouterr().out
    assert command("invoice", "make", "S-000001", *by("vikram")) == 0
    made = capsys.readouterr().out.split()
    paid = ("payment", "take", "C2", "100.00", "--mode", "cheque", "--reference", "7")
    assert command(*paid, *by("vikram")) == 0
    assert command("payment", "clear", made[0].replace("INV", "PAY"), *by("vikram")) == 0
    cleared = capsys.readouterr().out.splitlines()
    assert command("accounts", "ageing") == 0
    ageing = capsys.readouterr().out
    assert command("accounts", "statement", "C2") == 0
    assert command("invoice", "show", made[0], "--json") == 0
    assert command("invoice", "cancel", made[0], "--reason", "x", *by("vikram")) != 0

    bounce = ("payment", "bounce", made[0].replace("INV", "PAY"), "--reason", "no funds")
    assert command(*bounce, *by("vikram")) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[1] == "Bounced"

    assert dry.startswith("would be over 220.00 INR")
    assert made[:2] == [f"INV{account_year()}/000001", "Unpaid"]
    assert cleared[-2].split()[1] == "Cleared"
    assert "120.00" in ageing


def test_money_is_given_back_taken_off_and_given_up_by_commands(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command("user", "add", "meera", "--role", "admin", "--password-stdin")
    command("order", "place", "C2", "--line", "2*TEA", *by("meera"))
    command("invoice", "make", "S-000001", *by("meera"))
    command("payment", "take", "C2", "215.00", *by("meera"))
    command("payment", "take", "C2", "20.00", "--on-account", *by("meera"))
    capsys.readouterr()
    invoice = f"INV{account_year()}/000001"
    first, second, third = (f"PAY{account_year()}/00000{number}" for number in (1, 2, 3))

    assert command("payment", "refund", second, "12.50", *by("meera")) != 0
    unnamed = capsys.readouterr()
    back = ("refund", second, "12.50", "--reference", "N-1", "--key", "k")
    assert command("payment", *back, *by("meera")) == 0
    assert command("payment", *back, *by("meera")) == 0
    given = capsys.readouterr().out.splitlines()
    assert command("payment", "write-off", invoice, "--reason", "x", *by("meera")) == 0
    assert command("payment", "limit", "2.50", "--note", "coins", *by("meera")) == 0
    assert command("payment", "release", first, *by("meera")) == 0
    told = capsys.readouterr().out.splitlines()

    assert "number" in unnamed.err
    assert given[0].split()[:4] == [third, "Cleared", "12.50", "INR"]
    assert given[0] == given[len(given) // 2]
    assert told[0].split()[2] == "5.00"
    assert "up to ₹2.50" in told[2]
    assert told[-1].strip() == "on account 215.00"
