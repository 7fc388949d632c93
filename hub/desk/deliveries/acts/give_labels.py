"""Give the labels of a note's parcels as a file to print."""

from dataclasses import dataclass, field
from typing import Final

from hub.base.access import Scope
from hub.base.papers import KeptPapers, PaperFile, PaperLabels, Press, encode_code, file_name
from hub.base.words import PageWords
from hub.desk.deliveries.reads.notes import NoteRow, read_note
from hub.desk.deliveries.reads.papers import Paper as Sides
from hub.desk.deliveries.reads.papers import read_paper
from hub.desk.parties.reads.language import read_language

MOST_PARCELS: Final = 200
LAYOUT: Final = "label.typ"


@dataclass(slots=True)
class GiveLabels:
    """The act, with what it needs."""

    papers: KeptPapers
    press: Press = field(default_factory=lambda: Press(LAYOUT))

    def __call__(
        self,
        delivery: int,
        *,
        parcels: int = 1,
        language: str = "",
        otherwise: str = "en",
        scope: Scope,
    ) -> PaperFile | None:
        """Give a label for each parcel of a note; None where nobody sees one of this id.

        They are drawn as often as somebody packs: nothing is kept of them.
        """
        with self.papers.reading() as t:
            found = read_note(t.connection, delivery, scope=scope)
            sides = read_paper(t.connection, delivery, scope=scope)
            if found is None or sides is None:
                return None
            own = read_language(t.connection, found.customer_code, scope=scope)
        words = PageWords(language or own or otherwise)
        count = min(max(parcels, 1), MOST_PARCELS)
        drawn = self.press.draw_sheet(labels_of(found, sides, words=words, parcels=count))
        return PaperFile(file_name((found.number, "labels", found.customer)), drawn)


def labels_of(note: NoteRow, sides: Sides, *, words: PageWords, parcels: int) -> PaperLabels:
    """Write what labels say: where the goods go, and which parcel of how many each is on."""
    to = sides.ship_to or sides.receiver
    town = " ".join(part for part in (to.city, to.pin) if part)
    return PaperLabels(
        title=words.text("delivery.paper"),
        number=note.number,
        language=words.language,
        sender=sides.sender.name,
        name=to.name,
        lines=tuple(part for part in (to.address, town, to.contact, to.phone) if part),
        told=f"{note.order_number}, {words.day(note.day)}",
        parts=tuple(
            words.text("delivery.parcel", number=number, count=parcels)
            for number in range(1, parcels + 1)
        ),
        code=encode_code(note.number),
    )
