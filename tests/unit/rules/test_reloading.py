"""A folder that is read again gives what a first reading gives, and reads only what changed."""

import re
import shutil
from pathlib import Path

import pytest

from rules.language import PackReader, read_pack
from rules.language.sections import SECTIONS
from rules.language.text.pieces import cut, is_torn
from tests.unit.rules.making import HEAD, outcome

PACKS = Path(__file__).parents[3] / "rules" / "packs"
SHIPPED = sorted(PACKS.glob("**/*.yaml"))
SCHEMES = """\
# What we give.
schemes:
  - {id: A, slabs: [{from: 1, percent: 1}]}   # the first
  - id: B
    # of two lines
    slabs: [{from: 1, percent: 2}]

  - {id: C, if: order.payment == 'cash', slabs: [{from: 1, percent: 3}]}
taxes:
- {id: T, heads: {VAT: 20}}
- {id: U, when: {tax_class: low}, heads: {VAT: 5}}
"""
PRICES = "prices:\n- {id: P, level: default, csv: base.csv}\n"
CASES = """\
tests:
  - {name: one, on: 2026-01-01, lines: [{sku: X, qty: 1}], expect: {net: 1.00}}
case_products: {X: {brand: GOLD}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of four rule files and a price list."""
    (tmp_path / "pack.yaml").write_text(HEAD)
    (tmp_path / "schemes.yaml").write_text(SCHEMES)
    (tmp_path / "prices.yaml").write_text(PRICES)
    (tmp_path / "base.csv").write_text("sku,price\nX,1\n")
    (tmp_path / "cases.yaml").write_text(CASES)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("schemes.yaml", "percent: 2", "percent: 2.5"),
        ("schemes.yaml", "# What we give.", "# What we\n# give.\n"),
        (
            "schemes.yaml",
            "  - {id: A,",
            "  - {id: NEW, slabs: [{from: 1, percent: 9}]}\n  - {id: A,",
        ),
        ("schemes.yaml", "# of two lines", "priority: 7"),
        ("schemes.yaml", "id: B", "id: A"),
        ("schemes.yaml", "id: U, when: {tax_class: low}", "id: U"),
        ("schemes.yaml", "percent: 3", "percent: 300"),
        ("schemes.yaml", "payment ==", "paymnt =="),
        ("schemes.yaml", "{id: A", "{id: A, id: A"),
        ("schemes.yaml", "{id: A", "&x {id: A"),
        ("schemes.yaml", "[{from: 1, percent: 1}]}", "[{from: 1, percent: 1}]"),
        ("schemes.yaml", "  - {id: C", " - {id: C"),
        ("schemes.yaml", "taxes:", "schemes:"),
        ("schemes.yaml", "taxes:", "taxs:"),
        ("schemes.yaml", "slabs: [{from: 1, percent: 2}]", "slabs: [\n{from: 1, percent: 2}]"),
        ("schemes.yaml", "  - id: B", "---\n  - id: B"),
        ("schemes.yaml", "\n", "\r\n"),
        ("base.csv", "X,1", "X,2"),
        ("base.csv", "X,1", "X,1\nX,2"),
        ("base.csv", "sku,price\nX,1\n", ""),
        ("prices.yaml", "base.csv", "none.csv"),
        ("cases.yaml", "GOLD", "SILVER"),
        ("cases.yaml", "X: {", "Y: {"),
        ("pack.yaml", "scale: 2", "scale: 0"),
        ("pack.yaml", "version: 1", "version: 2"),
        ("pack.yaml", "version: 1", "version: none"),
    ],
)
def test_a_change_is_read_as_in_a_first_reading(
    folder: Path, file: str, old: str, new: str
) -> None:
    reader = PackReader(folder)
    before = reader.read()
    text = (folder / file).read_text()
    assert old in text

    (folder / file).write_text(text.replace(old, new))
    changed = outcome(reader)
    expected = outcome(PackReader(folder))
    (folder / file).write_text(text)

    assert changed == expected != before
    assert reader.read() == before


def test_lines_that_move_take_their_faults_along(folder: Path) -> None:
    reader = PackReader(folder)
    reader.read()
    path = folder / "schemes.yaml"

    path.write_text("# one more line\n" + SCHEMES.replace("id: C", "id: B").replace("VAT", "VAT "))

    assert outcome(reader) == ("schemes.yaml:9:10: id 'B' is already used at schemes.yaml:5:5",)


def test_a_file_that_is_gone_is_forgotten_and_a_new_one_is_read(folder: Path) -> None:
    reader = PackReader(folder)
    reader.read()

    (folder / "schemes.yaml").rename(folder / "others.yaml")
    (folder / "prices.yaml").unlink()

    assert reader.read() == read_pack(folder)
    assert b"base.csv" not in reader.read()


def test_a_price_list_that_comes_back_is_read_again(folder: Path) -> None:
    reader = PackReader(folder)
    before = reader.read()
    (folder / "base.csv").unlink()
    assert outcome(reader) == ("prices.yaml:2:32: there is no file 'base.csv' in the folder",)

    (folder / "base.csv").write_text("sku,price\nX,1\n")

    assert reader.read() == before


def test_what_has_not_changed_is_not_parsed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = PackReader(folder)
    reader.read()
    path = folder / "schemes.yaml"
    path.write_text(SCHEMES.replace("percent: 3", "percent: 4"))
    parsed: list[str] = []
    yaml = pytest.importorskip("yaml")
    loader = yaml.CBaseLoader

    def counted(text: str) -> object:
        parsed.append(text)
        return loader(text)

    monkeypatch.setattr("rules.language.text.parsing._LOADER", counted)
    reader.read()

    assert [text for text in parsed if "percent:" in text] == [
        "  - {id: C, if: order.payment == 'cash', slabs: [{from: 1, percent: 4}]}\n"
    ]


@pytest.mark.parametrize("name", ["fmcg", "giftware", "schemes"])
def test_a_shipped_pack_with_any_line_left_out_is_read_as_in_a_first_reading(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / name
    shutil.copytree(PACKS / name, folder)
    reader = PackReader(folder)
    reader.read()

    for path in sorted(folder.rglob("*.yaml"))[:3]:
        lines = path.read_text().splitlines(keepends=True)
        for left_out in range(0, len(lines), 7):
            path.write_text("".join(lines[:left_out] + lines[left_out + 1 :]))
            assert outcome(reader) == outcome(PackReader(folder))
        path.write_text("".join(lines))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_pieces_of_a_file_put_together_are_the_file(path: Path) -> None:
    text = path.read_text()

    sections = cut(text, SECTIONS)

    assert sections is not None
    assert "".join(piece for one in sections for piece in (one.text, *one.entries)) == text


def test_an_entry_is_cut_with_its_comments_and_blank_lines() -> None:
    sections = cut(SCHEMES, {"schemes"})

    assert sections is not None
    schemes, taxes = sections
    assert [entry.count("\n") for entry in schemes.entries] == [1, 4, 1]
    assert (schemes.line, taxes.line, taxes.entries) == (0, 8, ())


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\ra: 2\n",
        "a: 1\x85b: 2\n",
        "a: '\u2028'\n",
        "a: 1\n\ufeffb: 2\n",
        "%YAML 1.1\n---\na: 1\n",
        "a: 1\n...\n",
        "a: 1\na: 2\n",
        "? a\n: 1\n",
        "'a': 1\n",
        "a: [\n]\n",
        "- a\n",
    ],
)
def test_a_file_that_could_mean_something_else_in_pieces_is_left_whole(text: str) -> None:
    assert cut(text, {"a"}) is None


@pytest.mark.parametrize(
    ("entry", "torn"),
    [
        ("  - a\n", False),
        ("  - a:\n    - b\n\n  # c\n   d: e\n", False),
        ("  - [\n  ]\n", True),
        ("  - a\n  -\n", True),
        ("  - a\n - b\n", True),
        ("- a\n---\n", True),
        ("- a\n\tb\n", True),
    ],
)
def test_an_entry_is_torn_where_a_line_stands_no_deeper(entry: str, *, torn: bool) -> None:
    assert is_torn(entry) is torn


def test_a_hundred_lists_in_one_entry_are_not_cut() -> None:
    inner = "".join(f"      - {{from: {n}, percent: 1}}\n" for n in range(1, 101))
    sections = cut(f"schemes:\n  - id: A\n    slabs:\n{inner}", {"schemes"})

    assert sections is not None
    assert [re.sub(r"\s.*", "", entry.strip()) for entry in sections[0].entries] == ["-"]
