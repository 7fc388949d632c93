"""`hub terminal claim` and what follows it: slips as text and picture, and refusals in words."""

import json
import re
from pathlib import Path

import pytest

from tests.builders.hub_commands import run_hub
from tests.fixtures.databases import begin_folder
from tests.fixtures.hub_process import write_distributor

HUB = ("--hub", "http://192.168.1.10:8080/")
NEW = ("--customer", "C2", "--warehouse", "MAIN")


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a hub with the market's shops and terminals."""
    folder = begin_folder(tmp_path / "files", sqlite_template)
    loaded = run_hub(folder, "load", str(write_distributor(tmp_path / "shop")))
    assert loaded.returncode == 0, loaded.stderr
    return folder


def shown(folder: Path, terminal: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(run_hub(folder, "terminal", "show", terminal).stdout)
    return found


def test_a_slip_is_a_line_that_names_the_hub_and_is_there_as_a_picture(
    folder: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "slip.svg"

    done = run_hub(
        folder, "terminal", "claim", "shop-9", *NEW, *HUB, "--svg", str(picture), "--hours", "2"
    )

    claim = shown(folder, "shop-9")
    assert re.fullmatch(r"OW-ENROL(-[0-9A-Z]{4}){4}@http://192\.168\.1\.10:8080\n", done.stdout)
    assert picture.read_text().startswith("<?xml")
    assert (claim["claim"], claim["access"], claim["customer"]) == ("open", False, "C2")
    assert "key" not in claim


def test_a_slip_for_another_machine_warns_of_a_broker_that_is_here_alone(folder: Path) -> None:
    far = run_hub(folder, "terminal", "claim", "shop-1", *HUB)
    near = run_hub(folder, "terminal", "claim", "shop-1", "--hub", "http://127.0.0.1:8080")
    (folder / "hub.toml").write_text('broker_host = "192.168.1.10"\n')
    named = run_hub(folder, "terminal", "claim", "shop-1", *HUB)

    assert "Name a broker that shops reach" in far.stderr
    assert (near.stderr, named.stderr) == ("", "")


def test_a_slip_is_withdrawn_once(folder: Path) -> None:
    run_hub(folder, "terminal", "claim", "shop-1", *HUB)

    first = run_hub(folder, "terminal", "withdraw", "shop-1")
    again = run_hub(folder, "terminal", "withdraw", "shop-1")

    assert first.stdout == "the claim of terminal shop-1 is withdrawn\n"
    assert (again.returncode, again.stderr) == (
        2,
        "There is no slip that could be withdrawn (shop-1)\n",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("claim", "shop-1"), "say where the shop reaches this hub"),
        (("claim", "shop-1", "--hub", "ftp://hub"), "is not like http://"),
        (("claim", "nobody", *HUB), "There is no such terminal (nobody)"),
        (("claim", "Shop 9", *NEW, *HUB), "An id has 1 to 32 small letters"),
        (("claim", "new", *NEW, *HUB), "An id has 1 to 32 small letters"),
        (("claim", "shop-9", *HUB, "--customer", "C2"), "both --customer and --warehouse"),
        (
            ("claim", "shop-9", *HUB, "--customer", "C2", "--warehouse", "NONE"),
            "This warehouse is not known (NONE)",
        ),
        (("claim", "shop-1", *HUB, "--hours", "337"), "A slip works for 1 to 336 hours"),
        (("approve", "shop-1", "--number", "1234"), "No machine with this number waits"),
        (("refuse", "shop-1", "--number", "1234"), "No machine with this number waits"),
        (("show", "nobody"), "There is no such terminal"),
        (("revoke", "nobody"), "There is no such terminal"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_would_be_right(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = run_hub(folder, "terminal", *arguments)

    assert done.returncode == 2
    assert told in done.stderr


def test_who_hands_over_the_bundle_of_an_update_is_told_its_manifest(folder: Path) -> None:
    done = run_hub(folder, "software", "add", "dist/terminal-12.tar.gz", "--by", "asha")

    assert done.returncode == 2
    assert "is the bundle: name its manifest, software add dist/terminal-12.json" in done.stderr
