"""Which places are near each other, and which names may be one shop's."""

import pytest

from hub.desk.parties.model.distance import are_alike, metres_between
from hub.desk.parties.model.fields import needs_second


def test_metres_are_measured_along_the_earth() -> None:
    assert metres_between((12_971_600, 77_594_600), (12_976_600, 77_594_600)) == 556
    assert metres_between((0, 0), (0, 180_000_000)) == 20_015_115


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("guptastore", "guptastore", True),
        ("guptastore", "guptastores", True),
        ("gupta", "guptakiranastore", True),
        ("gupta", "sharma", False),
        ("abc", "abcstores", False),
        ("शर्मास्टोर", "शर्मास्टोर्स", True),
    ],
)
def test_names_are_alike_but_for_an_end_or_a_letter(one: str, other: str, *, alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


@pytest.mark.parametrize(
    ("name", "old", "new", "waits"),
    [
        ("place", "", "12.9716, 77.5946", False),
        ("place", "12.9716, 77.5946", "12.9726, 77.5946", False),
        ("place", "12.9716, 77.5946", "12.9766, 77.5946", True),
        ("place", "12.9716, 77.5946", "", True),
        ("phone", "+919845012345", "+919845012346", False),
        ("gstin", "", "29ABCDE1234F1Z5", True),
    ],
)
def test_a_place_that_moves_far_waits_for_a_second_person(
    name: str, old: str, new: str, *, waits: bool
) -> None:
    assert needs_second(name, old, new) is waits
