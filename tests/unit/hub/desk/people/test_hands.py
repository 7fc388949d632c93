"""Which names are one person's hand, however they are spelled."""

from typing import Final

import pytest

from hub.desk.people.model.hands import OWN_HANDS, Hands

HANDS: Final = Hands({"webshop": {"asha rao": 100}, "till": {"asha rao": 100, "ravi": 200}})


@pytest.mark.parametrize(
    ("name", "other", "is_one"),
    [
        ("Asha  Rao", "asha rao", True),
        ("WebShop", "Asha Rao", True),
        ("webshop", "till", True),
        ("ravi", "till", True),
        ("ravi", "webshop", False),
        ("ravi", "asha rao", False),
    ],
)
def test_a_program_is_the_hand_of_each_user_who_let_it_in(
    name: str, other: str, *, is_one: bool
) -> None:
    assert HANDS.is_one(name, other) is HANDS.is_one(other, name) is is_one


def test_a_hand_is_named_as_it_was_named_first() -> None:
    assert HANDS.named_as("webshop", ["ravi", "Asha Rao"]) == "Asha Rao"
    assert HANDS.named_as("webshop", ["ravi"]) == "webshop"
    assert OWN_HANDS.named_as("", ["shop-1"]) == ""


def test_a_program_is_nobodys_hand_before_it_was_let_in() -> None:
    before, after = HANDS.until(199), HANDS.until(200)

    assert before.is_one("till", "Asha Rao")
    assert not before.is_one("till", "Ravi")
    assert after.is_one("till", "Ravi")
