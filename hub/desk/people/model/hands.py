"""Which names are one person's hand: a user's own, and those of the programs that the user let in.

Whoever asks by a program and decides at a page, or the other way round, is no second person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.desk.people.model.accounts import key_of_name


@dataclass(frozen=True, slots=True)
class Hands:
    """The programs by the keys of their names, each with the keys of all users who let it in.

    A program that Asha let in, and Ravi again with a token of his, is the hand of both.
    """

    makers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def is_one(self, name: str, other: str) -> bool:
        """Say whether two names, each of a user or a program, are the hand of one person."""
        return not self._persons(name).isdisjoint(self._persons(other))

    def among(self, name: str, others: Iterable[str]) -> bool:
        """Say whether one of several names is the hand of the same person as a name."""
        return any(self.is_one(name, one) for one in others)

    def named_as(self, name: str, others: Iterable[str]) -> str:
        """Give the first of several names that is the same person's hand; the name, where none is.

        The program `webshop` of Asha, among `ravi` and `asha`: `asha`.
        """
        return next((one for one in others if self.is_one(name, one)), name)

    def _persons(self, name: str) -> frozenset[str]:
        key = key_of_name(name)
        return self.makers.get(key, frozenset()) | {key}


OWN_HANDS: Final = Hands()
"""Where no program is: each name is a person's own."""
