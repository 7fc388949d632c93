"""A folder of rule files to packed bytes: canonical JSON of integers and text, or every fault."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rules.language.cases.expecting import refuse_strangers
from rules.language.cases.reading import read_case_products
from rules.language.conditions import Packed, Reading
from rules.language.head import read_head
from rules.language.schemes.group_ties import refuse_group_ties
from rules.language.schemes.reading import read_groups
from rules.language.sections import OPTIONAL, SECTIONS, Section
from rules.language.settlement.approvals import refuse_unknown_routes
from rules.language.text.collecting import no_collecting
from rules.language.text.faults import Faults, PackError, Place
from rules.language.text.fields import Fields
from rules.language.text.files import RuleFile, TornError, read_entry, read_file
from rules.language.text.sources import Sources
from rules.values.rates import Rates

_GROUPS: Final = "groups"
_LONG: Final = 2_000
"""A list of more prices is kept as text and numbers while the others are read."""
_write: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def read_pack(folder: Path) -> bytes:
    """Read and check every `*.yaml` of a folder, and the CSV they name, into one packed pack.

    Raises:
        PackError: with all faults of all files.
    """
    return PackReader(folder).read()


class PackReader:
    """Reads one folder again and again: a rule is read anew where it, or what it needs, changed.

    Bytes and faults are those of a first reading.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shelves = {name: _Shelf(name, section) for name, section in SECTIONS.items()}

    def read(self) -> bytes:
        """Read the folder as it is now.

        Raises:
            PackError: with all faults of all files.
        """
        if not self._folder.is_dir():
            raise PackError([f"{self._folder}:1:1: not a folder"])
        torn: set[str] = set()
        while True:
            try:
                with no_collecting():
                    return self._read(torn)
            except TornError as error:
                torn.add(error.file)

    def _read(self, torn: set[str]) -> bytes:
        reading = Reading(Faults(), Sources(self._folder))
        files = _open_files(reading, torn)
        are_all_there = not reading.faults.found
        roots = [file.fields for file in files]
        packed = read_head(roots, reading)
        for root in roots:
            reading.products.update(read_case_products(root.table("case_products")))
        lists = {
            shelf.section.packed: shelf.read(files, reading) for shelf in self._shelves.values()
        }
        if _close(roots, reading) and are_all_there:
            packed.update(_read_rest(roots, lists, reading))
        reading.faults.refuse_any()
        packed["sources"] = reading.sources.digests
        return _written(packed, lists)


def _open_files(reading: Reading, torn: set[str]) -> list[RuleFile]:
    files = []
    for name, content in reading.sources.rule_files(reading.faults):
        lists = () if name in torn else SECTIONS
        file = read_file(name, content, reading.faults, lists=lists)
        if file is not None:
            files.append(file)
    return files


def _close(roots: Iterable[Fields], reading: Reading) -> bool:
    """Report sections that there are not; False where there is one, whose rules nobody knows."""
    before = len(reading.faults.found)
    for root in roots:
        root.has(_GROUPS)  # which is read last
        root.close()
    return len(reading.faults.found) == before


def _read_rest(
    roots: Iterable[Fields], lists: Mapping[str, list["_Entry"]], reading: Reading
) -> Packed:
    """Read and check what is about several rules; all of their files have been read.

    Else each name that is used of a rule in a file with one bracket too few were a fault.
    """
    rules = {name: [entry.packed for entry in entries] for name, entries in lists.items()}
    tables = [table for root in roots for table in root.tables(_GROUPS)]
    groups = read_groups(tables, rules["schemes"])
    refuse_group_ties(groups, rules["schemes"], reading)
    refuse_unknown_routes(rules["credit"], rules["approvals"], reading)
    refuse_strangers(rules["cases"], reading.cases, rules["schemes"], reading=reading)
    return {"groups": groups} if groups else {}


def _written(packed: Packed, lists: Mapping[str, list["_Entry"]]) -> bytes:
    """Write a pack the one way: sorted keys, no blanks, ASCII.

    Its parts are put together once: price lists of a million rates are too much to write in rounds.
    """
    pieces: list[bytes] = []
    for name in sorted({*packed, *(one for one in lists if lists[one] or one not in OPTIONAL)}):
        pieces += [b",", f'"{name}":'.encode()]
        if name not in lists:
            pieces.append(_write(packed[name]).encode())
            continue
        entries = [piece for entry in lists[name] for piece in (b",", entry.written)]
        pieces += [b"[", *entries[1:], b"]"]
    return b"".join([b"{", *pieces[1:], b"}"])


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One rule as it was read; its lines are counted from where its text starts."""

    packed: Packed
    written: bytes
    place: tuple[int, int]
    id_place: tuple[int, int]
    files: Mapping[str, str]


class _Shelf:
    """The entries of one section, by their text, as they were read last."""

    def __init__(self, name: str, section: Section) -> None:
        self.section = section
        self._name = name
        self._terms: Packed = {}
        self._old: dict[str, _Entry] = {}
        self._new: dict[str, _Entry] = {}
        self._checked: list[_Entry] = []

    def read(self, files: Iterable[RuleFile], reading: Reading) -> list[_Entry]:
        """Give the section's entries in the order of the files, and report what is wrong."""
        terms = self.section.terms(reading)
        if terms != self._terms:
            self._terms, self._old, self._new = terms, {}, {}
        found = []
        for file in files:
            for line, text in file.pieces(self._name):
                entry = self._entry(text, (file.name, line), reading)
                if entry is not None:
                    _note_id(entry, (file.name, line), reading)
                    found.append(entry)
            for fields in file.fields.tables(self._name):
                entry = self._made(fields, 0, reading)
                _note_id(entry, (file.name, 0), reading)
                found.append(entry)
        self._old, self._new = self._new, {}
        self._check(found, reading)
        if self.section.note is not None:
            self.section.note([entry.packed for entry in found], reading)
        return found

    def _entry(self, text: str, place: tuple[str, int], reading: Reading) -> _Entry | None:
        entry = self._new.get(text) or self._old.get(text)
        if entry is None or (entry.files and not reading.sources.unchanged(entry.files)):
            before = len(reading.faults.found)
            fields = read_entry(text, self._name, place, faults=reading.faults)
            if fields is None:
                return None
            entry = self._made(fields, place[1], reading)
            if len(reading.faults.found) > before:
                return entry
        self._new[text] = entry
        return entry

    def _made(self, fields: Fields, first: int, reading: Reading) -> _Entry:
        """Read a rule whose text starts `first` lines into its file."""
        reading.sources.taken.clear()
        packed = self.section.read(fields, reading)
        written = _write(packed).encode()
        if len(packed.get("rates", ())) > _LONG:
            packed = {**packed, "rates": Rates.of(packed["rates"])}
        place, id_place = fields.place, fields.place_of("id")
        return _Entry(
            packed,
            written,
            (place.line - first, place.column),
            (id_place.line - first, id_place.column),
            {name: reading.sources.digests.get(name, "") for name in reading.sources.taken},
        )

    def _check(self, found: list[_Entry], reading: Reading) -> None:
        """Look at the rules together, unless they are those that were well together before."""
        if self.section.check is None or found == self._checked:
            return
        before = len(reading.faults.found)
        self.section.check([entry.packed for entry in found], reading)
        self._checked = found if len(reading.faults.found) == before else []


def _note_id(entry: _Entry, start: tuple[str, int], reading: Reading) -> None:
    """Note where a rule or a case stands; an id that is used already is a fault."""
    name = entry.packed.get("id")
    file, first = start
    place = Place(file, first + entry.place[0], entry.place[1])
    if "expect" in entry.packed:
        reading.cases.append(place)
    if not name:
        return
    other = reading.places.setdefault(name, place)
    if other is not place:
        line, column = entry.id_place
        message = f"id '{name}' is already used at {other}"
        reading.faults.add(Place(file, first + line, column), message)
