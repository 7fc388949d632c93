"""What the assistant brings to the hub: the page of questions, the API and a command."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.assistant import api
from hub.desk.assistant.acts import AssistantActs
from hub.desk.assistant.acts.ask_question import FormModel
from hub.desk.assistant.acts.keep_question import KeepQuestion
from hub.desk.assistant.acts.teach_words import TeachWords
from hub.desk.assistant.commands import add
from hub.desk.assistant.pages import asking, teaching
from hub.desk.assistant.reads.indexes import NameIndexes
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "assistant",
    routers=(asking.router, teaching.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    permissions={"assistant": ("teach",)},
    commands=(add,),
    otherwise=(MenuEntry("/ask", "find.ask", "message", "reports.read", 10),),
)
"""The assistant: a question in words becomes a report's typed request, or a plain why not."""


def build(
    ground: Ground, transactions: Transactions, model: FormModel
) -> tuple[NameIndexes, AssistantActs, FormModel]:
    """Make what keeps the names that questions are read by, and the acts."""
    acts = AssistantActs(
        keep=KeepQuestion(transactions, ground.clock), teach=TeachWords(transactions, ground.clock)
    )
    return NameIndexes(ground.database, ground.clock), acts, model
