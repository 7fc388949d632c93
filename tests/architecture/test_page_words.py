"""Words of pages stand in the catalogue: none in templates or scripts, none missing, none spare."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from jinja2 import Environment, nodes

from hub.base.access import ROLES
from hub.base.words import CATALOGUE, PAGES
from hub.run.bootstrap import NOUNS
from rules import LANGUAGES, REGISTRY
from rules.stages.returns.telling import HOLDS
from rules.values.reasons import WORDS as WORDS_OF_REASONS
from tests.architecture.test_catalogues import read_messages
from tests.architecture.test_sizes import ROOT, tracked
from tests.builders.word_families import FAMILIES, JOINERS, OF_REASONS, OPEN_FAMILIES

TEMPLATES: Final = tracked("hub/*.html")
SCRIPTS: Final = [path for path in tracked("hub/web/static/*.js") if "vendor" not in path.parts]
MODULES: Final = tracked("hub/*.py")
SPOKEN: Final = {"title", "placeholder", "aria-label", "alt", "data-label", "label", "summary"}
"""The attributes that people see or hear."""
SAYING: Final = {"say", "say_counted", "text", "counted", "message"}
"""The functions whose first argument is the id of a text."""
NAMES: Final = {
    *("ArrowDown", "ArrowUp", "Enter", "Escape", "GET", "POST", "HX-Request", "Content-Type"),
    *("ETag", "If-None-Match", "N-", "Retry-After", "BarcodeDetector", "M"),
}
"""What nobody reads: keys, headers, methods, what browsers have, how codes begin, and
lines of pictures."""
LETTER: Final = re.compile(r"[^\W\d_]")
WORDS: Final = re.compile(r"[^\W\d_] +[^\W\d_]")
ID: Final = re.compile(r"[a-z_]+\.[A-Za-z0-9_]+")


class Spoken(HTMLParser):
    """Collects what of a template's own text people would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in SPOKEN:
                self.handle_data(value or "")

    def handle_data(self, data: str) -> None:
        if LETTER.search(data):
            self.found.append(data.strip())


def bare_text(source: str) -> list[str]:
    """Find the text that a template says itself, in its tags and in its expressions."""
    spoken = Spoken()
    tokens = Environment(autoescape=True).lex(source)
    spoken.feed("".join(text if kind == "data" else "" for _, kind, text in tokens))
    spoken.close()
    tree = Environment(autoescape=True).parse(source)
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                spoken.found.extend(text for text in said_by(node) if LETTER.search(text))
    spoken.found.extend(text for text in constants(tree) if WORDS.search(text))
    return spoken.found


def said_by(node: nodes.Node) -> Iterator[str]:
    """Give the constants that an expression may come to."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from said_by(node.expr1)
        yield from said_by(node.expr2) if node.expr2 else ()
    elif isinstance(node, nodes.Concat | nodes.Add):
        for child in node.iter_child_nodes():
            yield from said_by(child)
    elif isinstance(node, nodes.Filter) and node.node:
        yield from said_by(node.node)


def constants(node: nodes.Node) -> Iterator[str]:
    """Give the texts anywhere in a template's code, but the command lines that it names."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        named = isinstance(child, nodes.Call) and getattr(child.node, "name", "") == "command"
        if not named:
            yield from constants(child)


def bare_script(source: str) -> list[str]:
    """Find the words in a script: a text that begins large or has nothing but words in it."""
    code = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    texts = [one[1] for one in re.finditer(r'"([^"\n]*)"', code)]
    shaped = [re.sub(r"\$\{[^}]*\}", "", one[1]) for one in re.finditer(r"`([^`]*)`", code)]
    said = re.compile(r"[A-Z].*|[a-z]+(?:,? [a-z]+)+[.?!]?")
    loose = [text for text in shaped if LETTER.search(text) and not ID.match(text + "x")]
    return [text for text in texts if said.fullmatch(text) and text not in NAMES] + loose


def used_by_templates() -> set[str]:
    """Name the ids that templates say."""
    found = set()
    for path in TEMPLATES:
        for call in Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Call):
            first = call.args[0] if call.args else None
            is_saying = getattr(call.node, "name", "") in SAYING
            if is_saying and isinstance(first, nodes.Const):
                found.add(first.value)
    return found


def used_by_modules() -> set[str]:
    """Name the ids that modules say, and those of looks and of the menu."""
    found = set()
    for path in MODULES:
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = 1 if name in {"MenuEntry", "_Fault"} else 0
            if name in {*SAYING, "Look", "MenuEntry", "_Fault"} and len(call.args) > place:
                argument = call.args[place]
                if isinstance(argument, ast.Constant) and ID.fullmatch(str(argument.value)):
                    found.add(str(argument.value))
    return found


def families_in_use() -> set[str]:
    """Name the families by whose codes templates and modules find words."""
    sources = "".join(path.read_text() for path in (*TEMPLATES, *MODULES))
    return set(re.findall(r'\bnamed(?:\(|, )["\'](\w+)["\']', sources))


@cache
def texts(language: str) -> dict[str, str | tuple[str, ...]]:
    """Read what pages say in a language."""
    source = ROOT / "hub" / "locale" / language / "LC_MESSAGES" / "pages.po"
    with source.open("rb") as stream:
        return read_messages(stream)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_itself(path: Path) -> None:
    assert bare_text(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>No orders</p>",
        '<input placeholder="Name">',
        '<a aria-label="Back {{ number }}">{{ icon("x") }}</a>',
        '{{ "order" if count == 1 else "orders" }}',
        '{{ ask("drop", "Give it up?") }}',
        '<td data-label="Tax">{{ tax }}</td>',
    ],
)
def test_what_a_template_says_itself_is_found(source: str) -> None:
    assert bare_text(source) != []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_nothing_itself(path: Path) -> None:
    assert bare_script(path.read_text()) == []


@pytest.mark.parametrize(
    "source", ['lamp("live", "Live")', 'x = "just now"', "x = `${span} ago`", 'f("Not live: go")']
)
def test_what_a_script_says_itself_is_found(source: str) -> None:
    assert bare_script(source) != []


def test_every_id_that_pages_say_is_in_the_catalogue() -> None:
    assert sorted((used_by_templates() | used_by_modules()) - texts("en").keys()) == []


def test_every_family_of_words_has_all_its_codes_and_no_other() -> None:
    found: dict[str, set[str]] = {}
    for name in texts("en"):
        family, _, code = name.partition(".")
        found.setdefault(family, set()).add(code)

    assert families_in_use() <= FAMILIES.keys() | OPEN_FAMILIES | OF_REASONS | {JOINERS}
    assert found.keys().isdisjoint(OF_REASONS | {JOINERS})
    assert WORDS_OF_REASONS.keys() >= OF_REASONS
    assert {family: found[family] for family in FAMILIES} == FAMILIES
    assert set(ROLES) <= found["role"]


def test_a_label_is_of_a_reason_that_there_is() -> None:
    assert NOUNS  # all nouns have registered
    labels = [name.partition(".")[2] for name in texts("en") if name.startswith("label.")]

    unknown = [
        code for code in labels if code not in REGISTRY and not CATALOGUE.find("en", f"hub.{code}")
    ]

    assert unknown == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_an_order_is_held_has_a_label(language: str) -> None:
    assert NOUNS  # all nouns have registered
    holding = [code for code, one in REGISTRY.items() if one.severity == "holds"]

    unlabelled = {code for code in holding if not PAGES.find(language, f"label.{code}")}

    assert unlabelled == HOLDS  # they hold a return, never an order


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_decides_by_a_shipped_pack_has_a_name(language: str) -> None:
    packs = "".join(path.read_text() for path in tracked("rules/packs/*.yaml"))
    roles = set(re.findall(r"\brole: (\w+)", packs))

    unnamed = {role for role in roles if not PAGES.find(language, f"role.{role}")}

    assert "finance_head" in roles
    assert unnamed == set()


def test_no_text_of_the_catalogue_is_spare() -> None:
    literal = "".join(path.read_text() for path in (*TEMPLATES, *MODULES))
    known = FAMILIES.keys() | OPEN_FAMILIES

    spare = [
        name
        for name in texts("en")
        if name.partition(".")[0] not in known and f'"{name}"' not in literal
    ]

    assert spare == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_with_a_count_has_a_form_for_one_and_for_many(language: str) -> None:
    counted = {name for name, text in texts(language).items() if isinstance(text, tuple)}

    assert counted
    for name in counted:
        assert PAGES.find_counted(language, name, 1)
        assert PAGES.find_counted(language, name, 2)
