"""What imports bring to the hub: acts, the job that takes rows, and commands."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import hub.desk.imports.words  # noqa: F401 -- registers the codes of its reasons
from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.transaction import Transactions
from hub.desk.imports import api
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.acts.check_file import CheckFile
from hub.desk.imports.acts.draft_prices import DraftPrices, FaultyFilesError
from hub.desk.imports.acts.take_file import TakeFile
from hub.desk.imports.commands import add
from hub.desk.imports.pages import imports, mending
from hub.desk.imports.store import APPLY, DRAFT, LOOK, Deciding, take_job
from hub.desk.orders.deciding import Desk
from hub.desk.rulepacks.acts.check_files import FilesError, check_files
from hub.desk.rulepacks.model.packed import PackedPack
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "imports",
    routers=(imports.router, mending.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/imports", "menu.imports", "download", "imports.run", 85, area="network"),),
    permissions={"imports": ("run",)},
    topics={"imports": "imports.run"},
    commands=(add,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk, *, jobs: Jobs) -> ImportActs:
    """Make the acts of imports, and have the jobs look at rows and take them."""
    deciding = Deciding(desk, ground.ids)
    draft = DraftPrices(transactions, ground.clock, _check_files)
    check = CheckFile(transactions, ground.clock, deciding)
    jobs.handle(APPLY, partial(take_job, deciding=deciding))
    jobs.handle_outside(LOOK, check.look_job)
    jobs.handle_outside(DRAFT, draft.draft_job)
    take = TakeFile(transactions, ground.clock, deciding)
    return ImportActs(check=check, take=take, draft=draft)


def _check_files(files: Mapping[str, bytes]) -> PackedPack:
    """Read and check rule files as rule packs do; raises FaultyFilesError."""
    try:
        return check_files(files)
    except FilesError as error:
        raise FaultyFilesError(error.faults) from error
