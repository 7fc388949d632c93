"""The update drill with real processes: good, bad signature, crash at start, and one that hangs.

A supervisor starts the machine's program again whenever it ends, as systemd does.
"""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.contract.software import FORMAT, Manifest, SoftwareError
from rules.tools.build.signing import new_private_key
from simulators.faults import free_port
from terminal.app.update.install import (
    install,
    install_signed,
    nothing,
    write_bundle,
    write_update,
)
from terminal.app.update.manifest import sign_manifest
from terminal.slots import Slots, Software
from tests.builders.machine import MACHINE, PYTHON, ROOT, Machine, made_of_this
from tests.builders.terminal_commands import run_terminal
from tests.builders.updates import KEY, TRUSTED
from tests.fixtures.shops import COLA, PASSWORD, TERMINAL, Shop

pytestmark = pytest.mark.xdist_group("update drill")


@pytest.fixture
def machine(tmp_path: Path, shop: Shop) -> Iterator[Machine]:
    """Give a machine that sells, with one order in its queue."""
    shop.settle(tmp_path / "records")
    one = Machine(
        tmp_path,
        f'id = "{TERMINAL}"\npassword = "{PASSWORD}"\n[broker]\nport = {free_port()}',
    )
    one.until_serving()
    one.order()
    one.until(lambda: one.queued() == 1, "an order waits")
    yield one
    one.stop()


def test_a_good_update_serves_and_keeps_the_queue(machine: Machine, tmp_path: Path) -> None:
    told = machine.command("--manifest", str(made_of_this(tmp_path, 7)))
    machine.until_serving("number-7")
    machine.until(lambda: machine.command("--show")["proven"] is True, "it is proven")
    again = machine.command("--manifest", str(made_of_this(tmp_path, 6)))

    assert told == {"slot": "a", "number": 7, "version": "7.0"}
    assert machine.queued() == 1
    assert again["refused"] == "software_older"
    machine.order()
    machine.until(lambda: machine.queued() == 2, "the new software takes orders")
    assert machine.command("--manifest", str(made_of_this(tmp_path, 8)))["slot"] == "b"
    machine.until_serving("number-8")
    assert machine.queued() == 2


@pytest.mark.parametrize(
    ("main", "why"),
    [
        ("raise SystemExit(3)\n", "it ended with 3 before it served"),
        ("import time\ndef main():\n    time.sleep(3600)\n", "it did not serve within 15 s"),
    ],
    ids=["crash at start", "hangs"],
)
def test_software_that_does_not_serve_is_rolled_back_by_itself(
    machine: Machine, tmp_path: Path, main: str, why: str
) -> None:
    bad = made_of_this(tmp_path, 7, main=main)
    machine.command("--manifest", str(bad))
    machine.until(lambda: bool(machine.command("--show")["refused"]), "it is given up")
    machine.until_serving()

    shown = machine.command("--show")
    assert (shown["active"], shown["proven"]) == ("packaged", True)
    assert list(shown["refused"].values()) == [why]  # type: ignore[attr-defined]
    assert machine.queued() == 1
    assert machine.command("--manifest", str(bad))["refused"] == "software_failed_here"


def test_what_is_not_signed_or_not_whole_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    stranger = machine.command(
        "--manifest", str(made_of_this(tmp_path / "x", 7, key=new_private_key()))
    )
    cut = made_of_this(tmp_path / "y", 8)
    bundle = cut.with_suffix(".tar.gz")
    bundle.write_bytes(bundle.read_bytes()[:-1])
    short = machine.command("--manifest", str(cut))

    assert stranger["refused"] == "software_signature_bad"
    assert short["refused"] == "software_bundle_bad"
    assert machine.command("--show")["active"] == "packaged"
    assert not list((tmp_path / "slots").glob("[ab]"))


def test_an_update_that_waits_for_an_open_order_may_be_given_again_or_replaced(
    machine: Machine, tmp_path: Path
) -> None:
    first = made_of_this(tmp_path, 7)
    machine.command("--manifest", str(first))
    machine.until_serving("number-7")
    machine.until(lambda: machine.command("--show")["proven"] is True, "it is proven")
    machine.page("/scan", COLA)  # an order is open: nothing is switched
    waiting = made_of_this(tmp_path, 8)
    given = [machine.command("--manifest", str(waiting)) for _ in range(2)]
    later = machine.command("--manifest", str(made_of_this(tmp_path, 9)))
    older = machine.command("--manifest", str(waiting))

    assert given == [{"slot": "b", "number": 8, "version": "8.0"}] * 2
    assert later == {"slot": "b", "number": 9, "version": "9.0"}
    assert older["refused"] == "software_older"
    machine.page("/scan", "OW-SUBMIT")
    machine.until_serving("number-9")
    assert machine.queued() == 2


def test_software_on_trial_ends_with_its_launcher_that_is_killed(tmp_path: Path) -> None:
    slots, what = Slots(tmp_path / "slots"), Software(7, "7.0", "7" * 64)

    def unpack(folder: Path) -> None:
        (folder / "terminal").mkdir()
        told = "    print(os.getpid(), flush=True)\n    time.sleep(600)\n"
        main = folder / "terminal" / "__main__.py"
        main.write_text(f"import os, time\ndef main():\n{told}")

    slots.switch(slots.fill(unpack, what, nothing), what, nothing)
    with subprocess.Popen(
        [sys.executable, "-m", "terminal.launch", "run"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "ORDERWIRE_TERMINAL_SLOTS": str(slots.folder)},
    ) as launcher:
        assert launcher.stdout is not None
        trial = os.pidfd_open(int(launcher.stdout.readline()))
        launcher.kill()
        ended, _, _ = select.select([trial], [], [], 20)
        os.close(trial)

    assert ended


def bundled(tree: Path, out: Path, *, number: int = 12, key: bytes = KEY) -> tuple[str, list[str]]:
    """Run `terminal bundle` on a folder; gives what it complains of, and the files it left."""
    pem = tree.parent / "private.pem"
    pem.write_bytes(key)
    asked = ("--number", str(number), "--key", str(pem), "--tree", str(tree), "--out", str(out))
    done = run_terminal("bundle", *asked)
    return done.stderr, sorted(path.name for path in out.glob("*"))


def test_a_bundle_without_a_terminal_a_number_or_a_key_is_not_made_of_this(tmp_path: Path) -> None:
    tree, out = tmp_path / "tree", tmp_path / "out"
    (tree / "terminal").mkdir(parents=True)

    assert "no terminal's software" in bundled(tree, out)[0]
    (tree / "terminal" / "__main__.py").write_text("")
    assert "0 is no number of an update" in bundled(tree, out, number=0)[0]
    assert bundled(tree, out, key=b"no key") == ("not made: the key cannot be read\n", [])
    assert len(bundled(tree, out)[1]) == 2


def test_a_bundle_that_has_no_terminal_is_not_taken(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    bundle = tmp_path / "update.tar.gz"
    digest, size = write_bundle(tree, bundle)
    manifest = Manifest(
        format=FORMAT,
        number=7,
        version="7.0",
        machine=MACHINE,
        python=PYTHON,
        bundle=digest,
        size=size,
    )
    slots = Slots(tmp_path / "slots")
    keys = TRUSTED

    with pytest.raises(SoftwareError) as refused:
        install_signed(slots, sign_manifest(manifest, KEY), bundle, keys=keys)

    assert refused.value.code == "software_bundle_bad"
    assert slots.awaited is None
    assert slots.software("a") is None


def test_a_later_update_waits_for_the_trial_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "tree" / "terminal").mkdir(parents=True)
    (tmp_path / "tree" / "terminal" / "__main__.py").write_text("")
    slots = Slots(tmp_path / "slots")
    keys = TRUSTED

    def give(number: int) -> None:
        files = write_update(
            *(tmp_path / "tree", tmp_path, KEY),
            number=number,
            version=f"{number}.0",
            machine=MACHINE,
            python=PYTHON,
        )
        slots.switch(*install(slots, *files, keys=keys), nothing)

    give(7)
    assert slots.choose().is_trial
    with pytest.raises(SoftwareError) as refused:
        give(8)
    assert refused.value.code == "software_on_trial"
    assert slots.confirm("a")
    give(8)
    assert slots.choose().name == "b"
