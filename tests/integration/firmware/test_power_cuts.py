"""The journal on LittleFS, on a flash chip that dies in the middle of every write."""

from pathlib import Path

import pytest

from tests.builders.micropython import run_script

pytestmark = pytest.mark.needs("micropython")


def test_nothing_told_is_lost_whichever_write_the_power_is_cut_in(micropython: Path) -> None:
    told = run_script(micropython, "power_cuts")

    assert int(told.removeprefix("cuts ")) > 300
