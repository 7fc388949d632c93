"""The words of the assistant with those that people taught it, and what it did not understand."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, select

from hub.base.access import NOTHING, Scope
from hub.base.words import PageWords
from hub.desk.assistant.model.lexicon import Lexicon, Taught, Title, lexicon_with
from hub.desk.assistant.tables import question_unread, question_word
from hub.desk.reports.model.measures import MEASURES
from hub.desk.reports.reads.definitions import DEFINITIONS, measures_of
from rules import LANGUAGES

_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class UnreadQuestion:
    """A question of which something was not understood."""

    id: int
    text: str
    why: str
    words: str
    asked_by: str
    asked_at: int
    times: int


def lexicon_of(connection: Connection, *, scope: Scope) -> Lexicon:
    """Give the words as they are by now: the same for every scope."""
    del scope
    word = question_word.c
    rows = connection.execute(select(word.phrase, word.section, word.name).order_by(word.id))
    return _made(tuple(Taught(*row) for row in rows))


@lru_cache(maxsize=4)
def _made(taught: tuple[Taught, ...]) -> Lexicon:
    return lexicon_with(taught, _titles())


def whole_lexicon() -> Lexicon:
    """Give the words that come with the hub, with every name that its pages have for a figure."""
    return _made(())


@lru_cache(maxsize=1)
def _titles() -> tuple[Title, ...]:
    """Name the reports, then the measures of each, in every language.

    So that a new report and a new measure are heard by the names that they have on pages.
    """
    words = [PageWords(language) for language in LANGUAGES]
    reports = [Title(one.named("report_name", name), name) for name in DEFINITIONS for one in words]
    measures = [
        Title(one.text(MEASURES[measure].label), name)
        for name in DEFINITIONS
        for measure in measures_of(name)
        for one in words
    ]
    return (*reports, *measures)


def list_taught(connection: Connection, *, scope: Scope) -> list[tuple[int, Taught, str]]:
    """List the phrases that people taught, the newest first, with who did."""
    if scope == NOTHING:
        return []
    word = question_word.c
    query = select(word.id, word.phrase, word.section, word.name, word.made_by)
    found = connection.execute(query.order_by(word.id.desc()))
    return [(row.id, Taught(row.phrase, row.section, row.name), row.made_by) for row in found]


def list_unread(connection: Connection, *, scope: Scope) -> list[UnreadQuestion]:
    """List the questions that were not understood, those asked last first."""
    if scope == NOTHING:
        return []
    one = question_unread.c
    columns = (one[name] for name in UnreadQuestion.__dataclass_fields__)
    query = select(*columns).order_by(one.asked_at.desc(), one.id.desc()).limit(_MOST)
    return [UnreadQuestion(*row) for row in connection.execute(query)]
