"""One rule file: the fields of its root, and the entries of its lists, cut off to be kept."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rules.language.text.faults import Faults, Place
from rules.language.text.fields import Fields, tables_of
from rules.language.text.nodes import Listing, Node, Scalar, Table
from rules.language.text.pieces import Section, cut, is_torn

MAX_FILE_BYTES: Final = 5_000_000
NOT_UTF8: Final = "not UTF-8: save the file with that encoding"
_ENTRY_DEPTH: Final = 2


class TornError(Exception):
    """An entry means nothing by itself: its file has to be read with its lists left whole."""

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(file)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The root's `fields`; of lists that are `cut`, only the key stands there."""

    name: str
    fields: Fields
    cut: Mapping[str, Section]

    def pieces(self, key: str) -> Iterator[tuple[int, str]]:
        """Give each entry of a list that is cut, with the number of lines before it."""
        section = self.cut.get(key)
        if section is not None:
            line = section.line + section.text.count("\n")
            for entry in section.entries:
                yield line, entry
                line += entry.count("\n")


def read_file(
    name: str, content: bytes, faults: Faults, *, lists: Collection[str]
) -> RuleFile | None:
    """Read a file, `lists` cut into their entries; None where it is empty or was refused."""
    if len(content) > MAX_FILE_BYTES:
        faults.add(Place(name, 1, 1), f"file is larger than {MAX_FILE_BYTES} bytes")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.add(Place(name, line, 1), NOT_UTF8)
        return None
    sections = cut(text, lists)
    found = None if sections is None else _joined(name, sections, faults)
    return found or _whole(name, text, faults)


def read_entry(text: str, key: str, place: tuple[str, int], *, faults: Faults) -> Fields | None:
    """Read one entry of a list that was cut, at a file and the number of lines before it.

    Raises:
        TornError: it means nothing by itself.
    """
    from rules.language.text.parsing import NotYamlError, parse  # noqa: PLC0415

    file, line = place
    if is_torn(text):
        raise TornError(file)
    try:
        node = parse(text, file, faults, first=line, depth=_ENTRY_DEPTH)
    except NotYamlError as error:
        raise TornError(file) from error
    members = node.members if isinstance(node, Listing) else ()
    return next(iter(tables_of(members, key, faults)), None)


def _joined(name: str, sections: list[Section], faults: Faults) -> RuleFile | None:
    """Read each section by itself; None where one is no YAML without the others."""
    from rules.language.text.parsing import NotYamlError, parse  # noqa: PLC0415

    entries: dict[str, tuple[Scalar, Node]] = {}
    for section in sections:
        try:
            node = parse(section.text, name, faults, first=section.line)
        except NotYamlError:
            return None
        if not isinstance(node, Table) or [*node.entries] != [section.name]:
            return None
        key, value = node.entries[section.name]
        entries[section.name] = (key, Listing(value.place, ()) if section.entries else value)
    root = Table(Place(name, 1, 1), entries)
    return RuleFile(name, Fields(root, faults), {one.name: one for one in sections if one.entries})


def _whole(name: str, text: str, faults: Faults) -> RuleFile | None:
    from rules.language.text.parsing import NotYamlError, parse  # noqa: PLC0415

    try:
        node = parse(text, name, faults)
    except NotYamlError as error:
        faults.add(error.place, str(error))
        return None
    if isinstance(node, Table):
        return RuleFile(name, Fields(node, faults), {})
    if node is not None:
        faults.add(node.place, "a rule file is a mapping of sections")
    return None
