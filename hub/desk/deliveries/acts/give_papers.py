"""Give a delivery note or a pick list as a file to print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.papers import (
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperSide,
    Size,
    Sum,
    encode_code,
    file_name,
)
from hub.base.words import PageWords, grouped
from hub.desk.deliveries.reads.notes import NoteLineRow, NoteRow, lines_of, notes_of, read_note
from hub.desk.deliveries.reads.papers import Paper as Sides
from hub.desk.deliveries.reads.papers import Side, read_paper
from hub.desk.deliveries.words import STATES
from hub.desk.parties.reads.language import read_language


@dataclass(slots=True)
class GiveDeliveryPapers:
    """The act, with what it needs."""

    papers: KeptPapers

    def note(
        self,
        delivery: int,
        *,
        size: Size = "a4",
        language: str = "",
        otherwise: str = "en",
        scope: Scope,
    ) -> PaperFile | None:
        """Give a delivery note; None where nobody sees one of this id.

        One that has left is the same file for ever; before, it says what was picked by now.
        """
        with self.papers.reading() as t:
            found = read_note(t.connection, delivery, scope=scope)
            lines = lines_of(t.connection, [delivery], scope=scope)
            sides = read_paper(t.connection, delivery, scope=scope)
            if found is None or sides is None:
                return None
            own = read_language(t.connection, found.customer_code, scope=scope)
        language = language or own or otherwise
        paper = note_paper(found, lines, sides=sides, words=PageWords(language))
        name = f"delivery/{delivery}/{language}"
        content = (
            self.papers.give(name, size, lambda: paper)
            if found.dispatched_at
            else self.papers.press.draw(paper, size)
        )
        return PaperFile(file_name((found.number, found.customer)), content)

    def wave(
        self, wave: int, *, size: Size = "a4", language: str = "en", scope: Scope
    ) -> PaperFile | None:
        """Give a pick list as it stands now; None where nobody sees one of this id."""
        with self.papers.reading() as t:
            notes = notes_of(t.connection, wave=wave, scope=scope)
            lines = lines_of(t.connection, [one.id for one in notes], scope=scope)
        if not notes:
            return None
        paper = wave_paper(wave, notes, lines=lines, words=PageWords(language))
        return PaperFile(file_name((f"pick-list-{wave}",)), self.papers.press.draw(paper, size))


def note_paper(
    note: NoteRow, lines: Sequence[NoteLineRow], *, sides: Sides, words: PageWords
) -> Paper:
    """Write what a delivery note says, with both sides and places to sign."""
    columns = (
        Column(words.text("word.product"), grows=True),
        Column(words.text("product_field.hsn"), short=False),
        Column(words.text("stock.batch_code")),
        Column(words.text("delivery.pieces"), amount=True),
    )
    there = [one for one in lines if one.picked]
    rows = tuple(
        (_name(one, words), one.hsn, _batch(one, words), grouped(one.picked)) for one in there
    )
    pieces = grouped(sum(one.picked for one in there))
    return Paper(
        title=words.text("delivery.paper"),
        number=note.number,
        language=words.language,
        sides=(
            _side(sides.sender, words),
            _side(sides.receiver, words, words.text("paper.to")),
            *([_side(sides.ship_to, words, words.text("order.ship_to"))] if sides.ship_to else ()),
        ),
        facts=tuple(_facts(note, words)),
        lines=Block(columns, rows),
        sums=(Sum(words.text("delivery.pieces"), pieces, strong=True),),
        signs=(words.text("delivery.signed_driver"), words.text("delivery.signed_receiver")),
        void=words.text(STATES["cancelled"].words) if note.state == "cancelled" else "",
        code=encode_code(note.number),
        code_text=note.number,
    )


def wave_paper(
    wave: int, notes: Sequence[NoteRow], *, lines: Sequence[NoteLineRow], words: PageWords
) -> Paper:
    """Write what a pick list says: what to fetch, of which batch, for which note."""
    columns = (
        Column(words.text("word.product"), grows=True),
        Column(words.text("stock.batch_code")),
        Column(words.text("delivery.note")),
        Column(words.text("delivery.planned"), amount=True),
        Column(words.text("delivery.picked")),
    )
    asked = [one for one in lines if not one.short]
    rows = tuple(
        (_name(one, words), _batch(one, words), one.note, grouped(one.planned), "______")
        for one in asked
    )
    customers = tuple(f"{one.number} {one.customer}" for one in notes)
    return Paper(
        title=words.text("delivery.wave_number", number=wave),
        number="",
        language=words.language,
        sides=(PaperSide(notes[0].warehouse), PaperSide(words.text("delivery.notes"), customers)),
        facts=((words.text("delivery.day"), words.day(min(one.day for one in notes))),),
        lines=Block(columns, rows),
        sums=(
            Sum(
                words.text("delivery.pieces"),
                grouped(sum(one.planned for one in asked)),
                strong=True,
            ),
        ),
    )


def _name(one: NoteLineRow, words: PageWords) -> str:
    free = f" ({words.text('delivery.free')})" if one.free else ""
    return f"{one.name} {one.sku}{free}"


def _batch(one: NoteLineRow, words: PageWords) -> str:
    return f"{one.batch} {words.day(one.expiry)}" if one.expiry else one.batch


def _side(one: Side, words: PageWords, label: str = "") -> PaperSide:
    town = " ".join(part for part in (one.city, one.pin) if part)
    gstin = f"{words.text('customer_field.gstin')} {one.gstin}" if one.gstin else ""
    lines = tuple(part for part in (one.address, town, one.contact, one.phone, gstin) if part)
    return PaperSide(one.name, lines, label)


def _facts(note: NoteRow, words: PageWords) -> Iterator[tuple[str, str]]:
    yield words.text("invoices.number"), note.number
    yield words.text("word.order"), note.order_number
    yield words.text("delivery.day"), words.day(note.day)
    if note.driver:
        yield words.text("delivery.driver"), f"{note.driver}, {note.vehicle}"
