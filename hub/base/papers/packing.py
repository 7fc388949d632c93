"""Many documents packed into one ZIP, written as it is read: few of them are in memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from hub.base.papers.paper import PaperFile


class _Taken(io.RawIOBase):
    """What a ZIP writes, to be taken away piece by piece; it cannot go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def writable(self) -> bool:
        """Say so."""
        return True

    def write(self, piece: object) -> int:
        """Keep a piece until it is taken."""
        self._written.append(bytes(piece))  # type: ignore[call-overload]
        return len(self._written[-1])

    def take(self) -> bytes:
        """Give what was written since the last time."""
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def pack_papers(papers: Iterable[PaperFile]) -> Iterator[bytes]:
    """Give a ZIP of documents piece by piece; each has a name of its own.

    The same documents make the same bytes: no time is written into them.
    """
    taken = _Taken()
    with zipfile.ZipFile(taken, "w", zipfile.ZIP_STORED) as packed:
        for paper in papers:
            packed.writestr(zipfile.ZipInfo(paper.name), paper.content)
            yield taken.take()
    yield taken.take()
