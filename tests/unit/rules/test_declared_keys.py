"""A key is declared once: reader, schema, reference and pack know it from there."""

from pathlib import Path

import pytest

from rules.language.keys.settlement import Allocation
from rules.language.text.faults import Faults, Place
from rules.language.text.fields import Fields
from rules.language.text.keys import Choice, Keys, Whole
from rules.language.text.nodes import Scalar, Table
from rules.tools.schema.reference import reference
from rules.tools.schema.rule_files.declared import mapping_of
from tests.unit.rules.making import HEAD, faults_of

LANGUAGE = Path(__file__).parents[3] / "rules" / "LANGUAGE.md"
HERE = Place("pack.yaml", 1, 1)


class Longer(Allocation):
    """An allocation rule with two keys more, and no line in any reader."""

    shade = Choice("shade", "which shade leaves first", ("light", "dark"), packed="shade")
    most = Whole("most", "so many at once", least=1, most=9, packed="at_once")


def _read(**written: str) -> tuple[dict[str, object], list[str]]:
    """Read the declared keys of a mapping; gives what is packed, and the faults."""
    entries = {key: (Scalar(HERE, key), Scalar(HERE, text)) for key, text in written.items()}
    fields = Fields(Table(HERE, entries), Faults())
    packed: dict[str, object] = {}
    fields.take(Longer, packed, scale=2)
    fields.close()
    return packed, [fault.message for fault in fields.faults.found]


def test_the_reader_takes_and_packs_it() -> None:
    assert _read(shade="dark", most="3", safety_stock="5") == (
        {"shade": "dark", "at_once": 3, "safety": 5},
        [],
    )


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ({"shade": "darl"}, "'darl' is not one of light, dark; did you mean 'dark'?"),
        ({"most": "10"}, "10 is above 9"),
        ({"mist": "1"}, "unknown key 'mist'; did you mean 'most'?"),
    ],
)
def test_the_reader_refuses_what_is_not_declared(written: dict[str, str], fault: str) -> None:
    _, faults = _read(**written)

    assert faults == [fault]


def test_editors_offer_it() -> None:
    properties = mapping_of(Longer)["properties"]

    assert properties["shade"] == {
        "description": "which shade leaves first",
        "enum": ["light", "dark"],
    }
    assert (properties["most"]["minimum"], properties["most"]["maximum"]) == (1, 9)


def test_what_is_usual_is_not_packed_so_that_packs_keep_their_bytes() -> None:
    class Usual(Keys):
        """A key."""

        way = Choice("way", "a way", ("one", "two"), packed="way", usual="one")

    entries = {"way": (Scalar(HERE, "way"), Scalar(HERE, "one"))}
    packed: dict[str, object] = {}

    Fields(Table(HERE, entries), Faults()).take(Usual, packed, scale=2)

    assert packed == {}


def test_the_reference_of_the_language_is_made_of_the_declarations() -> None:
    written = LANGUAGE.read_text(encoding="utf-8")

    assert written.endswith(reference()), "write it anew: ./orderwire rules keys, below '## Keys'"


def test_a_section_is_told_by_itself() -> None:
    told = reference("allocation")

    assert "| `safety_stock` | a whole number, 1 to 1,000,000,000 |" in told
    assert "### `prices`" not in told


def test_bounds_of_a_declaration_are_those_of_the_reader() -> None:
    rules = "allocation: [{id: R, pick: fefo, short: backorder, wait_days: 0}]\n"

    assert [fault.split(": ", 1)[1] for fault in faults_of(HEAD + rules)] == ["0 is below 1"]
