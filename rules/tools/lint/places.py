"""Where rules and their parts stand in a folder of rule files."""

import csv
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path as Folder

from rules.language.cases.reading import read_case_products
from rules.language.text.faults import Faults, Place
from rules.language.text.fields import Fields
from rules.language.text.nodes import Listing, Node, Scalar, Table
from rules.language.text.sources import Sources
from rules.tools.lint.doubts import Doubt, Packed, Path
from rules.tools.lint.slips.files import of_folder


class Places:
    """Finds the place of a part of a rule, by the rule's id and the keys that lead to the part."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def doubts(self, sources: Collection[str]) -> Iterator[tuple[str, Doubt]]:
        """Doubt the files of the folder that are no sources of the pack, by their names."""
        return of_folder(self._folder, sources)

    def products(self) -> Mapping[str, Packed]:
        """Give all products that the folder has for its cases."""
        tables = (Fields(root, Faults()).table("case_products") for root in self._roots)
        return {sku: one for table in tables for sku, one in read_case_products(table).items()}

    def of(self, rule: str, path: Path) -> Place | None:
        """Give the place of a part, or of the nearest thing around it that the text has."""
        node: Node | None = self._named["id"].get(rule) if rule else self._head
        place = self._row(node, str(path[1])) if path[:1] == ("rates",) else None
        return place or _followed(node, path)

    def of_case(self, name: str, path: Path) -> Place | None:
        """Give the place of a part of a case, or of the nearest thing around it."""
        return _followed(self._named["name"].get(name), path)

    def _row(self, rule: Node | None, sku: str) -> Place | None:
        """Give the row of a product in the CSV file of a list, where it has one."""
        name = None if rule is None else _step(rule, "csv")
        if not isinstance(name, Scalar):
            return None
        with (self._folder / name.text).open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            found = (rows.line_num for row in rows if row and row[0].strip() == sku)
            line = next(found, None)
        return None if line is None else Place(name.text, line, 1)

    @cached_property
    def _head(self) -> Node | None:
        """Give the head of the pack, where what is about all of it stands."""
        heads = (root.entries["pack"][1] for root in self._roots if "pack" in root.entries)
        return next(heads, None)

    @cached_property
    def _roots(self) -> list[Table]:
        """Read the files once more, where anybody asks: of most packs nobody does."""
        from rules.language.text.parsing import parse  # noqa: PLC0415 (the YAML reader is late)

        # A pack that lint is asked about was read before: what it holds has no faults.
        faults = Faults()
        files = Sources(self._folder).rule_files(faults)
        roots = [parse(content.decode("utf-8-sig"), name, faults) for name, content in files]
        return [root for root in roots if isinstance(root, Table)]

    @cached_property
    def _named(self) -> dict[str, dict[str, Table]]:
        """Give rules by their `id`, and cases by their `name`."""
        found: dict[str, dict[str, Table]] = {"id": {}, "name": {}}
        for root in self._roots:
            for _, section in root.entries.values():
                for key, tables in found.items():
                    tables |= dict(_tables_by(section, key))
        return found


def _tables_by(section: Node, key: str) -> Iterator[tuple[str, Table]]:
    for member in section.members if isinstance(section, Listing) else ():
        name = _step(member, key)
        if isinstance(member, Table) and isinstance(name, Scalar):
            yield name.text, member


def _followed(node: Node | None, path: Path) -> Place | None:
    """Follow the keys of a path as far as the text has them."""
    place = None
    for step in (*path, None):
        if node is None:
            break
        place = node.place
        node = None if step is None else _step(node, step)
    return place


def _step(node: Node, step: str | int) -> Node | None:
    """Go on to the value of a key, to a member by its number, or to one by its word."""
    if isinstance(node, Table):
        entry = node.entries.get(str(step))
        return entry[1] if entry else None
    if isinstance(node, Scalar):
        return None
    if isinstance(step, int):
        return node.members[step] if step < len(node.members) else None
    words = (one for one in node.members if isinstance(one, Scalar) and one.text == step)
    return next(words, None)
