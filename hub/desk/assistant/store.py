"""Writes questions that were not understood, and words, inside a given transaction."""

from typing import Final

from hub.base.transaction import Transaction

MOST_UNREAD: Final = 1_000
"""So many questions are kept; those that were asked longest ago go first."""
_LONGEST: Final = 200
_KEEP: Final = """
INSERT INTO question_unread (text, why, words, asked_by, asked_at, times)
VALUES (?, ?, ?, ?, ?, 1)
ON CONFLICT (text) DO UPDATE SET why = excluded.why, words = excluded.words,
    asked_by = excluded.asked_by, asked_at = excluded.asked_at, times = question_unread.times + 1
"""
_FORGET: Final = f"""
DELETE FROM question_unread WHERE id NOT IN (
    SELECT id FROM question_unread ORDER BY asked_at DESC, id DESC LIMIT {MOST_UNREAD})
"""  # noqa: S608  # a constant of ours
_ADD: Final = """
INSERT INTO question_word (phrase, section, name, made_by, made_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (phrase, section, name) DO NOTHING
"""


def keep_unread(t: Transaction, text: str, *, why: str, words: str) -> None:
    """Keep a question that was not understood; one that was asked before is counted."""
    t.many(_KEEP, [(text, why, words[:_LONGEST], t.actor, t.at_ms)])
    t.many(_FORGET, [()])


def drop_unread(t: Transaction, number: int) -> bool:
    """Take a question off the list; False where it is not there."""
    return t.many("DELETE FROM question_unread WHERE id = ?", [(number,)]) > 0


def add_word(t: Transaction, phrase: str, *, section: str, name: str) -> None:
    """Have a phrase mean something from now on."""
    t.many(_ADD, [(phrase, section, name, t.actor, t.at_ms)])


def drop_word(t: Transaction, number: int) -> bool:
    """Have a phrase mean nothing any more; False where it is not there."""
    return t.many("DELETE FROM question_word WHERE id = ?", [(number,)]) > 0
