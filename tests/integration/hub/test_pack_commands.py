"""Versions of the rule pack on the command line; whoever changes one proves who they are."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.run.command_line import main
from rules.__main__ import main as rules
from tests.fixtures.databases import begin_folder
from tests.fixtures.hub_process import write_distributor

PASSWORD = "correct horse"
Command = Callable[..., int]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Write a distributor's folder."""
    return write_distributor(tmp_path / "shop")


@pytest.fixture
def command(
    shop: Path,
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Give a hub with a first pack, an author and an administrator, and run commands on it."""
    folder = begin_folder(tmp_path / "files", sqlite_template)

    def run(*arguments: str, password: str = PASSWORD) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return main([*arguments, "--data", str(folder)])

    run("load", str(shop), "--broker-port", "18999")
    run("user", "add", "asha", "--role", "rule_writer", "--password-stdin")
    run("user", "add", "vikram", "--role", "admin", "--password-stdin")
    capsys.readouterr()
    return run


def by(user: str) -> tuple[str, ...]:
    """Say who gives a command."""
    return ("--by", user, "--password-stdin")


def numbered(shop: Path, version: int) -> Path:
    """Give the folder's pack another number."""
    head = shop / "pack" / "pack.yaml"
    head.write_text(re.sub(r"version: \d", f"version: {version}", head.read_text()))
    return shop / "pack"


def dearer(shop: Path) -> Path:
    """Make soap dearer in the folder's pack, and number it 2."""
    prices = shop / "pack" / "prices.csv"
    prices.write_text(prices.read_text().replace("SOAP,10.00", "SOAP,12.00"))
    return numbered(shop, 2)


def listed(command: Command, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Read what `pack list --json` says."""
    capsys.readouterr()
    command("pack", "list", "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def drafted(command: Command, shop: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Add version 2 as a draft; gives its folder."""
    command("pack", "add", str(dearer(shop)), *by("asha"))
    capsys.readouterr()
    return shop / "pack"


def test_a_pack_for_other_products_and_customers_is_refused_with_what_the_hub_does_not_know(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = dearer(shop) / "prices.csv"
    prices.write_text("sku,price\nNOBODYS,12.00\n")

    assert command("pack", "add", str(shop / "pack"), *by("asha")) != 0

    told = capsys.readouterr().err
    assert "sku 'NOBODYS' is not in the catalogue" in told
    assert "nothing was added" in told
    assert [row["version"] for row in listed(command, capsys)] == [1]


def test_products_that_a_new_pack_does_not_price_are_told(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = dearer(shop) / "prices.csv"
    prices.write_text("sku,price\nSOAP,12.00\n")

    assert command("pack", "add", str(shop / "pack"), *by("asha")) == 0

    assert "products of the catalogue have no price" in capsys.readouterr().out


def test_a_draft_is_added_by_one_and_published_by_another(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("pack", "add", str(dearer(shop)), *by("asha")) == 0
    assert "version 2: a draft" in capsys.readouterr().out
    assert command("pack", "publish", "2", *by("vikram"), "--yes", "--why", "agreed") == 0

    said = capsys.readouterr().out
    assert "0 of 0 orders change" in said
    assert "version 2: published" in said
    assert [(one["version"], one["state"]) for one in listed(command, capsys)] == [
        (2, "published"),
        (1, "retired"),
    ]


def test_nothing_is_published_where_nobody_is_there_to_be_asked(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("pack", "add", str(dearer(shop)), *by("asha"))

    assert command("pack", "publish", "2", *by("vikram")) == 2

    assert "nothing was published: say --yes" in capsys.readouterr().err
    assert [one["state"] for one in listed(command, capsys)] == ["draft", "published"]


def test_a_bad_folder_is_told_with_every_fault_and_nothing_is_stored(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = dearer(shop)
    (folder / "prices.csv").write_text("sku,price\nTEA,ten\nSOAP,-1\n")

    assert command("pack", "add", str(folder), *by("asha")) == 2

    faults = capsys.readouterr().err.splitlines()
    assert [fault.split(": ")[0] for fault in faults] == ["prices.csv:2:5", "prices.csv:3:6"]
    assert [one["version"] for one in listed(command, capsys)] == [1]


def test_a_folder_whose_cases_fail_is_not_stored(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = dearer(shop)
    (folder / "cases.yaml").write_text(
        "case_products:\n  SOAP: {name: Soap, category: home, tax_class: none}\n"
        "tests:\n  - {name: soap, on: 2026-11-21, customer: {id: C1, type: retailer, geo: IN},\n"
        "     lines: [{sku: SOAP, qty: 1}], expect: {payable: 10.00}}\n"
    )

    assert command("pack", "add", str(folder), *by("asha")) == 2

    assert "case soap: payable is 12.00, not 10.00" in capsys.readouterr().err
    assert [one["version"] for one in listed(command, capsys)] == [1]


@pytest.mark.usefixtures("drafted")
@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (
            ("publish", "2", *by("asha"), "--yes"),
            PASSWORD,
            "asha is rule_writer, who may not do this",
        ),
        (("publish", "2", *by("vikram"), "--yes"), "guessed", "name or the password is wrong"),
        (("publish", "2", "--yes"), PASSWORD, "say who you are with --by USER"),
        (("publish", "7", *by("vikram"), "--yes"), PASSWORD, "there is no version 7"),
        (("publish", "2", *by("vikram"), "--at", "soon"), PASSWORD, "is not a start such as"),
        (("roll-back", "1", *by("vikram")), PASSWORD, "version 1 serves already"),
        (("call-off", "2", *by("vikram")), PASSWORD, "version 2 waits for no start"),
        (("effect", "7"), PASSWORD, "there is no version 7; there are 1, 2"),
        (("shadow", "7"), PASSWORD, "there is no version 7"),
        (("add", "/nowhere", *by("asha")), PASSWORD, "/nowhere is no folder"),
    ],
)
def test_what_cannot_be_done_is_said_with_status_two(
    command: Command,
    capsys: pytest.CaptureFixture[str],
    *,
    arguments: tuple[str, ...],
    password: str,
    words: str,
) -> None:

    assert command("pack", *arguments, password=password) == 2
    assert words in capsys.readouterr().err
    assert [one["state"] for one in listed(command, capsys)] == ["draft", "published"]


def test_a_shadow_is_begun_told_and_ended(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("pack", "add", str(dearer(shop)), *by("asha"))
    assert command("pack", "shadow", "2", "--begin", *by("asha")) == 0
    capsys.readouterr()

    assert command("pack", "shadow", "2") == 0
    assert "decided no order in shadow" in capsys.readouterr().out
    assert command("pack", "shadow", "2", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"version": 2, "orders": 0}
    assert command("pack", "shadow", "2", "--end", *by("asha")) == 0
    assert listed(command, capsys)[0]["state"] == "draft"


@pytest.mark.usefixtures("drafted")
def test_one_version_is_shown_with_its_doubts_and_its_history(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command("pack", "publish", "2", *by("vikram"), "--yes", "--why", "agreed")
    capsys.readouterr()

    assert command("pack", "show", "2") == 0
    said = capsys.readouterr().out
    assert command("pack", "show", "2", "--json") == 0
    shown = json.loads(capsys.readouterr().out)

    assert re.search(r"pack.yaml:\d+:\d+: warning: SCH-LAUNCH: .*\[no_case\]", said)
    assert said.splitlines()[-2].endswith(" added, asha")
    assert "published, vikram: agreed; of the last 0 orders 0 would change" in said
    assert (shown["state"], [one["kind"] for one in shown["events"]]) == (
        "published",
        ["published", "added"],
    )


def test_rules_about_what_the_hub_does_not_keep_yet_are_told_to_their_author(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (dearer(shop) / "late.yaml").write_text(
        "gates: [{id: G-VAN, when: {customer.type: van}, order: false, delivery: false, "
        "invoice: true}]\n"
        "credit:\n"
        "  - {id: C-LATE, text: late, overdue: {limit: 500.00, grace_days: 7}, then: stop}\n"
        "  - {id: C-CHEQUE, text: cheques, limit: {cheques: 10.00}, then: stop}\n"
        "  - {id: C-ROAD, text: sent, limit: {deliveries: 10.00}, then: stop}\n"
        "  - {id: C-LARGE, text: large, at_least: {order.payable: 9000.00}, then: stop}\n"
    )

    assert command("pack", "add", str(shop / "pack"), *by("asha")) == 0

    told = [one for one in capsys.readouterr().out.splitlines() if "[fact_not_kept]" in one]
    assert [re.sub(r".*warning: (\S+): .*", r"\1", one) for one in told] == [
        "G-VAN",
        "C-ROAD",
    ]
    assert "late.yaml:1:9: warning: G-VAN: asks for what this hub does not know" in told[0]


def test_a_schedule_is_listed_with_its_start_where_the_distributor_is(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("pack", "add", str(dearer(shop)), *by("asha"))
    command("pack", "publish", "2", *by("vikram"), "--yes", "--at", "2999-11-25")
    capsys.readouterr()

    command("pack", "list")

    assert "2 scheduled  corner, added by asha, published by vikram, from 2999-11-25 00:00" in (
        capsys.readouterr().out
    )


def test_going_back_and_giving_up_are_noted(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("pack", "add", str(dearer(shop)), *by("asha"))
    command("pack", "publish", "2", *by("vikram"), "--yes")
    assert command("pack", "roll-back", "1", *by("vikram"), "--why", "wrong") == 0
    assert "version 3: published, with the content of version 1" in capsys.readouterr().out
    command("pack", "add", str(numbered(shop, 4)), *by("asha"))
    assert command("pack", "drop", "4", *by("asha")) == 0

    assert [one["state"] for one in listed(command, capsys)] == [
        "retired",
        "published",
        "retired",
        "retired",
    ]


@pytest.mark.usefixtures("drafted")
def test_the_versions_that_served_are_exported_and_prove_their_chain(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("pack", "publish", "2", *by("vikram"), "--yes")
    command("pack", "roll-back", "1", *by("vikram"))
    archive = tmp_path / "archive"
    capsys.readouterr()

    assert command("pack", "export", str(archive)) == 0

    assert capsys.readouterr().out.splitlines() == [
        "version-1.json",
        "version-2.json, follows version-1.json",
        "version-3.json, follows version-2.json",
    ]
    key = ("--key", str(archive / "public.txt"))
    files = [str(archive / f"version-{number}.json") for number in (1, 2, 3)]
    assert rules(["verify", files[0], *key]) == 0
    assert rules(["verify", files[1], *key, "--previous", files[0]]) == 0
    assert rules(["verify", files[2], *key, "--previous", files[1]]) == 0
    assert rules(["verify", files[2], *key, "--previous", files[0]]) == 1
    assert "pack_chain_broken" in capsys.readouterr().err


@pytest.mark.usefixtures("drafted")
def test_a_draft_that_nobody_published_is_not_exported(command: Command, tmp_path: Path) -> None:
    command("pack", "export", str(tmp_path / "archive"))

    written = sorted(path.name for path in (tmp_path / "archive").iterdir())
    assert written == ["public.txt", "version-1.json", "version-1.json.sig"]


def test_a_first_day_is_kept_in_the_pack_and_no_start_may_be_before_it(
    command: Command, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(dearer(shop))
    command("pack", "add", folder, "--not-before", "2999-12-01", *by("asha"))
    capsys.readouterr()

    assert command("pack", "publish", "2", *by("vikram"), "--yes") == 2

    assert "version 2 is for 2999-12-01 on" in capsys.readouterr().err
    assert command("pack", "publish", "2", *by("vikram"), "--yes", "--at", "2999-12-01") == 0
