"""What people do for the assistant: teach it words; and what it keeps of questions."""

from dataclasses import dataclass

from hub.desk.assistant.acts.keep_question import KeepQuestion
from hub.desk.assistant.acts.teach_words import TeachWords


@dataclass(frozen=True, slots=True)
class AssistantActs:
    """The acts of the assistant."""

    keep: KeepQuestion
    teach: TeachWords
