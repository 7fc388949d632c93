"""What people do with files of masters: have one checked, and have it taken or drafted."""

from dataclasses import dataclass

from hub.desk.imports.acts.check_file import CheckFile
from hub.desk.imports.acts.draft_prices import DraftPrices
from hub.desk.imports.acts.take_file import TakeFile


@dataclass(frozen=True, slots=True)
class ImportActs:
    """The acts of imports."""

    check: CheckFile
    take: TakeFile
    draft: DraftPrices
