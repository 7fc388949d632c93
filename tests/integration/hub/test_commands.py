"""The command line, as people and simulators use it."""

import io
import json
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hub.run.command_line import main, parser, sells_alone
from tests.fixtures.hub_process import write_distributor


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Write a distributor's folder."""
    return write_distributor(tmp_path / "shop")


def run(tmp_path: Path, *arguments: str) -> int:
    """Run a command on the test's folder."""
    return main([*arguments, "--data", str(tmp_path / "files")])


def test_load_says_what_it_did_and_the_second_time_that_nothing_changed(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(tmp_path, "load", str(shop), "--broker-port", "18999")
    said = capsys.readouterr().out
    second = run(tmp_path, "load", str(shop))

    assert (first, second) == (0, 0)
    assert "products: 5 added, 0 changed" in said
    assert capsys.readouterr().out == "nothing changed\n"
    assert "port = 18999" in (tmp_path / "files" / "terminals" / "shop-1.toml").read_text()


def test_load_tells_every_fault_as_file_row_reason_and_loads_nothing(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "warehouses.csv").write_text("code,name,priority\nMAIN,,x\n")

    status = run(tmp_path, "load", str(shop))

    faults = capsys.readouterr().err.splitlines()
    assert status == 2
    assert faults[0] == "warehouses.csv:2: name is empty"
    assert all(line.count(":") >= 2 for line in faults)
    assert not (tmp_path / "files" / "hub.db").exists()


def test_load_tells_faults_of_the_rule_pack_with_their_place(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "pack" / "prices.csv").write_text("sku,price\nTEA,ten\n")

    status = run(tmp_path, "load", str(shop))

    assert status == 2
    assert capsys.readouterr().err.startswith("pack/prices.csv:2")


def test_a_file_that_is_not_text_is_a_fault(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "products.csv").write_bytes(b"sku\xff\xfe")

    assert run(tmp_path, "load", str(shop)) == 2
    assert capsys.readouterr().err.startswith("products.csv:1: a letter is not UTF-8")


def test_a_user_is_added_with_a_password_that_is_printed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(tmp_path, "user", "add", "asha", "--role", "sales", "--duty", "area_manager")

    said = capsys.readouterr().out.splitlines()
    assert status == 0
    assert said[0] == "user asha added, roles sales, area_manager"
    assert len(said[1].removeprefix("password: ")) >= 16


def test_a_user_can_bring_a_password_and_a_short_one_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("long enough to keep\n"))
    good = run(tmp_path, "user", "add", "ravi", "--role", "auditor", "--password-stdin")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    bad = run(tmp_path, "user", "add", "ravi", "--role", "auditor", "--password-stdin")

    assert (good, bad) == (0, 2)
    assert "has 10 to 1,024 characters" in capsys.readouterr().err


def test_terminals_are_listed_added_and_revoked(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "load", str(shop))
    add = ("terminal", "add", "desk-1", "--customer", "C1", "--warehouse", "MAIN")

    assert run(tmp_path, *add) == 0
    assert run(tmp_path, "terminal", "revoke", "shop-1") == 0
    capsys.readouterr()
    run(tmp_path, "terminal", "list")

    rows = {row["id"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["desk-1"]["customer"] == "C1"
    assert rows["shop-1"]["revoked_at"] is not None
    assert not (tmp_path / "files" / "terminals" / "shop-1.toml").exists()
    assert "shop-1:" not in (tmp_path / "files" / "broker" / "passwd").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("terminal", "add", "Not An Id", "--customer", "C1", "--warehouse", "MAIN"),
        ("terminal", "add", "desk-1", "--customer", "C99", "--warehouse", "MAIN"),
        ("terminal", "add", "desk-1", "--customer", "C1", "--warehouse", "NORTH"),
        ("terminal", "revoke", "nobody"),
        ("order", "cancel", "no-order", "--reason", "x"),
        ("load", "/nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_with_status_two(
    arguments: tuple[str, ...], shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "load", str(shop))
    capsys.readouterr()

    status = run(tmp_path, *arguments)

    assert status == 2
    assert capsys.readouterr().err.strip()


def test_the_settings_are_shown_with_their_sources(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "hub.toml").write_text('http_port = 9000\nlog_level = "DEBUG"\n')
    monkeypatch.setenv("ORDERWIRE_HUB_LOG_LEVEL", "ERROR")
    monkeypatch.setenv("ORDERWIRE_HUB_BROKER_PASSWORD", "hush")

    status = run(tmp_path, "config", "--broker-port", "1999")

    said = {line.split(" = ")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert status == 0
    assert said["http_port"].split() == ["http_port", "=", "9000", "#", "hub.toml"]
    assert said["log_level"].endswith("# environment")
    assert said["broker_port"].endswith("# command line")
    assert "hush" not in said["broker_password"]


@pytest.mark.parametrize("written", ["http_port = 70000", "colour = 1", "http_port = = 1"])
def test_wrong_settings_are_named(
    written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "hub.toml").write_text(written)

    assert run(tmp_path, "config") == 2
    assert "hub.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "load",
        "user add",
        "token add",
        "token list",
        "token revoke",
        "terminal list",
        "terminal add",
        "terminal revoke",
        "orders",
        "order place",
        "order amend",
        "order hold",
        "order release",
        "order refuse",
        "order offer",
        "order cancel",
        "audit",
        "jobs",
        "config",
    ],
)
def test_every_command_explains_itself_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"example: ./orderwire hub {command}" in said


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "--json"),
        ("orders", "--json"),
        ("terminal", "list"),
        ("order", "cancel", "0190c0de-0000-7000-8000-000000000000", "--reason", "typing error"),
    ],
    ids=" ".join,
)
def test_a_folder_without_a_hub_is_an_error_and_stays_as_it_was(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(tmp_path, *command)

    assert status == 2
    assert "no hub is here" in capsys.readouterr().err
    assert not (tmp_path / "files").exists()


def test_a_password_that_nobody_is_there_to_type_is_one_line_and_no_traceback(
    shop: Path, tmp_path: Path
) -> None:
    run(tmp_path, "load", str(shop), "--broker-port", "18999")
    (tmp_path / "c.csv").write_text("code,name\nN1,New\n", encoding="utf-8")
    command = [sys.executable, "-m", "hub", "import", "customers", str(tmp_path / "c.csv")]
    command += ["--by", "meera", "--data", str(tmp_path / "files")]

    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--password-stdin" in done.stderr


@pytest.mark.parametrize("option", ["--faults", "--bad-rows"])
def test_no_row_is_taken_where_the_file_of_what_is_refused_cannot_be_written(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password of meera"))
    run(tmp_path, "user", "add", "meera", "--role", "owner", "--password-stdin")
    file = tmp_path / "c.csv"
    file.write_text("code,name,phone\nN1,New,\nN2,Newer,abc\n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password of meera"))
    asked = ("import", "customers", str(file), "--by", "meera", "--password-stdin")

    status = run(tmp_path, *asked, option, str(tmp_path / "nowhere" / "refused"))

    run(tmp_path, "customers")
    told = capsys.readouterr()
    assert status == 2
    assert "nowhere" in told.err
    assert "N1" not in told.out


def test_of_many_refused_rows_the_first_are_told_and_all_are_in_the_file_of_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password of meera"))
    run(tmp_path, "user", "add", "meera", "--role", "owner", "--password-stdin")
    (tmp_path / "c.csv").write_text(
        "code,name,phone\n" + "".join(f"N{n},New {n},abc\n" for n in range(50)), encoding="utf-8"
    )
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password of meera"))
    asked = ("import", "customers", str(tmp_path / "c.csv"), "--by", "meera", "--password-stdin")

    status = run(
        tmp_path, *asked, "--faults", str(tmp_path / "why"), "--bad-rows", str(tmp_path / "bad")
    )

    told = capsys.readouterr().out
    lines = (tmp_path / "why").read_text(encoding="utf-8").splitlines()
    assert status == 1
    assert told.count("c.csv:") == 20
    assert "0 added, 0 changed, 0 as they were, 50 refused" in told
    assert f"not told here: 30; see {tmp_path / 'why'}" in told
    assert [line.split(":")[1] for line in lines] == [str(n) for n in range(2, 52)]
    assert (tmp_path / "bad").read_text(encoding="utf-8-sig").count("abc") == 50


def test_a_command_starts_without_what_only_migrations_and_postgresql_need() -> None:
    asked = "import hub.__main__, sys; print({'alembic', 'mako', 'psycopg'} & sys.modules.keys())"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_help_says_no_word_of_sellers_until_a_second_one_is_loaded(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "load", str(shop))
    is_alone = sells_alone(["--data", str(tmp_path / "files")])
    described = parser()
    described.ask_of_sellers(lambda: is_alone)
    told = [one.format_help() for one in described.each_command()]
    telling = [text for text in told if "seller" in text.lower()]
    with pytest.raises(SystemExit):
        run(tmp_path, "bank", "take", "--help")
    before = capsys.readouterr().out
    (shop / "sellers.csv").write_text("code,name,kind,parent\nNORTH,North Trade,distributor,\n")
    run(tmp_path, "load", str(shop))
    capsys.readouterr()
    with pytest.raises(SystemExit):
        run(tmp_path, "bank", "take", "--help")

    assert telling == []
    assert "--dates" in before
    assert "--seller" not in before
    assert "--seller CODE" in capsys.readouterr().out


@pytest.mark.parametrize(
    "database",
    ["garbage", "mysql://house/hub", "sqlite:///{folder}", "postgresql://127.0.0.1:{port}/hub"],
)
def test_help_comes_whatever_is_wrong_with_the_database(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, and says nothing
        named = database.format(folder=tmp_path, port=silent.getsockname()[1])
        monkeypatch.setenv("ORDERWIRE_HUB_DATABASE", named)
        with pytest.raises(SystemExit) as ended:
            run(tmp_path, "bank", "take", "--help")

    assert ended.value.code == 0
    assert "--seller CODE" in capsys.readouterr().out


def test_an_option_without_its_value_is_told_of_the_command_that_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["bank", "take", "--data"])

    told = capsys.readouterr().err
    assert "bank take" in told.splitlines()[0]
    assert "argument --data: expected one argument" in told


def test_help_of_a_large_hub_looks_at_no_page_but_its_own(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "load", str(shop))
    file = tmp_path / "files" / "hub.db"
    with closing(sqlite3.connect(file)) as books:
        (page,) = books.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'outbox'"
        ).fetchone()
        (size,) = books.execute("PRAGMA page_size").fetchone()
        books.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as pages:
        pages.seek((page - 1) * size)
        pages.write(bytes(size))
    capsys.readouterr()

    with pytest.raises(SystemExit):
        run(tmp_path, "bank", "take", "--help")

    assert "--seller" not in capsys.readouterr().out
