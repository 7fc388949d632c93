"""What labels of parcels say, in words: for whom, on which note, which parcel of how many."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperLabels:
    """The labels of a note's parcels, one for each of `parts`: `Parcel 1 of 3`.

    `name` and `lines` are whom they are for, `code` is the picture that is scanned.
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
