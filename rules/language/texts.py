"""What people read of a rule: one text for all, or one in each of several languages."""

from typing import Any, Final

from rules.language.text.fields import Fields
from rules.language.text.nodes import Table
from rules.language.vocabulary import COUNTER_LANGUAGES, LANGUAGES

MOST_SIGNS: Final = 80
"""A text stands on a slip and in a column of a page."""

ANY: Final = ""
"""The packed language of a text that is for all of them."""


def read_text(fields: Fields, rule: dict[str, Any]) -> None:
    """Read what slips, screens, pages and reports call a rule; its id stands in where it has none.

    `text: Ten plus one` is for all languages, `text: {en: Ten plus one, hi: ...}` for each by
    itself; where one lacks, English stands in, so that is asked for.
    """
    if not fields.has("text"):
        return
    if not isinstance(fields.node("text"), Table):
        rule["text"] = {ANY: _checked(fields, "text")}
        return
    table = fields.table("text")
    texts: dict[str, Any] = {}
    for key, _ in table.items() if table is not None else ():
        if table is None or key.text not in COUNTER_LANGUAGES:
            known = ", ".join(COUNTER_LANGUAGES)
            fields.faults.add(key.place, f"unknown key '{key.text}': the languages are {known}")
        else:
            texts[key.text] = _checked(table, key.text)
    if table is not None and not table.items():
        fields.fault(
            f"'text' is words, or words by language: {', '.join(COUNTER_LANGUAGES)}", "text"
        )
    elif table is not None and LANGUAGES[0] not in texts:
        fields.fault(
            f"'text' lacks {LANGUAGES[0]}, which stands in for every other language: write "
            f"'text: {{{LANGUAGES[0]}: ..., {next(iter(texts), LANGUAGES[1])}: ...}}'",
            "text",
        )
    rule["text"] = texts


def _checked(fields: Fields, key: str) -> str:
    text = fields.text(key)
    if text is None:
        return ""
    if not text.strip() or not text.isprintable():
        fields.fault("a text is a line of words that can be printed", key)
    elif len(text) > MOST_SIGNS:
        fields.fault(f"a text of {len(text)} signs does not fit a slip: at most {MOST_SIGNS}", key)
    return text
