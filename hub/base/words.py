"""Words, colours and icons: what every noun declares for its states."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: its words, its colour's class and its icon."""

    words: str
    tone: str
    icon: str
