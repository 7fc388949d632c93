"""Words of imports: the sentences of what is wrong with a file."""

from hub.base.words import SentenceWriter
from hub.desk.parties.model.cells import Reason
from rules import ReasonCode, Words, register

register(
    ReasonCode("column_doubled", {"column": "code", "field": "code"}, "rejects"),
    ReasonCode("column_missing", {"column": "code"}, "rejects"),
    ReasonCode("column_unknown", {"column": "code", "fields": "codes"}, "rejects"),
    ReasonCode("field_missing", {"field": "code"}, "rejects"),
    ReasonCode("row_broken", {"text": "name"}, "rejects"),
    ReasonCode("row_twice", {"key": "code", "row": "count"}, "rejects"),
)


def sentence(reason: Reason, *, language: str = "en") -> str:
    """Word a reason in a language."""
    return Words.of(language, writer=SentenceWriter(2)).sentence(reason)
