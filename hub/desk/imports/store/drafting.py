"""The rows of a file of prices that were taken, as the files of a draft of the rule pack."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from hub.base.sheets import SheetRow
from hub.base.transaction import Transaction
from hub.desk.imports.store.masters.list_columns import ListColumns, Skus
from hub.desk.imports.store.masters.prices import ListPrice, forget_prices, read_price
from hub.desk.imports.store.runs import Run, line_of
from hub.desk.imports.store.taking import forget_files, texts_by_field
from hub.desk.imports.tables import import_outcome
from hub.desk.rulepacks.model.lineage import previous_in, to_follow
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.model.versions import Version, next_number
from hub.desk.rulepacks.store.drafts import keep_draft
from hub.desk.rulepacks.store.price_lists import (
    PriceLists,
    files_with,
    lists_to_price,
    sources_of,
)
from hub.desk.rulepacks.store.seen import seen_packs
from hub.desk.rulepacks.store.versions import body_of, lock_versions
from hub.desk.rulepacks.tables import read_versions

_TAKEN = ("add", "change", "same")
_AT_ONCE = 1_000


class Drafting(NamedTuple):
    """The rule files of a draft, and the hash of the version that the draft follows."""

    files: Mapping[str, bytes]
    follows: str


def draft_files(t: Transaction, run: Run) -> Drafting:
    """Give the rule files of a draft with the prices of a run; raises PackStepError."""
    forget_prices()
    lists = lists_to_price(t.connection, t.at_ms)
    if lists is None:
        raise PackStepError("nothing_serves")
    number = next_number(read_versions(t.connection), seen_packs(t))
    prices = _prices(t, run, lists)
    forget_files()
    files = files_with(t.connection, lists, prices, number=number)
    return Drafting(files, lists.version.hash)


def keep_prices(t: Transaction, run: Run, pack: PackedPack) -> Version:
    """Keep a draft in the name of who handed the file over; gives an open one of the same rules.

    Raises PackStepError.
    """
    t.act_for(run.by)
    versions = lock_versions(t)
    before = to_follow(versions, t.at_ms)
    wanted = {name: one for name, one in pack.compiled.sources.items() if name != "pack.yaml"}
    for one in versions:
        if before is None or not one.is_draft:
            continue
        follows = previous_in(body_of(t, one.hash)) == before.hash
        if follows and sources_of(t.connection, one) == wanted:
            return one
    return keep_draft(t, pack, why=run.file)


def _prices(t: Transaction, run: Run, lists: PriceLists) -> Mapping[str, ListColumns]:
    """Give what the rows of a run that were taken make of each CSV.

    Raises PackStepError where two of them price one product: `PL-BASE, SOAP, 12` and a row that
    leaves the list out, for there is one, are told apart in a file and name the same price.
    """
    table = import_outcome.c
    query = (
        select(table.row)
        .where(table.run_id == run.id, table.action.in_(_TAKEN))
        .order_by(table.row)
        .execution_options(yield_per=_AT_ONCE)
    )
    wanted: dict[str, ListColumns] = {}
    skus = Skus()
    rows = iter(run.read().rows)
    for line in t.connection.execute(query).scalars():
        row = next(one for one in rows if line_of(one) == line)
        if not isinstance(row, SheetRow):
            continue
        read = read_price(texts_by_field(run.read().sheet.by_column(row), run), lists)
        if isinstance(read, ListPrice):
            file = lists.files[read.list]
            wanted.setdefault(file, ListColumns(skus)).add(read, line=row.number)
    for columns in wanted.values():
        columns.refuse_twice()
    return wanted
