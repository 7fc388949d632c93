"""Many documents together: each under a name of its own, and packed into one ZIP.

A ZIP is written as it is read: few of the documents are in memory.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from hub.base.papers.paper import PaperFile


class NamesApart:
    """Gives each file a name of its own: the second `INV-1-Asha.pdf` is `INV-1-Asha-2.pdf`.

    Two sellers may have the same number, and customers the same name. `Asha` and `ASHA` are one
    name on a disk that does not tell them apart, as those of Windows.
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, name: str) -> str:
        """Give the name of the next file."""
        stem, tail, own = name.removesuffix(".pdf"), 2, name
        while own.casefold() in self._given:
            own, tail = f"{stem}-{tail}.pdf", tail + 1
        self._given.add(own.casefold())
        return own


class _Window(io.RawIOBase):
    """The end of a ZIP that is being written; what was taken away is not gone back to.

    A ZIP goes back to the head of the document it is at, and writes there how long that one is.
    Where it cannot, it says so behind the document: programs that read a ZIP from its beginning
    cannot read that, as Java's `ZipInputStream`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._begins = 0
        self._place = 0
        self._written = bytearray()

    def writable(self) -> bool:
        """Say so."""
        return True

    def seekable(self) -> bool:
        """Say so."""
        return True

    def tell(self) -> int:
        """Give where in the ZIP the next piece goes."""
        return self._place

    def seek(self, place: int, _whence: int = io.SEEK_SET) -> int:
        """Go to a place that is not taken away yet."""
        self._place = place
        return place

    def write(self, piece: object) -> int:
        """Keep a piece until it is taken."""
        written = bytes(piece)  # type: ignore[call-overload]
        at = self._place - self._begins
        self._written[at : at + len(written)] = written
        self._place += len(written)
        return len(written)

    def take(self) -> bytes:
        """Give what was written since the last time."""
        taken = bytes(self._written)
        self._begins += len(taken)
        self._written.clear()
        return taken


def pack_papers(papers: Iterable[PaperFile]) -> Iterator[bytes]:
    """Give a ZIP of documents piece by piece; each has a name of its own.

    The same documents make the same bytes: no time is written into them.
    """
    window = _Window()
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as packed:
        for paper in papers:
            packed.writestr(zipfile.ZipInfo(paper.name), paper.content)
            yield window.take()
    yield window.take()
