"""Which software is started: trials, roll backs, and slots that are filled whole or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from terminal.slots import PACKAGED, Slots, Software, State, next_start

TRIED = State(active="b", before="a", proven=False, number=7)


class PowerCutError(Exception):
    """The power goes."""


def cut_at(wanted: str) -> Callable[[str], None]:
    def step(name: str) -> None:
        if name == wanted:
            raise PowerCutError

    return step


def nothing(_name: str) -> None:
    """Go on."""


def unpack(folder: Path) -> None:
    (folder / "module.py").write_text("x = 1\n")


def test_software_on_trial_gets_two_starts_and_then_the_one_before_it_is_back() -> None:
    first = next_start(TRIED)
    second = next_start(first)
    third = next_start(second)

    assert [(one.active, one.proven) for one in (first, second, third)] == [
        ("b", False),
        ("b", False),
        ("a", True),
    ]
    assert third.told is not None
    assert third.told[0] == "software_rolled_back"


def test_proven_software_that_never_serves_is_left_for_the_packaged_one() -> None:
    state = State(active="a", before="a")
    for _ in range(5):
        state = next_start(state)
        assert state.active == "a"

    assert next_start(state).active == PACKAGED
    assert next_start(replace(state, starts=0)).active == "a"


STEPS = ("clear", "unpack", "mark", "sync", "remove", "rename", "switch")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("earlier", [True, False], ids=["with software before", "the first"])
def test_a_power_cut_in_any_step_leaves_the_software_before(
    tmp_path: Path, *, step: str, earlier: bool
) -> None:
    slots = Slots(tmp_path)
    if earlier:
        before = Software(6, "6", "6" * 64)
        slots.switch(slots.fill(unpack, before, nothing), before, nothing)
        slots.choose()
        slots.confirm("a")
    started = slots.choose().name
    what = Software(7, "7", "7" * 64)

    with pytest.raises(PowerCutError):
        slots.switch(slots.fill(unpack, what, cut_at(step)), what, cut_at(step))

    again = Slots(tmp_path)
    assert again.choose().name == started
    assert again.state().proven
    again.switch(again.fill(unpack, what, nothing), what, nothing)
    choice = again.choose()
    assert choice.is_trial
    assert choice.folder is not None
    assert (choice.folder / "module.py").read_text() == "x = 1\n"


def test_what_fails_is_not_tried_again_and_the_hub_hears_of_it_once(tmp_path: Path) -> None:
    slots, what = Slots(tmp_path), Software(7, "7", "7" * 64)
    slots.switch(slots.fill(unpack, what, nothing), what, nothing)
    assert slots.choose().is_trial

    slots.fail("a", "it ended with 1 before it served")

    assert slots.choose().name == PACKAGED
    assert slots.state().refused == {"7" * 64: "it ended with 1 before it served"}
    assert slots.take_told() == (
        "software_rolled_back",
        "software number 7 is rolled back: it ended with 1 before it served",
    )
    assert slots.take_told() is None


def test_a_state_or_a_slot_that_is_damaged_leads_to_the_packaged_software(tmp_path: Path) -> None:
    slots, what = Slots(tmp_path), Software(7, "7", "7" * 64)
    name = slots.fill(unpack, what, nothing)
    slots.switch(name, what, nothing)
    slots.choose()
    slots.confirm("a")
    (tmp_path / name / "slot.json").write_text("{")

    assert slots.choose().name == PACKAGED
    (tmp_path / "state.json").write_text('{"active": "c"}')
    assert slots.choose().name == PACKAGED


@pytest.mark.parametrize("step", ["clear", "unpack", "remove", "rename", "switch"])
def test_a_power_cut_while_another_update_takes_the_place_of_one_that_waits(
    tmp_path: Path, step: str
) -> None:
    slots = Slots(tmp_path)
    for number in (6, 7):
        what = Software(number, str(number), str(number) * 64)
        slots.switch(slots.fill(unpack, what, nothing), what, nothing)
        if number == 6:
            slots.choose()
            slots.confirm("a")
    later = Software(8, "8", "8" * 64)

    slots.withdraw()
    with pytest.raises(PowerCutError):
        slots.switch(slots.fill(unpack, later, cut_at(step)), later, cut_at(step))

    choice = Slots(tmp_path).choose()
    assert (choice.name, choice.is_trial) == ("a", False)


def test_an_update_that_waits_already_has_not_failed_with_the_one_before(tmp_path: Path) -> None:
    slots, what, later = Slots(tmp_path), Software(7, "7", "7" * 64), Software(8, "8", "8" * 64)
    slots.switch(slots.fill(unpack, what, nothing), what, nothing)
    slots.choose()
    slots.confirm("a")
    slots.switch(slots.fill(unpack, later, nothing), later, nothing)

    assert slots.has_served("a")
    slots.fail("a", "it did not serve within 15 s")

    assert (slots.state().active, slots.state().refused) == ("b", {})


def test_where_no_folder_can_be_there_is_nothing_to_say(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    slots = Slots(tmp_path / "file" / "slots")

    assert slots.choose().name == PACKAGED
    assert not slots.confirm(PACKAGED)
    assert slots.take_told() is None


def test_an_update_that_comes_while_the_software_before_says_that_it_serves_is_tried(
    tmp_path: Path,
) -> None:
    what, both = Software(7, "7", "7" * 64), Barrier(2)

    def serve(slots: Slots) -> None:
        both.wait()
        slots.confirm(PACKAGED)

    def update(slots: Slots) -> None:
        both.wait()
        slots.switch("a", what, nothing)

    with ThreadPoolExecutor(2) as pool:
        for turn in range(50):
            slots = Slots(tmp_path / str(turn))
            slots.fill(unpack, what, nothing)
            slots.choose()
            list(pool.map(lambda act, one=slots: act(one), (serve, update)))

            assert (slots.state().active, slots.state().proven) == ("a", False)


def test_a_damaged_slot_on_trial_leads_to_the_software_before_it(tmp_path: Path) -> None:
    slots = Slots(tmp_path)
    for number in (6, 7):
        what = Software(number, str(number), str(number) * 64)
        name = slots.fill(unpack, what, nothing)
        slots.switch(name, what, nothing)
        if number == 6:
            slots.choose()
            slots.confirm("a")
    (tmp_path / name / "slot.json").write_text("{")

    choice = slots.choose()

    assert (choice.name, choice.is_trial) == ("a", False)
    assert slots.take_told() == (
        "software_rolled_back",
        "software number 7 is rolled back: its slot is damaged",
    )


def test_software_on_trial_is_not_withdrawn(tmp_path: Path) -> None:
    slots, what = Slots(tmp_path), Software(7, "7", "7" * 64)
    slots.switch(slots.fill(unpack, what, nothing), what, nothing)
    slots.choose()

    slots.withdraw()

    assert slots.is_trying
    assert slots.awaited == what
