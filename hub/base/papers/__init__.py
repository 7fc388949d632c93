"""Papers: documents as PDF files, of one layout for all, and the same file for ever."""

from hub.base.papers.kept import Asked, ChangedPaperError, KeptPapers, paper_file
from hub.base.papers.label import PaperLabels
from hub.base.papers.packing import NamesApart, pack_papers
from hub.base.papers.paper import (
    NO_BLOCK,
    SIZES,
    Block,
    Cell,
    Column,
    Paper,
    PaperFile,
    PaperSide,
    PaperWish,
    Size,
    Sum,
    draw_code,
    encode_code,
    file_name,
    let_break,
    words_of_paper,
)
from hub.base.papers.press import AT_ONCE, Press

__all__ = [
    "AT_ONCE",
    "NO_BLOCK",
    "SIZES",
    "Asked",
    "Block",
    "Cell",
    "ChangedPaperError",
    "Column",
    "KeptPapers",
    "NamesApart",
    "Paper",
    "PaperFile",
    "PaperLabels",
    "PaperSide",
    "PaperWish",
    "Press",
    "Size",
    "Sum",
    "draw_code",
    "encode_code",
    "file_name",
    "let_break",
    "pack_papers",
    "paper_file",
    "words_of_paper",
]
