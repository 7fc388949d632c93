"""The hub's words on an order, read from how they are kept."""

from collections.abc import Iterable

from broker.contract.codec import Refusal, decode_down
from broker.contract.messages import Answer, AnswerData, Notice


def read_word(word: bytes) -> Answer | Notice | None:
    """Read an answer or a notice; None for what says nothing of an order's content."""
    try:
        message = decode_down(word)
    except Refusal:  # damaged since it came
        return None
    return message if isinstance(message, Answer | Notice) else None


def decision_of(message: Answer | Notice) -> AnswerData | None:
    """Give what a word decided; None of a notice that only tells news."""
    return message.data if isinstance(message, Answer) else message.data.decision


def decided_last(words: Iterable[bytes], *, until: int | None = None) -> AnswerData | None:
    """Find what held of an order after its words, by revision, or at a revision of it."""
    found: AnswerData | None = None
    for message in map(read_word, words):
        if message is not None and (until is None or message.data.revision <= until):
            found = decision_of(message) or found
    return found
