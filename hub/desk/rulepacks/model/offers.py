"""Rules as forms have them: their numbers, found in the text of rule files and put back there.

Forms have the numbers of schemes, the prices of a customer's list and the limits of credit.

Only numbers are replaced: comments, order and everything else of a file stay as they were written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["free", "slabs", "rates", "limit"]
_SECTION: Final = re.compile(r"^(?P<name>\w+):", re.MULTILINE)
_ENTRY: Final = re.compile(r"^(?P<dent> *)- *\{? *id: *(?P<id>[\w.-]+)", re.MULTILINE)
_TEXT: Final = re.compile(r"\btext: *\{(?P<texts>[^}]*)")
_SAID: Final = re.compile(r"\b(?P<language>[a-z]{2}): *(?P<text>[^,}]+)")
_OF_CUSTOMER: Final = re.compile(r"\blevel: *customer\b")
_MOST_RATES: Final = 200
"""A list of more prices than these is changed as a file, not in a form."""
_NUMBER: Final = r"(?P<number>\d+(?:\.\d+)?)"
_VERSION: Final = re.compile(r"^(?P<before>(?:pack: *\{[^}\n]*?\b| *)version: *)\d+", re.MULTILINE)
"""The number of a pack, in a line of its own or between the braces of its head."""
_COUNTED: Final = "total|open_orders|deliveries|invoices|cheques"
"""The parts of what a customer owes that a credit rule may limit."""
NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
"""What may be put in the place of a number."""


@dataclass(frozen=True, slots=True)
class _Form:
    """Where the numbers of a kind stand: in which section, behind what, under which keys.

    A section of "" is any. `needs` has to stand in the entry as well.
    """

    kind: Kind
    begins: re.Pattern[str]
    keys: str
    section: str = ""
    needs: re.Pattern[str] | None = None


_FORMS: Final = (
    _Form("free", re.compile(r"\bfree:"), "every|give|max"),
    _Form("slabs", re.compile(r"\bslabs:"), "from|percent|amount|cap"),
    _Form("rates", re.compile(r"\brates:"), r"[\w./-]+", "prices", _OF_CUSTOMER),
    _Form("limit", re.compile(r"\b(?=limit: *\d)"), "limit", "limits"),
    _Form("limit", re.compile(r"\blimit: *(?=\{|\n)"), _COUNTED, "credit"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a rule: its key (`every`, `percent`, a SKU), and where in the file it stands."""

    key: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule in a file, with the numbers that a form changes, in the order of the text."""

    file: str
    id: str
    text: str
    kind: Kind
    figures: tuple[Figure, ...]

    def name_of(self, figure: Figure) -> str:
        """Name the field of a number: `SCH-HONEY.free.0` is the first of its free goods."""
        return f"{self.id}.{self.kind}.{self.figures.index(figure)}"


def find_offers(texts: Mapping[str, str], *, language: str = "en") -> list[Offer]:
    """Find the rules whose numbers a form changes, as their files name them in a language."""
    return [one for file in sorted(texts) for one in _of_file(file, texts[file], language)]


def _called(part: str, language: str) -> str:
    """Read what a rule is called in a language, or else in English; empty where nothing says."""
    texts = _TEXT.search(part)
    found = _SAID.finditer(texts["texts"] if texts else "")
    said = {one["language"]: one["text"].strip() for one in found}
    return said.get(language) or said.get("en", "")


def _of_file(file: str, text: str, language: str) -> Iterator[Offer]:
    """Find the rules of one file, each from its own line to the next rule or section."""
    entries, sections = list(_ENTRY.finditer(text)), list(_SECTION.finditer(text))
    begins = sorted(one.start() for one in (*entries, *sections))
    for found in entries:
        end = next((at for at in begins if at > found.start()), len(text))
        section = next((one["name"] for one in reversed(sections) if one.start() < found.end()), "")
        part = text[found.start() : end]
        name = _called(part, language)
        for form in _FORMS:
            at = form.begins.search(part)
            is_here = form.section in {"", section} and (not form.needs or form.needs.search(part))
            if at is None or not is_here:
                continue
            place = found.start() + at.end()
            figures = tuple(_figures(text, place, _ended(text, place, end), keys=form.keys))
            if figures and (form.kind != "rates" or len(figures) <= _MOST_RATES):
                yield Offer(file, found["id"], name, form.kind, figures)


def _ended(text: str, start: int, end: int) -> int:
    """Give where the value that begins at a place is over: at its last bracket, or its last line.

    `free: {every: 10, give: 1}` ends at the bracket; a block, at the first line that is not
    indented deeper than its key.
    """
    depth = 0
    for at in range(start, end):
        depth += (text[at] in "{[") - (text[at] in "}]")
        if depth == 0 and text[at] in "}]":
            return at + 1
        if depth == 0 and text[at] == "\n":
            break
    line = text.rfind("\n", 0, start) + 1
    dent = len(text[line:start]) - len(text[line:start].lstrip(" "))
    at = text.find("\n", start)
    while 0 <= at < end:
        following = text[at + 1 : end].split("\n", 1)[0]
        bare = following.lstrip(" ")
        deeper = len(following) - len(bare)
        is_item = bare.startswith("- ") and deeper >= dent
        if bare and not bare.startswith("#") and deeper <= dent and not is_item:
            return at
        at = text.find("\n", at + 1)
    return end


def _figures(text: str, start: int, end: int, *, keys: str) -> Iterator[Figure]:
    """Find numbers behind keys; those of a comment are none."""
    pattern = re.compile(rf"\b(?P<key>{keys}): *{_NUMBER}")
    for found in pattern.finditer(text, start, end):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if "#" not in line:
            yield Figure(found["key"], found["number"], *found.span("number"))


def put_figures(texts: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Put numbers into the files, by the names of their fields; what is no number is left out."""
    changed = dict(texts)
    places = [
        (figure.start, figure.end, offer.file, value)
        for offer in find_offers(texts)
        for figure in offer.figures
        if NUMBER.fullmatch(value := wanted.get(offer.name_of(figure), figure.value))
    ]
    for start, end, file, value in sorted(places, reverse=True):
        changed[file] = changed[file][:start] + value + changed[file][end:]
    return changed


def find_odd(
    texts: Mapping[str, str], wanted: Mapping[str, str]
) -> list[tuple[Offer, Figure, str]]:
    """Give what was typed for a number and is none, with the number that stays in its place."""
    return [
        (offer, figure, typed)
        for offer in find_offers(texts)
        for figure in offer.figures
        if not NUMBER.fullmatch(typed := wanted.get(offer.name_of(figure), figure.value))
    ]


def with_version(texts: Mapping[str, str], version: int) -> dict[str, str]:
    """Number the pack in its own file; the first `version:` of `pack.yaml` is meant."""
    head = texts.get("pack.yaml", "")
    return {**texts, "pack.yaml": _VERSION.sub(rf"\g<before>{version}", head, count=1)}
