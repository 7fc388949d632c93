"""Documents as files: of which size, in which script, and always the same bytes."""

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import pytest
import segno

from hub.base.papers import (
    SIZES,
    Block,
    Column,
    NamesApart,
    Paper,
    PaperFile,
    PaperSide,
    Press,
    Size,
    Sum,
    encode_code,
    file_name,
    let_break,
    pack_papers,
)

PRESS: Final = Press()
INVOICE: Final = Paper(
    title="Tax invoice",
    number="INV26-27/000001",
    language="en",
    sides=(PaperSide("Deccan Supplies"), PaperSide("अन्नपूर्णा स्टोर्स", ("Chennai",), "To")),
    facts=(("Date", "30 Nov 2026"),),
    lines=Block(
        (Column("Product", grows=True), Column("Total", amount=True)),
        (("Tea", "₹1,346.15"), ("चावल", "₹50.00")),
    ),
    sums=(Sum("Total", "₹1,396.15", strong=True),),
    code=encode_code("INV26-27/000001"),
    code_text="scan me",
)


@pytest.mark.parametrize("size", SIZES)
def test_the_same_words_make_the_same_bytes(size: Size) -> None:
    first = PRESS.draw(INVOICE, size)

    assert first.startswith(b"%PDF-")
    assert Press().draw(INVOICE, size) == first
    assert PRESS.draw(replace(INVOICE, number="INV26-27/000002"), size) != first


def test_documents_drawn_side_by_side_are_those_drawn_one_by_one() -> None:
    papers = [replace(INVOICE, number=f"INV26-27/{one:06}") for one in range(12)]

    with ThreadPoolExecutor(6) as workers:
        drawn = list(workers.map(lambda one: PRESS.draw(one, "a4"), papers))

    assert drawn == [PRESS.draw(one, "a4") for one in papers]


def test_a_code_has_the_squares_of_its_text() -> None:
    text = "INV26-27/000001 over 1,396.15"

    drawn = encode_code(text)

    runs = re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn)
    dark = {(int(x) + one, int(y)) for x, y, wide in runs for one in range(int(wide))}
    code = segno.make(text, error="m", micro=False, mask=2).matrix
    assert dark == {(x, y) for y, row in enumerate(code) for x, one in enumerate(row) if one}


@pytest.mark.parametrize("size", SIZES)
def test_taxes_by_rate_are_drawn_on_every_paper(size: Size) -> None:
    rates = Block((Column("Rate"), Column("Tax", grows=True)), (("5 %", "IGST 64.10"),))

    # The page has more to draw, whatever the paper.
    assert len(PRESS.draw(replace(INVOICE, extra=rates), size)) > len(PRESS.draw(INVOICE, size))


def test_both_scripts_are_drawn_with_the_fonts_that_travel_along() -> None:
    drawn = PRESS.draw(INVOICE, "a4")

    assert b"NotoSans-Regular" in drawn
    assert b"NotoSansDevanagari" in drawn


def test_a_document_without_lines_or_code_is_drawn() -> None:
    bare = Paper("Receipt", "PAY-1", "hi", (PaperSide("Deccan Supplies"),), (), Block((), ()))

    assert PRESS.draw(bare, "a5").startswith(b"%PDF-")
    assert PRESS.draw(bare, "roll").startswith(b"%PDF-")


def test_a_file_has_a_name_that_every_program_takes() -> None:
    assert file_name(("INV26-27/000001", "Gupta & Sons, T. Nagar")) == (
        "INV26-27-000001-Gupta-Sons-T-Nagar.pdf"
    )
    assert file_name(("INV-1", "अन्नपूर्णा")) == "INV-1.pdf"


def test_documents_are_packed_piece_by_piece_into_the_zip_that_one_makes_at_once() -> None:
    papers = [
        PaperFile("INV-1-Asha.pdf", b"%PDF-" + bytes(9)),
        PaperFile("आशा.pdf", b""),
        PaperFile("INV-2.pdf", b"%PDF-2"),
    ]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for paper in papers:
            packed.writestr(zipfile.ZipInfo(paper.name), paper.content)

    pieces = list(pack_papers(papers))

    assert b"".join(pieces) == whole.getvalue()
    assert len(pieces) == len(papers) + 1
    assert all(paper.content in piece for paper, piece in zip(papers, pieces, strict=False))


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (("A.pdf", "B.pdf"), ["A.pdf", "B.pdf"]),
        (("A.pdf", "A.pdf", "A.pdf"), ["A.pdf", "A-2.pdf", "A-3.pdf"]),
        (("A.pdf", "A.pdf", "A-2.pdf"), ["A.pdf", "A-2.pdf", "A-2-2.pdf"]),
        (("Asha.pdf", "ASHA.pdf"), ["Asha.pdf", "ASHA-2.pdf"]),
    ],
)
def test_each_file_has_a_name_of_its_own_on_every_disk(
    names: tuple[str, ...], apart: list[str]
) -> None:
    own = NamesApart()

    assert [own.give(one) for one in names] == apart


def test_a_long_number_may_be_broken_in_its_quarters_and_reads_as_it_was() -> None:
    digest = "0123456789abcdef" * 4

    parts = let_break(digest).split("\N{ZERO WIDTH SPACE}")

    assert parts == ["0123456789abcdef"] * 4
    assert let_break("short") == "short"
