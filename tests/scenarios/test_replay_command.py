"""`python -m simulators replay`: what it prints, what it says of broken files, how it exits."""

import json
import subprocess
from pathlib import Path

import pytest

from simulators.faults import python_module
from tests.builders.hub_commands import run_hub

HEADER = "invoice,stock_code,description,quantity,invoiced_at,unit_price,customer_id,country"
ROWS = """\
490397,21844,RETRO SPOT MUG,6,2009-12-06T10:30:00,2.95,12417,Belgium
490397,22071,SMALL  RETRO SPOT MUG,6,2009-12-06T10:30:00,3.75,12417,Belgium
490397,21844,RETRO SPOT MUG,4,2009-12-06T10:30:00,2.95,12417,Belgium
490397,POST,POSTAGE,1,2009-12-06T10:30:00,18.00,12417,Belgium
490398,40123455,HANGING HEART,1,2009-12-07T10:30:00,2.55,Müller & Söhne,Germany
C490399,85123A,HANGING HEART,-1,2009-12-07T10:30:00,2.55,A-1,Germany
490399,85123A,"HANGING HEART,3,2009-12-07T10:30:00,2.55,A-1,Germany
490400,85123A,HANGING HEART,3,2009-12-08T10:30:00,2.55,A-1,Germany
490400,85123A,HANGING HEART,three,2009-12-08T10:30:00,2.55,A-1,Germany
"""


def replay(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        python_module("simulators", "replay", *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


@pytest.mark.needs("mosquitto")
def test_broken_rows_are_told_and_the_next_file_in_the_folder_brings_its_prices_along(
    tmp_path: Path,
) -> None:
    here = tmp_path / "here"
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEADER}\n{ROWS}", "utf-8")
    dearer = tmp_path / "dearer.csv"
    rows = [ROWS.splitlines()[number].replace("2.55", "2.75") for number in (0, 4, 7)]
    dearer.write_text("\n".join((HEADER, *rows, "")), "utf-8")

    done = replay(str(path), "--json", "--data", str(here))
    before = versions(here)
    again = replay(str(dearer), "--json", "--data", str(here))

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert said["rows_read"] == 9
    assert said["rows_skipped"] == {
        "bad_number": 1,
        "broken_quotes": 1,
        "cancellation": 1,
        "not_a_product": 1,
    }
    assert (said["orders_submitted"], said["lines"]) == (3, 4)
    assert said["confirmed"] + said["changed"] + said["held"] + said["rejected"] == 3
    assert (said["lost"], said["duplicated"], said["audit"]) == (0, 0, "ok")
    assert said["slips_printed"] >= 3
    listed = (here / "skipped-rows.txt").read_text("utf-8")
    assert "orders.csv:8: broken_quotes: " in listed
    assert "orders.csv:5: not_a_product: POST" in done.stderr
    assert again.returncode == 0, again.stderr
    later = json.loads(again.stdout)
    assert (later["orders_submitted"], later["lost"], later["audit"]) == (3, 0, "ok")
    assert (before, versions(here)) == (
        [(1, "published")],
        [(2, "published"), (1, "retired")],
    )


def versions(folder: Path) -> list[tuple[int, str]]:
    """Give each version of the rule pack with its state."""
    listed = run_hub(folder, "pack", "list", "--json").stdout
    found = [json.loads(line) for line in listed.splitlines()]
    return [(one["version"], one["state"]) for one in found]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"\x1f\x8bnot really", "gzip"),
        (b"\x00\x01\x02", "not a text file"),
        (b"gtin,name\n", "does not name the column"),
        (f"{HEADER}\n".encode(), "none of its 0 rows"),
    ],
)
def test_a_file_that_cannot_be_replayed_is_refused_in_one_line(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "orders.csv.gz"
    if content is not None:
        path = path.with_suffix("" if b"not really" not in content else ".gz")
        path.write_bytes(content)

    done = replay(str(path), "--json")

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
