"""What the assistant answers a question with, and what of the question is explained so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hub.desk.assistant.model.names import Entry, Mention
from hub.desk.assistant.model.spelling import Word, read_words
from hub.desk.reports.model.requests import ReportRequest, write_request

Why = Literal["long", "write", "injection", "outside", "others", "report", "name", "days", "empty"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks; `narrowed` is somebody who sees only rows of his own, as a field rep.

    Who `serves` no customer has no rows of his own: `my sales` are those that he sees.
    """

    narrowed: bool = False
    serves: bool = True


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question asks for.

    `unread` are the words that played no part in it, `also` the names that words were not taken
    for as they are usual words: a brand `Fresh` in `fresh sales`. `file` is the file that is
    wanted: `xlsx`, `csv`, or none. `filled` is one that a language model understood.
    """

    request: ReportRequest
    unread: tuple[str, ...] = ()
    also: tuple[Entry, ...] = ()
    file: str = ""
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """What cannot be known without asking back: the report, a name, or the days."""

    why: Why
    words: str = ""
    choices: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """What the assistant does not answer, and why; `refused` where words of the question say so."""

    why: Why
    refused: bool = False


Reply = Understood | Unclear | Declined


@dataclass(slots=True)
class Reading:
    """The words of a question and which of them are explained."""

    words: Sequence[Word]
    mentions: list[Mention] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def take(self, mention: Mention) -> None:
        """Take words as a name: nothing else explains them."""
        self.mentions.append(mention)
        self.taken |= mention.places

    def take_part(self, places: frozenset[int], entry: Entry) -> None:
        """Take words as a part of a name, with those beside them that are its words, too.

        `Cauvery Super Bazaar` is one customer, though a product is called `Sooper`.
        """
        folds = {word.fold for word in read_words(entry.name)}
        swallowed = [
            one
            for one in self.mentions
            if all(self.words[at].fold in folds for at in one.places)
            and any(at + step in places for at in one.places for step in (-1, 1))
        ]
        self.mentions = [one for one in self.mentions if one not in swallowed]
        whole = places.union(*(one.places for one in swallowed))
        self.take(Mention(whole, (entry,), part=True))


def as_mapping(reply: Reply) -> Mapping[str, object]:
    """Name a reply as the questions' answers do."""
    if isinstance(reply, Understood):
        return write_request(reply.request)
    report = "clarify" if isinstance(reply, Unclear) else "refuse"
    return {"report": report, "filters": {}, "group_by": None, "sort": None, "limit": None}
