"""What staff and programs do with print runs: ask for files of many documents, and have them."""

from dataclasses import dataclass

from hub.desk.printing.acts.ask_files import AskFiles
from hub.desk.printing.acts.give_files import GiveFiles


@dataclass(frozen=True, slots=True)
class PrintingActs:
    """The acts of print runs."""

    ask: AskFiles
    give: GiveFiles
