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

    A program that Asha let in, and Ravi again with a token of his, is the hand of both. A user
    stands with the moment, in Unix ms, from which the program is known to be that user's.
    """

    makers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def until(self, at_ms: int) -> "Hands":
        """Give the hands as they were known at a moment: of who let a program in later it is not.

        What Ravi decided before he let in `webshop` stays decided by a second person.
        """
        return Hands(
            {
                program: {maker: since for maker, since in makers.items() if since <= at_ms}
                for program, makers in self.makers.items()
            }
        )

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

    def _persons(self, name: str) -> set[str]:
        key = key_of_name(name)
        return {key, *self.makers.get(key, ())}


OWN_HANDS: Final = Hands()
"""Where no program is: each name is a person's own."""
