"""Words, colours and icons of states; the hub's catalogue of sentences, and how it writes amounts.

Sentences stand in `hub/locale`, under the codes and phrases that the nouns register.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rules import Catalogue, add_catalogue
from rules.values.decimals import DecimalWriter

CATALOGUE: Final = Catalogue(Path(__file__).parent.parent / "locale", "hub")
add_catalogue(CATALOGUE)


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: its words, its colour's class and its icon."""

    words: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class SentenceWriter(DecimalWriter):
    """Writes the values in the hub's sentences: amounts with their thousands parted."""

    def money(self, amount: int) -> str:
        """Write an amount of the minor unit: 1210000 at scale 2 is `12,100.00`."""
        whole, part = divmod(abs(amount), 10**self.scale)
        sign = "-" if amount < 0 else ""
        return f"{sign}{whole:,}.{part:0{self.scale}d}" if self.scale else f"{sign}{whole:,}"
