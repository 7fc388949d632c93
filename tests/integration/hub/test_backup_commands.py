"""`hub backup` and `hub restore`: books and keys as one file, and back as a new life."""

import io
import json
import resource
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from broker.embedded import hold_folder
from hub.base.access import EVERYTHING, Actor
from hub.base.clock import SystemClock
from hub.desk.partners.acts import PartnerActs
from hub.desk.partners.model import Invited
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.commands.load.reading import read_distributor
from hub.run.backup import find_newer, read_manifest, restore_backup, take_backup
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from hub.run.signing import AnswerKey
from tests.builders.filled import fill
from tests.builders.hub_commands import run_hub
from tests.builders.market import FILES, Market, open_market, packed
from tests.fixtures.databases import begin_folder

MEENA = Actor("meena", ("admin",), EVERYTHING)


@pytest.fixture
def market(tmp_path: Path, sqlite_template: Path) -> Iterator[Market]:
    """Give a distributor's hub in a folder of its own, with two orders."""
    folder = begin_folder(tmp_path / "hub", sqlite_template)
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        market.place(("TEA", 2), terminal="shop-1")
        market.place(("RICE", 1), terminal="shop-2")
        yield market


@pytest.fixture
def folder(market: Market) -> Path:
    """Give the folder of the hub."""
    return market.hub.settings.folder


@pytest.fixture
def backup(folder: Path, tmp_path: Path) -> Path:
    """Give a backup of the hub with two orders."""
    file = tmp_path / "backup.tar"
    done = run_hub(folder, "backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def orders_in(folder: Path) -> list[str]:
    """List the orders of the hub in a folder, each with all that the list says."""
    done = run_hub(folder, "orders", "--json")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def broken_in(folder: Path) -> dict[str, list[str]]:
    """Audit the hub in a folder: the broken promises with what is wrong."""
    report = json.loads(run_hub(folder, "audit", "--json").stdout)
    return {one["promise"]["name"]: one["faults"] for one in report["kept"] if one["faults"]}


def test_a_new_machine_has_orders_keys_and_passwords_from_the_file_alone(
    folder: Path, backup: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"

    done = run_hub(new, "restore", str(backup))

    assert done.returncode == 0, done.stderr
    assert "2 orders, the newest shop-2-1" in done.stdout
    assert "it has still to hear of 4 terminals: shop-1, shop-2, shop-3, shop-4" in done.stdout
    assert orders_in(new) == orders_in(folder)
    for name in ("signing/private.pem", "broker/passwd", "terminals/shop-1.toml"):
        assert (new / name).read_bytes() == (folder / name).read_bytes()
        assert (new / name).stat().st_mode & 0o077 == 0
    assert backup.stat().st_mode & 0o077 == 0


def test_photos_go_along_and_those_on_their_way_do_not(folder: Path, tmp_path: Path) -> None:
    (folder / "photos" / "ab").mkdir(parents=True)
    (folder / "photos" / "ab" / "abc.jpg").write_bytes(b"a photo")
    (folder / "photos" / ".parts").mkdir()
    (folder / "photos" / ".parts" / "1-abc").write_bytes(b"half a")
    file, new = tmp_path / "photos.tar", tmp_path / "new"

    assert run_hub(folder, "backup", str(file)).returncode == 0
    assert run_hub(new, "restore", str(file)).returncode == 0

    assert (new / "photos" / "ab" / "abc.jpg").read_bytes() == b"a photo"
    assert not (new / "photos" / ".parts").exists()


def test_files_that_the_settings_name_in_the_folder_go_along(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "ca.pem"
    outside.write_text("a certificate")
    (folder / "keys").mkdir()
    (folder / "keys" / "portal.toml").write_text('[heads]\nclient_id = "one"\n')
    (folder / "hub.toml").write_text(
        'einvoice_url = "https://portal.example"\neinvoice_credentials = "keys/portal.toml"\n'
        f'broker_ca = "{outside}"\n'
    )
    file, new = tmp_path / "named.tar", tmp_path / "new"

    taken = run_hub(folder, "backup", str(file))
    first, second = (run_hub(new, "restore", str(file)) for _ in range(2))

    assert str(outside) in taken.stderr
    assert (first.returncode, second.returncode) == (0, 0)
    assert (new / "keys" / "portal.toml").read_text() == '[heads]\nclient_id = "one"\n'
    assert len(list(new.glob("before-restore-*/keys/portal.toml"))) == 1
    assert orders_in(new) == orders_in(folder)


def test_sessions_and_open_links_of_before_a_restore_open_nothing(
    market: Market, folder: Path, tmp_path: Path
) -> None:
    people, now_ms = market.hub.ground.part(PeopleActs), market.clock.ms
    people.add("meena", roles=("admin",), password="correct horse")
    token = people.sign_in.enter(
        name="meena", password="correct horse", browser=Browser("127.0.0.1"), now_ms=now_ms
    )
    link = market.hub.ground.part(PartnerActs).invite("nina", ["C2"], by=MEENA)
    file, new = tmp_path / "sessions.tar", tmp_path / "new"
    assert run_hub(folder, "backup", str(file)).returncode == 0

    told = run_hub(new, "restore", str(file)).stdout

    assert token is not None
    assert is_let_in(market.hub, token, link) == (True, True)
    settings = Settings(folder=new, database=f"sqlite:///{new / 'hub.db'}")
    with closing(build_hub(settings, clock=market.clock)) as hub:
        assert is_let_in(hub, token, link) == (False, False)
    assert "everybody has to sign in again" in told


def is_let_in(hub: Hub, token: str, link: Invited) -> tuple[bool, bool]:
    """Say whether a session is there, and whether a link opens something."""
    now_ms, ground = hub.ground.clock.now_ms(), hub.ground
    session = ground.part(PeopleActs).sign_in.find(token, now_ms=now_ms, touch=False)
    return session is not None, ground.part(PartnerActs).welcome.look(link.token) is not None


def test_books_that_were_put_back_by_other_means_begin_a_new_life(
    market: Market, folder: Path
) -> None:
    people, now_ms = market.hub.ground.part(PeopleActs), market.clock.ms
    people.add("meena", roles=("admin",), password="correct horse")
    browser = Browser("127.0.0.1")
    token = people.sign_in.enter(
        name="meena", password="correct horse", browser=browser, now_ms=now_ms
    )

    with hold_folder(folder, "hub"):
        beside = run_hub(folder, "restore", "--put-back")
    done = run_hub(folder, "restore", "--put-back")

    assert (beside.returncode, done.returncode) == (2, 0)
    assert "it has still to hear of 4 terminals" in done.stdout
    assert list(broken_in(folder)) == ["heard_again"]
    assert token is not None
    assert people.sign_in.find(token, now_ms=now_ms, touch=False) is None


def test_settings_that_name_other_books_than_those_put_back_are_told(
    folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "fast-disk.db"
    shutil.copy(folder / "hub.db", moved)
    (folder / "hub.toml").write_text(f'database = "sqlite:///{moved}"\n')
    file, new = tmp_path / "elsewhere.tar", tmp_path / "new"
    assert run_hub(folder, "backup", str(file)).returncode == 0

    done = run_hub(new, "restore", str(file))

    assert str(moved) in done.stderr
    assert str(new / "hub.db") in done.stderr


def test_a_restored_hub_says_so_until_every_terminal_was_heard(
    backup: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    run_hub(new, "restore", str(backup))

    broken = broken_in(new)

    assert list(broken) == ["heard_again"]
    assert [fault.split()[1] for fault in broken["heard_again"]] == [
        "shop-1",
        "shop-2",
        "shop-3",
        "shop-4",
    ]


def test_a_backup_taken_amid_orders_is_of_one_moment(
    market: Market, folder: Path, tmp_path: Path
) -> None:
    stop = threading.Event()

    def sell() -> None:
        while not stop.is_set():
            market.place(("SOAP", 1), terminal="shop-1", payment="cash")

    seller = threading.Thread(target=sell)
    seller.start()
    done = run_hub(folder, "backup", str(tmp_path / "amid.tar"))
    stop.set()
    seller.join()
    run_hub(tmp_path / "new", "restore", str(tmp_path / "amid.tar"))

    assert done.returncode == 0, done.stderr
    assert 2 <= len(orders_in(tmp_path / "new")) <= len(orders_in(folder))
    assert list(broken_in(tmp_path / "new")) == ["heard_again"]


def test_what_was_there_is_set_aside_and_only_when_told_so(
    market: Market, folder: Path, backup: Path
) -> None:
    market.place(("TEA", 1), terminal="shop-1")
    newer = orders_in(folder)

    refused = run_hub(folder, "restore", str(backup))
    untouched = orders_in(folder)
    market.hub.close()
    done = run_hub(folder, "restore", str(backup), "--yes")

    assert (refused.returncode, untouched) == (2, newer)
    assert "has 1 orders more than the backup" in refused.stderr
    assert done.returncode == 0, done.stderr
    assert len(orders_in(folder)) == 2
    (aside,) = folder.glob("before-restore-*")
    assert orders_in(aside) == newer


def test_books_that_went_on_after_the_backup_are_not_set_aside_unasked(
    market: Market, folder: Path, backup: Path
) -> None:
    """Also where they have no order more: one was called off, or others came after a restore."""
    manifest, books = read_manifest(backup), folder / "hub.db"
    alike = find_newer(books, manifest)
    market.clock.ms = manifest.taken_at + 1_000
    ((order,),) = market.rows("SELECT uuid FROM order_ WHERE requester = 'shop-1'")
    market.orders.cancel(order, why="called off", by="asha")
    changed = run_hub(folder, "restore", str(backup))
    market.place(("TEA", 1), terminal="shop-2")
    fewer = find_newer(books, replace(manifest, orders=50))

    assert alike == (0, 0)
    assert changed.returncode == 2
    assert "changes of after the backup was taken (money, stock, settings)" in changed.stderr
    assert fewer is not None
    assert fewer.orders == 1


def test_each_restore_begins_a_life_of_its_own(backup: Path, tmp_path: Path) -> None:
    done = [
        json.loads(run_hub(tmp_path / name, "restore", str(backup), "--json").stdout)
        for name in ("one", "two")
    ]

    lives = {one["incarnation"]["id"] for one in done}

    assert len(lives) == 2
    assert {one["incarnation"]["backup_at"] for one in done} == {done[0]["manifest"]["taken_at"]}


def test_a_hub_that_runs_is_left_alone(folder: Path, backup: Path) -> None:
    with hold_folder(folder, "hub"):
        done = run_hub(folder, "restore", str(backup), "--yes")

    assert done.returncode == 2
    assert "stop it first" in done.stderr
    assert list(folder.glob("before-restore-*")) == []


def rename(market: Market, name: str) -> None:
    """Load the distributor's folder once more, with another name in it."""
    head, *others = FILES["distributor.toml"].splitlines()
    assert head.startswith("name = ")
    texts = {**FILES, "distributor.toml": "\n".join([f'name = "{name}"', *others])}
    market.hub.ground.part(LoadDistributor)(read_distributor(texts, scale=2), packed())


def test_the_books_of_another_distributor_are_left_alone(
    market: Market, folder: Path, backup: Path
) -> None:
    rename(market, "Somebody Else")
    (folder / "signing" / "answers.key").unlink()
    AnswerKey(folder / "signing")()

    done = run_hub(folder, "restore", str(backup), "--yes")

    assert done.returncode == 2
    assert "of Somebody Else: name another folder" in done.stderr
    assert len(orders_in(folder)) == 2


def test_a_distributor_that_has_another_name_since_is_put_back(
    market: Market, folder: Path, backup: Path
) -> None:
    rename(market, "Sharma Traders and Sons")

    done = run_hub(folder, "restore", str(backup), "--yes")

    assert done.returncode == 0, done.stderr
    assert len(orders_in(folder)) == 2


def cut(file: Path) -> None:
    """Lose the second half."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    """Flip one bit in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def empty(file: Path) -> None:
    """Lose everything."""
    file.write_bytes(b"")


def add_outside(file: Path) -> None:
    """Put in a file that would land outside of the folder."""
    with tarfile.open(file, "a") as archive:
        archive.add(__file__, arcname="../outside.py")


def add_another(file: Path) -> None:
    """Put in a file that the manifest does not name."""
    with tarfile.open(file, "a") as archive:
        archive.add(__file__, arcname="signing/more.pem")


@pytest.mark.parametrize("harm", [cut, flip, empty, add_outside, add_another, Path.unlink])
def test_a_file_that_is_not_as_it_was_taken_restores_nothing(
    backup: Path, tmp_path: Path, harm: object
) -> None:
    assert callable(harm)
    harm(backup)

    done = run_hub(tmp_path / "new", "restore", str(backup))

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(str(backup))
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "outside.py").exists()


def run_with_little_room(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose files cannot grow beyond 200 KB, as on a disk that is full."""
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments, "--data", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
    )


def test_a_backup_for_which_there_is_no_room_is_said_and_leaves_nothing(
    folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "usb" / "monday.tar"
    target.parent.mkdir()

    done = run_with_little_room(folder, "backup", str(target))

    assert done.returncode == 2
    assert done.stderr.startswith(f"{target}: ")
    assert "Traceback" not in done.stderr
    assert list(target.parent.iterdir()) == []


def test_an_upgrade_for_whose_copy_there_is_no_room_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    fill(f"sqlite:///{folder / 'hub.db'}", "0011", tmp_path)

    done = run_with_little_room(folder, "user", "add", "asha", "--role", "admin")

    assert done.returncode == 2
    assert done.stderr.startswith(f"{folder / 'hub.db.0011'} cannot be written: ")
    assert "Traceback" not in done.stderr
    assert not list(folder.glob("hub.db.0011*"))
    assert run_hub(folder, "user", "add", "asha", "--role", "admin").returncode == 0
    assert len(orders_in(folder)) == 58


def test_a_backup_never_writes_over_another(folder: Path, backup: Path) -> None:
    before = backup.read_bytes()

    done = run_hub(folder, "backup", str(backup))

    assert done.returncode == 2
    assert "name a file that is not" in done.stderr
    assert backup.read_bytes() == before


def test_damaged_books_are_not_backed_up(market: Market, folder: Path, tmp_path: Path) -> None:
    market.hub.close()
    content = bytearray((folder / "hub.db").read_bytes())
    for place in range(8_192, len(content), 4_096):
        content[place : place + 40] = b"\xff" * 40
    (folder / "hub.db").write_bytes(content)

    done = run_hub(folder, "backup", str(tmp_path / "bad.tar"))

    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert not (tmp_path / "bad.tar").exists()


def test_a_restore_that_was_cut_short_starts_no_hub_and_is_run_again(
    backup: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "restoring").touch()

    refused = run_hub(new, "user", "add", "asha", "--role", "sales")
    done = run_hub(new, "restore", str(backup))

    assert refused.returncode == 2
    assert "run the restore again" in refused.stderr
    assert done.returncode == 0, done.stderr
    assert len(orders_in(new)) == 2


def test_a_backup_of_before_the_first_answer_has_the_key_of_the_answers_that_follow(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        take_backup(market.database, folder, tmp_path / "early.tar", clock=market.clock)
        market.place(("TEA", 1))
        key = (folder / "signing" / "answers.key").read_bytes()

    restore_backup(tmp_path / "early.tar", tmp_path / "new", clock=SystemClock())

    assert (tmp_path / "new" / "signing" / "answers.key").read_bytes() == key


def test_a_backup_without_the_key_of_answers_leaves_the_one_that_is_there(
    folder: Path, tmp_path: Path
) -> None:
    key = (folder / "signing" / "answers.key").read_bytes()
    without = tmp_path / "without"
    shutil.copytree(folder, without)
    (without / "signing" / "answers.key").unlink()
    old = tmp_path / "old.tar"
    made = run_hub(without, "backup", str(old))
    assert made.returncode == 0, made.stderr
    with tarfile.open(old) as whole:
        members = [one for one in whole if one.name != "signing/answers.key"]
        manifest = json.load(whole.extractfile("manifest.json"))  # type: ignore[arg-type]
        del manifest["files"]["signing/answers.key"]
        with tarfile.open(tmp_path / "older.tar", "w") as older:
            for one in members:
                content = whole.extractfile(one).read()  # type: ignore[union-attr]
                if one.name == "manifest.json":
                    content = json.dumps(manifest).encode()
                    one.size = len(content)
                older.addfile(one, io.BytesIO(content))

    done = run_hub(folder, "restore", str(tmp_path / "older.tar"), "--yes")

    assert done.returncode == 0, done.stderr
    assert (folder / "signing" / "answers.key").read_bytes() == key
