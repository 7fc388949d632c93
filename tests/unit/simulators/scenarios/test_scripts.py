"""Scenario files are read with every fault named, and what never ends is not played."""

from pathlib import Path

import pytest

from simulators.errors import InputFileError
from simulators.scenarios.scripts.reading import LIBRARY, find_script, read_script
from simulators.scenarios.scripts.script import EndStep, FaultStep, OrderStep, WaitStep

HEAD = 'name: "A day"\npurpose: "To see."\nsteps:\n'


def write(folder: Path, steps: str, name: str = "day.yaml") -> Path:
    file = folder / name
    file.write_text(HEAD + steps)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(InputFileError) as refused:
        read_script(file)
    return str(refused.value)


def test_steps_are_read_with_repeats_and_other_files_played_out(tmp_path: Path) -> None:
    write(tmp_path, "  - order: {at: shop-01, lines: 2}\n", "first.yaml")
    file = write(
        tmp_path,
        "  - repeat: {times: 2, steps: [{play: first.yaml}]}\n"
        "  - fault: {kind: hub_killed, where: 0.25}\n"
        "  - end: hub_killed\n"
        "  - wait: {at: shop-01, until: answered}\n"
        "expect: {confirmed: 2, lost: 0}\n",
    )

    script = read_script(file)

    assert script.steps == [
        OrderStep("shop-01", 2),
        OrderStep("shop-01", 2),
        FaultStep("hub_killed", 0.25),
        EndStep("hub_killed"),
        WaitStep("shop-01", "answered"),
    ]
    assert script.expect == {"confirmed": 2}


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - fault: {kind: hub_killed}\n", "hub_killed never ends: add the step `end:"),
        ("  - end: hub_killed\n", "hub_killed ends and was not begun"),
        ("  - fault: {kind: hub}\n", "'hub' is no kind of fault"),
        ("  - play: day.yaml\n", "this scenario never ends: day.yaml > day.yaml"),
        ("  - play: none.yaml\n", "there is no file none.yaml beside day.yaml"),
        ("  - repeat: {times: 1000, steps: [{staff: 1}]}\n", "1000 is above 100"),
        (
            "  - repeat: {times: 100, steps: [{repeat: {times: 100, steps: [{staff: 1}]}}]}\n",
            "at most 500 steps",
        ),
        ("  - wait: {for: 10m}\n", "nobody waits longer than 120s"),
        ("  - wait: {at: shop-01}\n", "a wait has 'at' and 'until', or 'for'"),
        ("  - order: {lines: 2}\n", "'at' is missing"),
        ("  - orders: 2\n", "needs exactly one of 'order'"),
        ("  - staff: 1\nexpect: {lost: 1}\n", "'lost' is 0 in every scenario"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_refused_with_words(
    tmp_path: Path, steps: str, said: str
) -> None:
    assert said in refusal(write(tmp_path, steps))


@pytest.mark.parametrize("file", sorted(LIBRARY.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_scenario_of_the_library_can_be_played(file: Path) -> None:
    script = read_script(file)

    assert script.name
    assert find_script(file.stem) == file


def test_a_name_that_is_no_scenario_is_told_with_the_nearest() -> None:
    with pytest.raises(InputFileError, match="did you mean 'line-down'"):
        find_script("line-dwn")
