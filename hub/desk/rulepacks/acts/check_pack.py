"""Check rule files beside all that this hub has: products, customers, warehouses, people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hub.base.transaction import Transaction, Transactions
from hub.desk.rulepacks.acts.check_files import check_files, check_folder
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.store.known import read_known
from rules.tools.lint.catalogue import Catalogue

Warehouses = Callable[[Transaction], frozenset[str]]
"""Gives the codes of all warehouses."""


@dataclass(slots=True)
class CheckPack:
    """The act, with what it needs; nothing is stored by it."""

    transactions: Transactions
    warehouses: Warehouses

    def __call__(self, files: Mapping[str, bytes]) -> PackedPack:
        """Check files by their names, as they would stand in a folder; raises FilesError."""
        return check_files(files, known=self._known())

    def folder(self, folder: Path, *, not_before: date | None = None) -> PackedPack:
        """Check the files of a folder; raises FilesError with every fault."""
        return check_folder(folder, not_before=not_before, known=self._known())

    def _known(self) -> Catalogue:
        with self.transactions.reading() as t:
            return read_known(t.connection, self.warehouses(t))
