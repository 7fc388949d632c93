"""`hub doctor` tells what a hub lacks, and commands that only look leave earlier books alone."""

import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.base.engine.database import open_database
from tests.builders.hub_commands import run_hub
from tests.builders.market import Market, open_market
from tests.fixtures.databases import begin_folder

EARLIER = "0074"


@pytest.fixture
def market(tmp_path: Path, sqlite_template: Path) -> Iterator[Market]:
    """Give a distributor's hub in a folder of its own."""
    folder = begin_folder(tmp_path / "hub", sqlite_template)
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        yield market


@pytest.fixture
def folder(market: Market) -> Path:
    """Give the folder of the hub."""
    return market.hub.settings.folder


class _Greeting(socketserver.StreamRequestHandler):
    """Says hello to who says hello, as a server does that takes mails."""

    def handle(self) -> None:
        """Answer until the other end says goodbye."""
        self.wfile.write(b"220 post.test ready\r\n")
        while line := self.rfile.readline():
            self.server.heard.append(line[:4])  # type: ignore[attr-defined]
            ends = line[:4] == b"QUIT"
            self.wfile.write(b"221 bye\r\n" if ends else b"250 ok\r\n")
            if ends:
                return


@pytest.fixture
def post() -> Iterator[socketserver.TCPServer]:
    """Give a server that takes mails; the words that it heard are in `heard`."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Greeting) as server:
        server.heard = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def found(folder: Path, *what: str) -> dict[str, tuple[str, str]]:
    """Give state and words of what doctor found."""
    lines = run_hub(folder, "doctor", "--json").stdout.splitlines()
    told = {one["what"]: (one["state"], one["told"]) for one in map(json.loads, lines)}
    return {name: told[name] for name in what}


def age(folder: Path) -> None:
    """Let the books say that they are of an earlier version."""
    database = open_database(f"sqlite:///{folder / 'hub.db'}")
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": EARLIER})
        connection.commit()
    database.close()


def test_a_hub_without_mail_portal_photos_and_backup_hears_of_the_backup_alone(
    folder: Path,
) -> None:
    assert {
        name: state for name, (state, _) in found(folder, "mail", "portal", "photos").items()
    } == {
        "mail": "ok",
        "portal": "ok",
        "photos": "ok",
    }
    assert found(folder, "backup") == {"backup": ("warning", "no backup was ever taken")}


def test_a_backup_is_known_from_then_on_and_an_old_one_is_called_old(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "monday.tar"
    run_hub(folder, "backup", str(file))
    fresh = found(folder, "backup")["backup"]
    (folder / "last-backup.json").write_text(
        json.dumps({"file": str(file), "at": 1_700_000_000_000})
    )

    old = found(folder, "backup")["backup"]

    assert fresh[0] == "ok"
    assert str(file) in fresh[1]
    assert old[0] == "warning"
    assert "2023-11-14 22:13 UTC" in old[1]


def test_a_mail_server_is_greeted_and_sent_nothing(
    folder: Path, post: socketserver.TCPServer
) -> None:
    port = post.server_address[1]
    (folder / "hub.toml").write_text(
        f'mail_host = "127.0.0.1"\nmail_port = {port}\nmail_from = "hub@shop.test"\n'
        'pages_url = "https://hub.shop.test"\n'
    )

    state, told = found(folder, "mail")["mail"]

    assert (state, told) == ("ok", f"127.0.0.1:{port} takes mails from hub@shop.test")
    assert post.heard == [b"ehlo", b"QUIT"]  # type: ignore[attr-defined]


def test_what_is_not_there_is_a_fault_with_its_address(folder: Path) -> None:
    (folder / "hub.toml").write_text(
        'mail_host = "127.0.0.1"\nmail_port = 1\neinvoice_url = "http://127.0.0.1:1"\n'
    )

    told = found(folder, "mail", "portal")

    assert {state for state, _ in told.values()} == {"fault"}
    assert all("127.0.0.1:1: " in text for _, text in told.values())


def test_a_photo_that_a_full_disk_left_empty_is_told(folder: Path) -> None:
    (folder / "photos" / "ab").mkdir(parents=True)
    (folder / "photos" / "ab" / "abc.jpg").write_bytes(b"a photo")
    (folder / "photos" / "ab" / "abd.jpg").write_bytes(b"")
    (folder / "photos" / ".parts").mkdir()
    (folder / "photos" / ".parts" / "1-abc").write_bytes(b"")

    state, told = found(folder, "photos")["photos"]

    assert state == "warning"
    assert told == "2 photos, 0.0 MiB, 1 of them empty"


@pytest.mark.parametrize("command", [["orders"], ["audit"], ["report", "sales"], ["jobs"]])
def test_a_command_leaves_books_of_an_earlier_version_as_they_are(
    folder: Path, command: list[str]
) -> None:
    age(folder)
    before = (folder / "hub.db").read_bytes()

    done = run_hub(folder, *command)

    assert done.returncode == 2
    assert f"schema {EARLIER} of an earlier version" in done.stderr
    assert (folder / "hub.db").read_bytes() == before
    assert not list(folder.glob("hub.db.*"))


def test_books_of_an_earlier_version_are_looked_at_and_backed_up_before_they_change(
    folder: Path, tmp_path: Path
) -> None:
    age(folder)

    told = found(folder, "database")["database"]
    taken = run_hub(folder, "backup", str(tmp_path / "before.tar"))

    assert told[0] == "warning"
    assert taken.returncode == 0, taken.stderr
    assert "schema" in run_hub(folder, "orders").stderr
