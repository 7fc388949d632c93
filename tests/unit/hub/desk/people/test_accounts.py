"""Names of users, and pauses after wrong passwords."""

import pytest

from hub.desk.people.model.accounts import check_owner, key_of_name
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.model.pauses import Pauses

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Asha Rao", "  asha   RAO "),
        ("\u00c4nne", "\u00e4nne"),
        ("Jose\u0301", "JOS\u00c9"),
        ("\uff33unil", "sunil"),
        ("STRASSE", "stra\u00dfe"),
    ],
)
def test_a_name_has_one_spelling(one: str, other: str) -> None:
    assert key_of_name(one) == key_of_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("asha", "ash\u00e1"), ("asha", "as ha"), ("आशा", "आशी")]
)
def test_other_letters_are_other_names(one: str, other: str) -> None:
    assert key_of_name(one) != key_of_name(other)


def test_only_an_owner_touches_an_owner() -> None:
    check_owner(("owner",), "owner")
    check_owner(("admin",), "admin")

    with pytest.raises(PeopleError, match="not_owner"):
        check_owner(("admin",), "sales", "owner")


def test_pauses_double_to_fifteen_minutes_and_an_hour_forgives() -> None:
    pauses, now, waits = Pauses(), 0, []
    for _ in range(12):
        now += pauses.wait("asha", now)
        pauses.note_wrong("asha", now)
        waits.append(pauses.wait("asha", now) // 1000)

    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert pauses.wait("asha", now + HOUR) == 0


def test_a_right_try_forgives_and_others_do_not_wait() -> None:
    pauses = Pauses()
    for _ in range(6):
        pauses.note_wrong("asha", 0)

    assert pauses.wait("asha", 0) > 0
    assert pauses.wait("vera", 0) == 0
    pauses.forgive("asha")
    assert pauses.wait("asha", 0) == 0


def test_a_clock_that_is_set_back_makes_nobody_wait_for_longer() -> None:
    pauses = Pauses()
    for _ in range(5):
        pauses.note_wrong("asha", 1_000 * HOUR)

    assert pauses.wait("asha", HOUR) == 30_000
