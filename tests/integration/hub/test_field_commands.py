"""Tasks and surveys on the command line: found by their day, settled, asked, written as CSV."""

import json
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


def test_reports_of_the_field_are_told_by_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sqlite_template: Path
) -> None:
    folder = tmp_path / "told"
    folder.mkdir()
    path = folder / "hub.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{path}", folder) as market:
        rep = send_rep(market)
        keep(market, rep, entry("visit_begun", outlet="C2"))
    capsys.readouterr()

    days = ("--from", "2026-11-21", "--to", "2026-11-21", "--data", str(folder), "--json")
    assert main(["report", "visit_compliance", "--by", "beat", *days]) == 0
    visits = json.loads(capsys.readouterr().out)
    assert main(["report", "attendance", *days]) == 0
    attendance = json.loads(capsys.readouterr().out)

    (beat,) = visits["rows"]
    assert (beat["code"], beat["planned_visits"], beat["kept_visits"]) == ("B-1", 2, 1)
    assert [(one["label"], one["absent_days"]) for one in attendance["rows"]] == [("ravi", 1)]


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


def test_holidays_and_the_week_are_said_by_commands(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    holiday = ("workdays", "mark", "2026-12-25", "--name", "Christmas", "--name-hi", "क्रिसमस")
    planned = ("--reason", "said in time", *by("vikram"))  # which a day that is over asks for

    assert command(*holiday, *planned) == 0
    assert command(*holiday, *by("sunil")) != 0  # who sells plans nothing
    assert command("workdays", "week", "1,2,3,4,5", "--from", "2026-12-01", *planned) == 0
    assert command("workdays", "list", "--year", "2026") == 0
    assert command("workdays", "list", "--region", "IN/XX") == 2
    assert command("workdays", "drop", "2026-12-25", *planned) == 0
    assert command("workdays", "drop", "2026-12-25", *planned) != 0
    assert command("field", "selfie", "on", *by("vikram")) == 0

    told = capsys.readouterr()
    out = told.out.splitlines()
    assert "There is no customer in the region IN/XX." in told.err
    assert out[:2] == ["2026-12-25: said", "2026-12-01: said"]
    assert out[2] == "2026: 308 working days, by month 27 24 26 26 26 26 27 26 26 27 25 22"
    assert out[3] == "from 2026-12-01: 1,2,3,4,5  everywhere  by vikram"
    assert out[4] == "2026-12-25  off   Christmas / क्रिसमस  everywhere  by vikram"
    assert out[5:] == ["2026-12-25: changed", "a photo with the day's beginning: on"]
