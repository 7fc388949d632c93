"""Give a delivery note or a pick list as a file to print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Unpack

from hub.base.access import Scope
from hub.base.papers import (
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperSide,
    PaperWish,
    Sum,
    encode_code,
    let_break,
)
from hub.base.words import PageWords, grouped
from hub.desk.deliveries.model.life import OUTCOMES
from hub.desk.deliveries.model.signature import draw_signature
from hub.desk.deliveries.reads.notes import NoteLineRow, NoteRow, lines_of, notes_of, read_note
from hub.desk.deliveries.reads.papers import Paper as Sides
from hub.desk.deliveries.reads.papers import read_paper
from hub.desk.deliveries.reads.proof import Proof, read_proof
from hub.desk.deliveries.words import STATES
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads.language import read_language
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.words import write_side

_RECEIVER: Final = "delivery.signed_receiver"


@dataclass(slots=True)
class GiveDeliveryPapers:
    """The act, with what it needs."""

    papers: KeptPapers

    def note(
        self,
        delivery: int,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
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
        return self.papers.give_file(
            (found.number, found.customer),
            lambda words: note_paper(found, lines, sides=sides, words=words),
            own=own,
            key=f"delivery/{delivery}" if found.dispatched_at else "",
            **wish,
        )

    def proof(
        self,
        delivery: int,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the proof of delivery; None where nobody said yet what became of the note.

        It is the same file for ever; a photo that is added later makes another one.
        """
        with self.papers.reading() as t:
            found = read_note(t.connection, delivery, scope=scope)
            sides = read_paper(t.connection, delivery, scope=scope)
            if found is None or sides is None or found.state not in OUTCOMES:
                return None
            lines = lines_of(t.connection, [delivery], scope=scope)
            proof = read_proof(t.connection, delivery, scope=scope)
            own = read_language(t.connection, found.customer_code, scope=scope)
        return self.papers.give_file(
            (found.number, "proof", found.customer),
            lambda words: proof_paper(found, lines, sides=sides, proof=proof, words=words),
            own=own,
            key=f"proof/{delivery}/{len(proof.photos)}",
            **wish,
        )

    def wave(self, wave: int, *, scope: Scope, **wish: Unpack[PaperWish]) -> PaperFile | None:
        """Give a pick list as it stands now; None where nobody sees one of this id."""
        with self.papers.reading() as t:
            notes = notes_of(t.connection, wave=wave, scope=scope)
            lines = lines_of(t.connection, [one.id for one in notes], scope=scope)
            if not notes:
                return None
            seller = read_letterhead(t.connection, notes[0].seller, scope=scope)
        return self.papers.give_file(
            (f"pick-list-{wave}",),
            lambda words: wave_paper(wave, notes, lines=lines, seller=seller, words=words),
            **wish,
        )


def proof_paper(
    note: NoteRow,
    lines: Sequence[NoteLineRow],
    *,
    sides: Sides,
    proof: Proof,
    words: PageWords,
) -> Paper:
    """Write what proves that a note was brought: who took how much, the signature, the photos."""
    columns = (
        Column(words.text("word.product"), grows=True),
        Column(words.text("stock.batch_code")),
        Column(words.text("delivery.goods_sent"), amount=True),
        Column(words.text("delivery.back"), amount=True),
        Column(words.text("delivery.damaged"), amount=True),
        Column(words.text("delivery.lost"), amount=True),
        Column(words.text("delivery.delivered"), amount=True),
    )
    sent = [one for one in lines if one.sent]
    rows = tuple(
        (
            _name(one, words),
            _batch(one, words),
            *(grouped(many) for many in (one.sent, one.back, one.damaged, one.lost)),
            grouped(one.delivered),
        )
        for one in sent
    )
    return Paper(
        title=words.text("delivery.proof_paper"),
        number=note.number,
        language=words.language,
        sides=_sides(sides, words),
        facts=(*_facts(note, words, due=False), *_received(note, words)),
        lines=Block(columns, rows),
        sums=(
            Sum(
                words.text("delivery.delivered"),
                grouped(sum(one.delivered for one in sent)),
                strong=True,
            ),
        ),
        remarks=tuple(
            f"{words.text('delivery.photo', number=one.number)}: SHA-256 {let_break(one.digest)}"
            for one in proof.photos
        ),
        signs=(words.text("delivery.signed_driver"), note.receiver or words.text(_RECEIVER)),
        signature=draw_signature(proof.signature),
        code=encode_code(note.number),
        code_text=note.number,
    )


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
        sides=_sides(sides, words),
        facts=tuple(_facts(note, words)),
        lines=Block(columns, rows),
        sums=(Sum(words.text("delivery.pieces"), pieces, strong=True),),
        signs=(words.text("delivery.signed_driver"), words.text(_RECEIVER)),
        void=words.text(STATES["cancelled"].words) if note.state == "cancelled" else "",
        code=encode_code(note.number),
        code_text=note.number,
    )


def wave_paper(
    wave: int,
    notes: Sequence[NoteRow],
    *,
    lines: Sequence[NoteLineRow],
    seller: Side,
    words: PageWords,
) -> Paper:
    """Write what a pick list says: what to fetch, of which batch, for which note."""
    asked = [one for one in lines if not one.short]
    by_bin = any(one.bin for one in asked)
    columns = (
        *([Column(words.text("stock_field.bin"))] if by_bin else ()),
        Column(words.text("word.product"), grows=True),
        Column(words.text("stock.batch_code")),
        Column(words.text("delivery.note")),
        Column(words.text("delivery.planned"), amount=True),
        Column(words.text("delivery.picked")),
    )
    rows = tuple(
        (
            *([one.bin] if by_bin else ()),
            *(_name(one, words), _batch(one, words), one.note, grouped(one.planned), "______"),
        )
        for one in asked
    )
    customers = tuple(f"{one.number} {one.customer}" for one in notes)
    return Paper(
        title=words.text("delivery.wave_number", number=wave),
        number="",
        language=words.language,
        sides=(write_side(seller, words), PaperSide(words.text("delivery.notes"), customers)),
        facts=(
            (words.text("stock.warehouse"), notes[0].warehouse),
            (words.text("delivery.day"), words.day(min(one.day for one in notes))),
        ),
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


def _sides(sides: Sides, words: PageWords) -> tuple[PaperSide, ...]:
    """Give who sends and who gets the goods, and where they go if not there."""
    to = (
        [write_side(sides.ship_to, words, label=words.text("order.ship_to"))]
        if sides.ship_to
        else []
    )
    return (
        write_side(sides.sender, words),
        write_side(sides.receiver, words, label=words.text("paper.to")),
        *to,
    )


def _facts(note: NoteRow, words: PageWords, *, due: bool = True) -> Iterator[tuple[str, str]]:
    yield words.text("invoices.number"), note.number
    yield words.text("word.order"), note.order_number
    if due:
        yield words.text("delivery.day"), words.day(note.day)
    if note.driver:
        yield words.text("delivery.driver"), f"{note.driver}, {note.vehicle}"


def _received(note: NoteRow, words: PageWords) -> Iterator[tuple[str, str]]:
    yield words.text("word.status"), words.text(STATES[note.state].words)
    if note.closed_day:
        yield words.text("delivery.proof_day"), words.day(note.closed_day)
    if note.receiver:
        given = f", {words.text('delivery.word_given')}" if note.word_given else ""
        yield words.text("delivery.receiver"), f"{note.receiver}{given}"
