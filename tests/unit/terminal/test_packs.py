"""When a sound pack may be in force, and that every reason against one is explained."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from hub.base.words import PAGES
from rules import CompiledPack, load_pack
from rules.tools.build.verifying import PackFault
from terminal.core.packs import older, too_early
from tests.unit.rules.making import packed_of

ROOT = Path(__file__).parents[3]
FIRST_DAY = date(2026, 12, 1)


def version(number: int, **rest: object) -> CompiledPack:
    return load_pack(packed_of(version=number, **rest))


@pytest.mark.parametrize(
    ("new", "active", "code"),
    [(4, 3, None), (3, 3, None), (2, 3, "pack_version_older"), (1, None, None)],
)
def test_a_version_may_stay_or_rise_and_never_fall(
    new: int, active: int | None, code: str | None
) -> None:
    hold = older(version(new), version(active) if active is not None else None)

    assert (hold.code if hold else None) == code


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 11, 30), "pack_not_yet"),
        (FIRST_DAY, None),
        (date(2027, 1, 1), None),
        (None, "pack_clock_unset"),
    ],
)
def test_a_first_day_is_waited_for_by_the_hub_s_clock(today: date | None, code: str | None) -> None:
    hold = too_early(version(2, not_before=FIRST_DAY.isoformat()), today)

    assert (hold.code if hold else None) == code


def test_a_pack_without_a_first_day_asks_no_clock() -> None:
    assert too_early(version(2), None) is None


def test_every_reason_is_in_the_readme_and_has_words_on_the_hub_s_page() -> None:
    ours = "".join(path.read_text() for path in sorted((ROOT / "terminal").rglob("*.py")))
    codes = {*re.findall(r'PackHold\(\s*"(\w+)"', ours), *get_args(PackFault)}
    codes.remove("pack_chain_broken")  # a terminal may miss versions, so it asks for no chain
    readme = (ROOT / "terminal" / "README.md").read_text()

    assert len(codes) == 10
    assert [code for code in sorted(codes) if f"`{code}`" not in readme] == []
    assert [code for code in sorted(codes) if PAGES.find("en", f"pack_held.{code}") is None] == []
