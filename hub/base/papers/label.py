"""What labels of parcels say, in words: for whom, on which note, which parcel of how many."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperLabels:
    """The labels of a note's parcels, one for each of `parts`: `Parcel 1 of 3`.

    `title` and `number` name the note, `told` is its order and its day. `name` and `lines` are whom
    the parcels are for. `code` is the number as a picture that is scanned, in SVG.
    """

    title: str
    number: str
    language: str
    sender: str
    name: str
    lines: tuple[str, ...]
    told: str
    parts: tuple[str, ...]
    code: str
