"""The state of a version follows from what was done and from the clock."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from hub.desk.rulepacks.model.starts import StartError, read_start
from hub.desk.rulepacks.model.versions import Version, next_number, scheduled, serving, state_of
from hub.desk.rulepacks.words import why_refused

NOW = 1_000
KOLKATA = ZoneInfo("Asia/Kolkata")
NEW_YORK = ZoneInfo("America/New_York")
DRAFT = Version(2, "shop", 2, "b" * 64, "added", 100, "asha")
OLD = Version(
    1, "shop", 1, "a" * 64, "set_up", 10, "load", published_at=10, published_by="load", starts_at=10
)


def started(at: int, **changed: object) -> Version:
    """Publish the draft with this start."""
    published = replace(DRAFT, published_at=200, published_by="vikram", starts_at=at)
    return replace(published, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "state"),
    [
        (DRAFT, "draft"),
        (replace(DRAFT, in_shadow=True), "shadow"),
        (replace(DRAFT, dropped_at=300), "retired"),
        (started(NOW + 1), "scheduled"),
        (started(NOW), "published"),
        (started(NOW - 1), "published"),
        (started(5), "retired"),
        (started(NOW, fault="no such engine"), "retired"),
    ],
)
def test_a_version_has_the_state_that_follows_from_its_dates(version: Version, state: str) -> None:
    assert state_of(version, [OLD, version], NOW) == state


def test_the_latest_start_that_has_come_serves_and_the_one_before_has_retired() -> None:
    versions = [OLD, started(NOW)]

    assert serving(versions, NOW - 1) == OLD
    assert serving(versions, NOW) == versions[1]
    assert state_of(OLD, versions, NOW) == "retired"


def test_of_two_that_start_at_one_moment_the_later_row_serves() -> None:
    again = replace(OLD, id=3, version=3, starts_at=NOW)

    assert serving([OLD, started(NOW), again], NOW) == again


def test_a_version_that_does_not_load_leaves_the_one_before_serving() -> None:
    assert serving([OLD, started(NOW, fault="broken")], NOW) == OLD


def test_before_anything_is_published_nothing_serves_and_numbers_begin_at_one() -> None:
    assert serving([], NOW) is None
    assert next_number([], []) == 1
    assert scheduled([OLD, started(NOW)], NOW) is None


@pytest.mark.parametrize(
    ("text", "utc_ms"),
    [
        ("2026-11-25", 1_795_545_000_000),
        (" 2026-11-25T06:30 ", 1_795_568_400_000),
        ("2026-11-25T06:30+00:00", 1_795_588_200_000),
    ],
)
def test_a_start_is_read_where_the_distributor_is(text: str, utc_ms: int) -> None:
    assert read_start(text, KOLKATA) == utc_ms


def test_an_hour_that_the_clocks_repeat_is_its_first() -> None:
    assert read_start("2026-11-01T01:30", NEW_YORK) == read_start(
        "2026-11-01T05:30+00:00", NEW_YORK
    )


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "25.11.2026", "2026-11-25T25:00"])
def test_what_is_no_start_is_refused_with_an_example_in_the_readers_language(text: str) -> None:
    with pytest.raises(StartError) as caught:
        read_start(text, KOLKATA)

    assert "such as 2026-11-25 or 2026-11-25T06:30" in why_refused(caught.value)
    assert "ऐसे लिखिए: 2026-11-25 या" in why_refused(caught.value, language="hi")
