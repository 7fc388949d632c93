"""Software that the hub offers: fetched while the counter rests, proven, tried, told of."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from broker.contract import ConfigData, read_signed
from rules.tools.build.signing import new_private_key
from terminal.app.update.install import nothing
from terminal.app.update.manifest import this_machine
from terminal.core.screen import banners_of
from terminal.slots import PACKAGED, Slots, Software
from tests.builders.updates import TRUSTED, Made, make_update
from tests.fixtures.counters import Counter, running
from tests.fixtures.shops import COLA, Shop, SnapshotServer, digest

HERE, PYTHON = this_machine()
Play = Callable[[Counter], Awaitable[None]]


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    """Give the slots of a machine that runs what its package brought."""
    return Slots(tmp_path / "slots")


@pytest.fixture
def made(tmp_path: Path, snapshots: SnapshotServer) -> Made:
    """Give an update for this machine, whose bundle the hub serves."""
    one = make_update(tmp_path / "made", 7, machine=HERE, python=PYTHON)
    snapshots.add(one.bundle.read_bytes())
    return one


def offering(shop: Shop, made: Made | None) -> ConfigData:
    """Write a configuration that offers an update, or none."""
    return replace(shop.config, software=read_signed(made.content) if made else None)


def play(folder: Path, shop: Shop, act: Play, **changes: Any) -> None:
    """Play with a counter that has slots; it stays as it is until it rested for an hour."""
    shop.settle(folder / "data")
    usual = {"slots": str(folder / "slots"), "software_keys": TRUSTED, "steady_s": 3600.0}

    async def run() -> None:
        async with running(folder / "data", **{**usual, **changes}) as counter:
            await act(counter)

    asyncio.run(run())


def put(slots: Slots, what: Software) -> None:
    """Have software tried with the next start."""
    slots.switch(slots.fill(lambda folder: folder.touch(), what, nothing), what, nothing)


def told(counter: Counter) -> dict[str, Any]:
    """Give what the terminal said last of its software."""
    found: dict[str, Any] = counter.status.get("update") or {}
    return found


def test_it_is_fetched_proven_and_waits_for_the_counter_to_rest(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made
) -> None:
    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "waiting")
        assert told(counter) == {
            "number": 0,
            "machine": HERE,
            "python": PYTHON,
            "manifest": made.digest,
            "state": "waiting",
        }

    play(tmp_path, reachable, act)

    assert slots.awaited == Software(7, "7.0", made.digest)
    assert (slots.folder / "a" / "terminal" / "__main__.py").read_text() == "print(7)\n"
    assert list(slots.folder.glob("coming-*")) == []


def test_nothing_is_fetched_while_an_order_is_open(
    tmp_path: Path, reachable: Shop, made: Made, snapshots: SnapshotServer
) -> None:
    bundle = f"/terminal/v1/software/{digest(made.bundle.read_bytes())}"

    async def act(counter: Counter) -> None:
        counter.watches(snapshots)
        await counter.scan(COLA)
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "fetching")
        await asyncio.sleep(0)
        assert bundle not in snapshots.asked
        await counter.scan("OW-SUBMIT")
        await counter.until(lambda: told(counter).get("state") == "waiting")
        assert bundle in snapshots.asked

    play(tmp_path, reachable, act)


def test_what_has_come_of_it_is_not_fetched_again(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made, snapshots: SnapshotServer
) -> None:
    content = made.bundle.read_bytes()
    slots.folder.mkdir()
    (slots.folder / f"coming-{digest(content)}").write_bytes(content[:50])
    (slots.folder / f"coming-{'0' * 64}").write_bytes(b"of an update that nobody wants now")

    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "waiting")

    play(tmp_path, reachable, act)

    assert "bytes=50-" in snapshots.ranges
    assert list(slots.folder.glob("coming-*")) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"key": new_private_key()}, "software_signature_bad nobody whose updates are taken"),
        ({"machine": "riscv64"}, "software_other_machine for another kind of machine"),
        ({"number": 3}, "software_older what runs here is as new"),
    ],
    ids=["signed by a stranger", "for another machine", "older than what runs"],
)
def test_what_cannot_be_proven_is_refused_before_it_is_fetched_and_the_hub_hears_why(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer, *, wrong: dict[str, Any], why: str
) -> None:
    code, _, words = why.partition(" ")
    slots = Slots(tmp_path / "slots")
    put(slots, Software(5, "5.0", "5" * 64))
    slots.confirm("a")
    asked: dict[str, Any] = {"number": 7, "machine": HERE, "python": PYTHON, **wrong}
    made = make_update(tmp_path / "made", **asked)

    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "refused")
        assert told(counter)["code"] == code
        await counter.told(code)
        assert words in " ".join(one.text for one in banners_of(counter.terminal.screen))

    play(tmp_path, reachable, act)

    assert not [path for path in snapshots.asked if "/software/" in path]
    assert slots.awaited is None


def test_what_was_refused_is_proven_anew_under_another_signature(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made
) -> None:
    good = offering(reachable, made)
    assert good.software is not None
    stranger = replace(good.software, signature="A" * 86 + "==")

    async def act(counter: Counter) -> None:
        counter.link.configure(replace(good, software=stranger))
        await counter.until(lambda: told(counter).get("state") == "refused")
        assert told(counter)["code"] == "software_signature_bad"
        counter.link.configure(good)
        await counter.until(lambda: told(counter).get("state") == "waiting")

    play(tmp_path, reachable, act)

    assert slots.awaited == Software(7, "7.0", made.digest)


def test_a_machine_without_keys_takes_nothing(tmp_path: Path, reachable: Shop, made: Made) -> None:
    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "refused")
        assert told(counter)["code"] == "software_key_missing"

    play(tmp_path, reachable, act, software_keys="")


def test_a_machine_without_slots_says_nothing_of_updates(
    tmp_path: Path, reachable: Shop, made: Made, snapshots: SnapshotServer
) -> None:
    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.in_use(reachable)
        assert counter.status["update"] is None

    play(tmp_path, reachable, act, slots="")

    assert not [path for path in snapshots.asked if "/software/" in path]


def test_a_bundle_that_is_changed_on_its_way_is_fetched_again_and_never_used(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made, snapshots: SnapshotServer
) -> None:
    content = made.bundle.read_bytes()
    snapshots.contents[digest(content)] = content[:-1] + bytes([content[-1] ^ 1])

    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("code") == "software_not_fetched")
        assert told(counter)["state"] == "fetching"
        assert slots.awaited is None
        snapshots.add(content)
        await counter.until(lambda: told(counter).get("state") == "waiting")

    play(tmp_path, reachable, act)


def test_what_is_taken_back_is_not_tried_and_is_there_at_once_when_it_is_offered_again(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made, snapshots: SnapshotServer
) -> None:
    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "waiting")
        counter.link.configure(offering(reachable, None))
        await counter.until(lambda: told(counter).get("state", "none") == "none")
        assert slots.awaited is None
        assert slots.choose().name == PACKAGED
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "waiting")

    play(tmp_path, reachable, act)

    assert len([path for path in snapshots.asked if "/software/" in path]) == 1


def test_software_that_failed_here_is_told_of_after_every_start_and_not_fetched(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made, snapshots: SnapshotServer
) -> None:
    put(slots, Software(7, "7.0", made.digest))
    for _ in range(3):  # two starts in which it did not serve, then the software before
        slots.choose()

    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "failed")
        assert told(counter)["code"] == "software_failed_here"
        assert "did not serve in 2 starts" in told(counter)["text"]
        held = [one.text for one in banners_of(counter.terminal.screen) if "update" in one.text]
        await counter.scan("OW-UPDATE")
        assert counter.screen.said == (
            "New software is not taken: it did not serve, and the software before is back"
        )
        counter.link.configure(offering(reachable, None))
        await counter.until(lambda: not counter.terminal.screen.software_hold)
        assert "the software before is back" in held[0]

    play(tmp_path, reachable, act)

    assert not [path for path in snapshots.asked if "/software/" in path]


def test_before_it_makes_way_it_says_that_it_tries(
    tmp_path: Path, reachable: Shop, slots: Slots, made: Made
) -> None:
    said: list[str] = []

    async def act(counter: Counter) -> None:
        counter.link.configure(offering(reachable, made))
        await counter.until(lambda: told(counter).get("state") == "trying")
        await counter.until(lambda: not counter.link.running)
        said.extend(
            one["data"]["update"].get("state", "") for one in counter.link.of_kind("status")
        )

    play(tmp_path, reachable, act, steady_s=0.5)

    assert said[-1] == "trying"
    assert slots.choose().is_trial
