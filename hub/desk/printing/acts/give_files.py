"""Give the files of a print run that is ready, as they are kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.base.access import Scope
from hub.base.papers import KeptPapers, NamesApart, PaperFile
from hub.desk.printing.model import Owner
from hub.desk.printing.reads import read_papers, read_run

_GROUP: Final = 16
"""So many files are in memory at one time."""


@dataclass(slots=True)
class GiveFiles:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(self, run: int, *, owner: Owner, scope: Scope) -> Iterator[PaperFile] | None:
        """Give the files in the order that they were asked for, each under a name of its own.

        None where the run is somebody else's, is not ready, or has a document that the owner does
        not see by now. They are read as they are taken, and nothing is drawn.
        """
        with self.papers.reading() as t:
            found = read_run(t.connection, run, owner=owner, scope=scope)
            rows = read_papers(t.connection, run, scope=scope)
        if found is None or found.state != "ready" or len(rows) < found.documents:
            return None
        apart = NamesApart()
        names = [apart.give(name) for _, name in rows]
        return self._read([paper for paper, _ in rows], names)

    def _read(self, kept: list[str], names: list[str]) -> Iterator[PaperFile]:
        for start in range(0, len(kept), _GROUP):
            group = kept[start : start + _GROUP]
            found = self.papers.read(group)
            for paper, name in zip(group, names[start : start + _GROUP], strict=True):
                yield PaperFile(name, found[paper], paper)
