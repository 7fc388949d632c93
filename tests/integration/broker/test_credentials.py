"""The password file: readable by nobody else, whole at every moment, safe with many writers."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from broker.embedded import Credentials
from tests.fixtures.brokers import ROOT

WRITER = """
import sys
from pathlib import Path
from broker.embedded import Credentials
credentials = Credentials(Path(sys.argv[1]))
for number in range(20):
    credentials.set(f"shop-{sys.argv[2]}-{number}", "x")
"""


def test_a_user_set_is_known_and_a_removed_one_is_not(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)

    credentials.set("shop-a", "first")
    credentials.set("shop-b", "x")
    credentials.set("shop-a", "second")
    credentials.remove("shop-b")
    credentials.remove("nobody")

    assert credentials.users() == ("shop-a",)
    assert credentials.verify("shop-a", "second")
    assert not credentials.verify("shop-a", "first")
    assert not credentials.verify("nobody", "")


def test_who_is_kept_out_is_let_in_with_the_password_it_had(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    for user in ("hub", "shop-a", "shop-b", "shop-c", "shop-d"):
        credentials.set(user, "first")

    credentials.keep_out(["shop-a", "shop-b", "shop-c", "hub", "nobody"])
    out = credentials.kept_out()
    let_in = set(credentials.read())
    granted = credentials.access_path.read_text()
    credentials.set("shop-b", "second")
    credentials.remove("shop-c")
    credentials.let_in(["shop-a", "shop-b", "shop-c", "shop-d", "nobody"])

    assert out == ("shop-a", "shop-b", "shop-c")
    assert let_in == {"hub", "shop-d"}
    assert "user shop-d\n" in granted
    assert "user shop-a\n" not in granted
    assert credentials.users() == ("hub", "shop-a", "shop-b", "shop-d")
    assert credentials.kept_out() == ()
    assert credentials.verify("shop-a", "first")
    assert credentials.verify("shop-b", "second")


def test_a_terminal_that_is_added_again_is_let_in_at_once(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("shop-a", "first")
    credentials.keep_out(["shop-a"])

    credentials.set("shop-a", "second")

    assert credentials.verify("shop-a", "second")
    assert credentials.kept_out() == ()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)

    credentials.set("shop-a", "x")

    assert stat.S_IMODE(credentials.path.stat().st_mode) == 0o600
    assert "x\n" not in credentials.path.read_text()


@pytest.mark.parametrize("name", ["", "Shop", "a:b", "shop-a\nhub", "+", "a" * 33])
def test_a_name_that_would_break_the_file_or_a_topic_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is not an id"):
        Credentials(tmp_path).set(name, "x")


def test_processes_that_write_at_once_lose_nobody(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(writer)], cwd=ROOT)
        for writer in range(3)
    ]

    codes = [writer.wait(30) for writer in writers]

    assert codes == [0, 0, 0]
    assert len(Credentials(tmp_path).users()) == 60
    assert {path.name for path in tmp_path.iterdir()} == {"acl", "passwd", "passwd.lock"}
