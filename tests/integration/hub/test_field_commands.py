"""Tasks and surveys on the command line: found by their day, settled, asked, written as CSV."""

from pathlib import Path

import pytest

from hub.run.command_line import main
from tests.builders.field_team import entry, keep, send_rep
from tests.builders.market import open_market
from tests.integration.hub.test_order_commands import Command, by, command

__all__ = ["command"]


def test_a_task_is_found_by_its_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sqlite_template: Path
) -> None:
    folder = tmp_path / "told"
    folder.mkdir()
    path = folder / "hub.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{path}", folder) as market:
        told = entry("complained", outlet="C2", text="broken seal", due="2026-11-20")
        keep(market, send_rep(market), told)
    capsys.readouterr()

    assert main(["field", "tasks", "--state", "late", "--data", str(folder)]) == 0
    assert capsys.readouterr().out.split()[1:5] == ["2026-11-20", "late", "ravi", "C2"]


def test_a_survey_is_made_ended_and_written_by_commands(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("choice | Full? | भरी? | Yes=हाँ; No=नहीं\ntext | Why?\n", "utf-8")
    made = ("field", "survey", "SHELF", "--title", "Shelf", "--questions", str(questions))

    assert command(*made, "--from", "2026-11-01", *by("vikram")) == 0
    assert command(*made, *by("sunil")) != 0
    assert command("field", "answers", "SHELF") == 0
    assert command("field", "survey", "SHELF", "--end", *by("vikram")) == 0
    assert command("field", "settle", "nothing", "--done", "--why", "x", *by("vikram")) != 0

    out = capsys.readouterr().out.splitlines()
    assert out[0] == "SHELF: 2 questions from 2026-11-01"
    assert out[1] == "day,user,outlet,name,Full?,Why?"
    assert out[2].startswith("SHELF: asked no more after")
