"""Where a visit was: eight words, of which one counts."""

import pytest

from hub.desk.field.model.places import Judged, Place, judge

OUTLET = (12_971_600, 77_594_600)
AT_IT = Place(12_971_700, 77_594_700, accuracy_m=20)


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        (AT_IT, "verified"),
        (Place(12_971_600, 77_600_500, accuracy_m=20), "far"),
        (Place(12_971_700, 77_594_700, accuracy_m=20, age_s=3_600), "old"),
        (Place(12_971_700, 77_594_700, accuracy_m=20, mocked=True), "mocked"),
        (Place(12_971_700, 77_594_700, accuracy_m=3_000), "unsure"),
        (Place(denied=True), "denied"),
        (Place(), "unknown"),
        (Place(12_971_700), "unknown"),
        (Place(912_971_700, 77_594_700), "unknown"),
    ],
)
def test_a_place_is_told_by_one_word(place: Place, verdict: str) -> None:
    assert judge(place, OUTLET).verdict == verdict


def test_an_outlet_without_coordinates_says_so() -> None:
    assert judge(AT_IT, (None, None)) == Judged("unplaced")


def test_the_distance_is_told_in_metres() -> None:
    # A thousandth of a degree of latitude is 111.2 m everywhere.
    assert judge(Place(12_976_600, 77_594_600, accuracy_m=9), OUTLET) == Judged("far", 556)


def test_two_places_on_both_sides_of_the_date_line_are_near() -> None:
    found = judge(Place(0, 179_999_900, accuracy_m=9), (0, -179_999_900))

    assert found == Judged("verified", 22)
