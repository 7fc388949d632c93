"""`hub several`: commands that standard input names, in one process, each answered by a line."""

import json
from pathlib import Path
from typing import Any

from tests.builders.hub_commands import run_hub
from tests.fixtures.databases import begin_folder


def test_each_command_is_answered_and_none_keeps_the_others_from_being_run(
    tmp_path: Path, sqlite_template: Path
) -> None:
    begin_folder(tmp_path, sqlite_template)
    begin_folder(tmp_path / "other", sqlite_template)
    add = ["user", "add", "asha", "--role", "sales", "--password-stdin"]
    lines = [
        {"words": add, "typed": "quiet-river-stone\n"},
        add,
        ["user", "nothing"],
        ["user", "list"],
        ["user", "list", "--data", str(tmp_path / "other")],
        ["audit", "--json"],
        ["run"],
        ["several"],
        [],
        {"words": ["config"]},
    ]
    typed = "\n".join([*map(json.dumps, lines), "", "no JSON", ""])

    done = run_hub(tmp_path, "several", typed=typed)

    ran: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["status"] for one in ran] == [0, 2, 2, 0, 0, 0, 2, 2, 2, 2, 2]
    assert (done.returncode, done.stderr) == (1, "")
    assert "asha" in ran[3]["printed"]
    assert "asha" not in ran[4]["printed"]
    assert json.loads(ran[5]["printed"])["clean"]
    assert "invalid choice: 'nothing'" in ran[2]["complained"]
    assert ran[6]["complained"] == "run is started by itself\n"
    assert ran[8]["complained"] == "no command as JSON: []\n"
    assert ran[10]["complained"] == "no command as JSON: no JSON\n"


def test_all_that_ended_well_is_said_by_the_exit_status(tmp_path: Path) -> None:
    done = run_hub(tmp_path, "several", typed='["config"]\n')

    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert f"folder = {tmp_path}" in " ".join(json.loads(done.stdout)["printed"].split())
