"""Documents drawn as PDF files by typst: the same words make the same bytes, on every machine."""

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import Empty, LifoQueue
from threading import BoundedSemaphore, Lock
from typing import Any, Final

import typst

from hub.base.papers.label import PaperLabels
from hub.base.papers.paper import Paper, Size
from hub.base.papers.sheet import PaperSheet

_HERE: Final = Path(__file__).parent
_STANDARD: Final = "ua-1"
"""What screen readers need: headings, the language, headings of tables, words for pictures."""
AT_ONCE: Final = min(4, os.cpu_count() or 1)
"""Documents that are drawn at one time: each of them keeps a processor busy."""


class Press:
    """Draws documents by a layout, some of them at one time; only the fonts beside it are used."""

    def __init__(self, layout: str = "paper.typ") -> None:
        self._layout: Final = layout
        self._lock = Lock()
        self._fonts: typst.Fonts | None = None
        self._room = BoundedSemaphore(AT_ONCE)
        self._free: LifoQueue[typst.Compiler] = LifoQueue()

    def draw(self, paper: Paper, size: Size) -> bytes:
        """Draw a document on paper of a size."""
        drawn = self.compile(paper, size, format="pdf", pdf_standards=[_STANDARD])
        assert isinstance(drawn, bytes)  # noqa: S101  # a PDF is one file, whatever its pages
        return drawn

    def draw_sheet(self, sheet: PaperSheet | PaperLabels) -> bytes:
        """Draw a table on A4, upright or, where it is wide, on its side; or labels, one a page."""
        drawn = self._compile(asdict(sheet), format="pdf", pdf_standards=[_STANDARD])
        assert isinstance(drawn, bytes)  # noqa: S101  # likewise
        return drawn

    def compile(self, paper: Paper, size: Size, **output: Any) -> object:  # noqa: ANN401
        """Lay a document out, in a form that typst knows: a file, or pictures of its pages."""
        return self._compile({**asdict(paper), "size": size}, **output)

    def _compile(self, said: dict[str, Any], **output: Any) -> object:  # noqa: ANN401
        text = json.dumps(said, ensure_ascii=False)
        with self._room:
            compiler = self._take()
            try:
                return compiler.compile(sys_inputs={"paper": text}, **output)
            finally:
                self._free.put(compiler)

    def _take(self) -> typst.Compiler:
        """Take a compiler that is free, the last used first; read the layout where all are busy."""
        with suppress(Empty):
            return self._free.get_nowait()
        with self._lock:
            if self._fonts is None:
                self._fonts = typst.Fonts(
                    include_system_fonts=False,
                    include_embedded_fonts=False,
                    font_paths=[_HERE / "fonts"],
                )
            return typst.Compiler(_HERE / self._layout, root=_HERE, font_paths=self._fonts)
