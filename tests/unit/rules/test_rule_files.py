"""The schema that editors check rule files with knows what the reader knows, and nothing else."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from rules.language.keys.common import SHARED
from rules.language.keys.schemes import EVERY, Scheme
from rules.language.text.fields import Fields
from rules.language.text.keys import Key, Named
from rules.tools.schema.rule_files.files import rule_file_schema
from rules.tools.schema.rule_files.sections import SECTIONS
from tests.unit.rules.making import HEAD, faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("words of rule files")]

RULES = Path(__file__).parents[3] / "rules"
SCHEMA = RULES / "schemas" / "rules-file.schema.json"
SHIPPED = sorted([*RULES.glob("packs/**/*.yaml"), *RULES.glob("examples/**/*.yaml")])
SLABS = "slabs: [{from: 1, percent: 1}]"
CASE = "name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {net: 1.00}"
PRODUCTS = "case_products: {A: {}}\n"

# Every mapping that a rule file may hold: what stands before and after its own keys. A list is
# closed by the test, so that one reading asks for many keys, each in a member of its own.
PLACES = {
    "file": ("", ""),
    "pack": (HEAD[:-2] + ", ", "}"),
    "pack.stacking": (HEAD[:-2] + ", stacking: {", "}}"),
    "pack.dates": (HEAD[:-2] + ", dates: {", "}}"),
    "discounts": ("discounts:", "{id: R, percent: 5, above: cut, @}"),
    "pack.quotes": (HEAD[:-2] + ", quotes: {", "}}"),
    "pack.returns": (HEAD[:-2] + ", returns: {", "}}"),
    "quantities": ("quantities:", "{id: R, min: 2, then: hold, @}"),
    "prices.csv": ("prices:", "{id: R, level: default, csv: none.csv, @}"),
    "prices.rates": ("prices:", "{id: R, level: default, rates: {A: 1}, @}"),
    "prices.adjust": ("prices:", "{id: R, level: customer, adjust: {percent: 1, @}}"),
    "prices.margin": ("prices:", "{id: R, level: customer, margin: {percent: 1, @}}"),
    "prices.mrp": ("prices:", "{id: R, level: default, mrp: {percent: 1, @}}"),
    "floors": ("floors:", "{id: R, percent: 80, @}"),
    "floors.cost": ("floors:", "{id: R, cost: {percent: 103, @}}"),
    "schemes.slabs": ("schemes:", f"{{id: R, {SLABS}, @}}"),
    "schemes.free": ("schemes:", "{id: R, free: {every: 1, give: 1, item: same}, @}"),
    "schemes.combo": (
        "schemes:",
        "{id: R, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], percent: 1, @}",
    ),
    "when": ("schemes:", f"{{id: R, {SLABS}, when: {{@}}}}"),
    "when.not": ("schemes:", f"{{id: R, {SLABS}, when: {{not: {{@}}}}}}"),
    "when of a combo": (
        "schemes:",
        "{id: R, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], percent: 1, when: {@}}",
    ),
    "when of credit": ("credit:", "{id: R, then: stop, when: {@}}"),
    "when of approvals": ("approvals:", "{id: R, levels: [{role: a}], when: {@}}"),
    "when of a price": ("prices:", "{id: R, level: customer, rates: {A: 1}, when: {@}}"),
    "valid": ("schemes:", f"{{id: R, {SLABS}, valid: {{@}}}}"),
    "lint": ("schemes:", f"{{id: R, {SLABS}, lint: {{allow: expired, reason: why, @}}}}"),
    "count": ("schemes:", f"{{id: R, {SLABS}, count: {{@}}}}"),
    "count of a period": (
        "schemes:",
        f"{{id: R, {SLABS}, count: {{over: period, @}}}}",
    ),
    "target": ("schemes:", f"{{id: R, {SLABS}, on: {{qty: 1, @}}}}"),
    "text of a scheme": ("schemes:", f"{{id: R, {SLABS}, text: {{en: a, @}}}}"),
    "text of a price": ("prices:", "{id: R, level: default, rates: {A: 1}, text: {en: a, @}}"),
    "slab": ("schemes:", "{id: R, slabs: [{from: 1, percent: 1, @}]}"),
    "free": ("schemes:", "{id: R, free: {every: 1, give: 1, item: same, @}}"),
    "tier of free goods": (
        "schemes:",
        "{id: R, free: {tiers: [{from: 1, every: 1, give: 1, @}], item: same}}",
    ),
    "choice of free goods": (
        "schemes:",
        "{id: R, free: {every: 1, give: 1, item: {choice: [A, B], @}}}",
    ),
    "combo": (
        "schemes:",
        "{id: R, combo: [{sku: A, qty: 1, @}, {sku: B, qty: 1}], percent: 1}",
    ),
    "limit": ("schemes:", f"{{id: R, {SLABS}, limit: {{@}}}}"),
    "limit of a customer": ("schemes:", f"{{id: R, {SLABS}, limit: {{per_customer: {{@}}}}}}"),
    "limit of all": ("schemes:", f"{{id: R, {SLABS}, limit: {{total: {{@}}}}}}"),
    "most": ("schemes:", f"{{id: R, {SLABS}, max_discount: {{@}}}}"),
    "budget": ("schemes:", f"{{id: R, {SLABS}, budget: {{amount: 1.00, @}}}}"),
    "groups": ("groups:", "{name: R, @}"),
    "taxes": ("taxes:", "{id: R, heads: {VAT: 1}, @}"),
    "head of a tax": ("taxes:", "{id: R, heads: {VAT: {amount: 1, @}}}"),
    "limits": ("limits:", "{id: R, limit: 1.00, @}"),
    "gates": ("gates:", "{id: R, order: true, @}"),
    "credit": ("credit:", "{id: R, then: stop, @}"),
    "ceiling": ("credit:", "{id: R, then: stop, limit: {total: 1.00, @}}"),
    "overdue": ("credit:", "{id: R, then: stop, overdue: {limit: 1.00, @}}"),
    "approvals": ("approvals:", "{id: R, levels: [{role: a}], @}"),
    "level": ("approvals:", "{id: R, levels: [{role: a, @}]}"),
    "escalation": (
        "approvals:",
        "{id: R, levels: [{role: a, escalate: [{after: 1h, notify: b, @}]}]}",
    ),
    "counter": ("approvals:", "{id: R, levels: [{role: a}], counter: {quantities: lower, @}}"),
    "allocation": ("allocation:", "{id: R, pick: fefo, @}"),
    "case product": ("tests:", f"{{{CASE}, products: {{A: {{@}}}}}}"),
    "case": ("tests:", f"{{{CASE}, @}}"),
    "case customer": ("tests:", f"{{{CASE}, customer: {{@}}}}"),
    "case line": (
        "tests:",
        "{name: c, on: 2026-04-01, expect: {net: 1.00}, lines: [{sku: A, qty: 1, @}]}",
    ),
    "case credit": ("tests:", f"{{{CASE}, credit: {{@}}}}"),
    "case quote": ("tests:", f"{{{CASE}, quoted: {{payable: 1.00, hours: 1, @}}}}"),
    "case batch": ("tests:", f"{{{CASE}, batches: [{{id: B, sku: A, available: 1, @}}]}}"),
    "expect": (
        "tests:",
        "{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {net: 1.00, @}}",
    ),
    "expected line": (
        "tests:",
        "{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {lines: {1: {@}}}}",
    ),
}
# Words that make a mapping of another kind: they are kept out of each other's places.
APART = {"slabs", "free", "combo"}
# What the reader asks a mapping with.
ASKING = {name for name in vars(Fields) if not name.startswith("_")} - {"fault"}


@cache
def _words() -> dict[str, str]:
    """Give every plain word of the reader's code, with where it stands; keys are among them."""
    found = {}
    for path in sorted((RULES / "language").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z_.]{2,30}", str(node.value)):
                found[str(node.value)] = f"{path.relative_to(RULES.parent)}:{node.lineno}"
    return found


@cache
def _asked() -> dict[str, str]:
    """Give the words that the reader asks a mapping for, with where it does."""
    asked: dict[str, str] = {}
    for path in sorted((RULES / "language").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ASKING:
                words = node.args if node.func.attr == "exactly_one" else node.args[:1]
                asked |= {
                    word.value: f"{path.relative_to(RULES.parent)}:{node.lineno}"
                    for word in words
                    if isinstance(word, ast.Constant) and isinstance(word.value, str)
                }
    return asked


def _texts(place: str) -> Iterator[tuple[str, str]]:
    """Give rule text for each word that may be asked for in a place."""
    before, after = PLACES[place]
    for word in _words():
        if word not in APART and f"{word}:" not in before + after:
            yield word, f"{word}: zzz"


def _document(place: str, keys: list[str]) -> tuple[str, int]:
    """Write one document with a member for each key, and tell the line of the first."""
    before, after = PLACES[place]
    if "@" not in after:
        # No list: all keys stand in one mapping, a line each.
        joint = ",\n" if before else "\n"
        return f"{before}\n{joint.join(keys)}{after}\n", before.count("\n") + 2
    members = [f"  - {after.replace('@', key)}" for key in keys]
    return HEAD + PRODUCTS + before + "\n" + "\n".join(members) + "\n", 4


@cache
def _faults(place: str) -> dict[str, list[str]]:
    """Give what the reader says of each word in a place, with no more than that word's faults."""
    texts = dict(_texts(place))
    document, first = _document(place, list(texts.values()))
    found: dict[str, list[str]] = {word: [] for word in texts}
    names = list(texts)
    for fault in faults_of(document):
        at = int(fault.split(":")[1]) - first
        if 0 <= at < len(names):
            found[names[at]].append(fault.split(": ", 1)[1])
    return found


@cache
def _refused(place: str) -> frozenset[str]:
    """Give the words that the schema has no place for."""
    texts = dict(_texts(place))
    document, _ = _document(place, list(texts.values()))
    validator = jsonschema.Draft7Validator(rule_file_schema())
    refused = set()
    for error in validator.iter_errors(_parsed(document)):
        if error.validator == "additionalProperties":
            refused |= _named(error, texts)
        elif "propertyNames" in error.absolute_schema_path:
            refused.add(error.instance)
    return frozenset(refused)


def _named(error: jsonschema.ValidationError, texts: dict[str, str]) -> set[str]:
    """Give the words that an error says it did not expect."""
    return set(re.findall(r"'([a-z_.]+)'", error.message)) & texts.keys()


def _parsed(text: str) -> Any:
    """Read YAML as editors do: by its core schema, dates are text."""
    return _plain(yaml.compose(text, Loader=yaml.CBaseLoader))


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(member) for member in node.value]
    if not node.style and re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?|true|false", node.value):
        return json.loads(re.sub(r"^\+|^(-?)0+(?=\d)", r"\1", node.value))
    return node.value


@pytest.mark.parametrize("place", PLACES)
def test_the_schema_knows_the_keys_that_the_reader_knows(place: str) -> None:
    read = {
        word
        for word, faults in _faults(place).items()
        if not any(fault.startswith(f"unknown key '{word}'") for fault in faults)
    }
    known = read | _refused(place)

    missing = {word: _words()[word] for word in read & _refused(place)}
    assert not missing, f"in '{place}' the reader takes these: add them to the schema"
    extra = sorted(set(_faults(place)) - known)
    assert not extra, f"in '{place}' the reader does not take these: out of the schema"


@pytest.mark.parametrize("place", PLACES)
def test_the_schema_offers_the_choices_that_the_reader_offers(place: str) -> None:
    offered = {
        word: match[1]
        for word, faults in _faults(place).items()
        for fault in faults
        if (match := re.match(r"'zzz' is not one of ([a-z_, 0-9]+)", fault))
    }
    validator = jsonschema.Draft7Validator(rule_file_schema())

    for word, options in offered.items():
        for option in options.split(", "):
            document, _ = _document(place, [f"{word}: {option}"])
            wrong = [
                error.message
                for error in _leaves(validator.iter_errors(_parsed(document)))
                if error.absolute_path and error.absolute_path[-1] == word
            ]
            assert not wrong, f"'{word}: {option}' in '{place}': add it to the schema"
        document, _ = _document(place, [f"{word}: zzz"])
        refused = _leaves(validator.iter_errors(_parsed(document)))
        assert any("zzz" in error.message for error in refused), f"'{word}' in '{place}'"


def _leaves(errors: Any) -> Iterator[jsonschema.ValidationError]:
    for error in errors:
        # Of what may be one or a list of them, the tests give one.
        yield from error.context[:1] or [error]


def test_every_key_that_the_reader_asks_for_is_in_a_place_of_this_test() -> None:
    placed = {
        word
        for place in PLACES
        for word, faults in _faults(place).items()
        if not any(fault.startswith("unknown key") for fault in faults)
    }
    in_places = " ".join(text for place in PLACES.values() for text in place)

    nowhere = {
        word: where
        for word, where in _asked().items()
        if word not in placed and f"{word}:" not in in_places
    }
    assert not nowhere, (
        "tell PLACES of the mapping they stand in, and the schema of rule files of them"
    )


def _declared(key: Key) -> Iterator[str]:
    """Name a key and all that may stand below it."""
    yield key.name
    if isinstance(key, Named):
        yield from _declared(key.value)
    inner = getattr(key, "keys", None)
    every = EVERY if inner is Scheme else [inner] if inner else []
    for keys in every:
        for one in keys.declared.values():
            yield from _declared(one)


def test_the_reader_asks_for_no_key_that_is_not_declared() -> None:
    declared = {name for key in (*SECTIONS.values(), *SHARED.values()) for name in _declared(key)}

    assert not {word: where for word, where in _asked().items() if word not in declared}


def test_the_published_schema_is_that_of_the_reader() -> None:
    assert json.loads(SCHEMA.read_text()) == rule_file_schema(), (
        "write it anew: python -m rules schema rules-file > rules/schemas/rules-file.schema.json"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(RULES)))
def test_shipped_files_name_the_schema_and_fit_it(path: Path) -> None:
    text = path.read_text()
    line = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert line
    assert (path.parent / line[1]).resolve() == SCHEMA

    found = jsonschema.Draft7Validator(rule_file_schema()).iter_errors(_parsed(text))

    assert [error.message for error in found] == []


def test_the_pack_of_the_language_reference_fits_the_schema() -> None:
    text = (RULES / "LANGUAGE.md").read_text().split("```yaml")[1].split("```")[0]

    found = jsonschema.Draft7Validator(rule_file_schema()).iter_errors(_parsed(text))

    assert [error.message for error in found] == []


def test_the_schema_is_one() -> None:
    its_own_schema = jsonschema.Draft7Validator(jsonschema.Draft7Validator.META_SCHEMA)

    found = its_own_schema.iter_errors(rule_file_schema())

    assert [error.message for error in found] == []


@pytest.mark.parametrize(
    "text",
    [
        "taxs: []",
        "pack: {name: x}",
        "schemes: [{id: S}]",
        "schemes: [{slabs: [{from: 1, percent: 1}]}]",
        "schemes: [{id: S, slabs: []}]",
        "schemes: [{id: S, slabs: [{from: 1}]}]",
        "schemes: [{id: S, slabs: [{from: 1, percent: 1, amount: 1.00}]}]",
        "schemes: [{id: S, slabs: [{from: 1, percent: 101}]}]",
        "schemes: [{id: S, slabs: [{from: few, percent: 1}]}]",
        "schemes: [{id: S, free: {every: 10, give: 1.5, item: same}}]",
        "schemes: [{id: S, combo: [{sku: A, qty: 1}], price: 1.00}]",
        "schemes: [{id: S, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], price: 1, count: {}}]",
        "schemes: [{id: 'a b', slabs: [{from: 1, percent: 1}]}]",
        "schemes: [{id: S, slabs: [{from: 1, percent: 1}], valid: {from: 1 May}}]",
        "schemes: [{id: S, slabs: [{from: 1, percent: 1}], when: {payment: barter}}]",
        "schemes: [{id: S, slabs: [{from: 1, percent: 1}], when: {brand: []}}]",
        "schemes: [{id: S, slabs: [{from: 1, percent: 1}], lint: {allow: expired}}]",
        "schemes: {id: S}",
        "prices: [{id: P, rates: {A: 1}}]",
        "prices: [{id: P, level: default}]",
        "credit: [{id: C, then: forgive}]",
        "approvals: [{id: A, levels: [{role: r, any_of: [s]}]}]",
        "approvals: [{id: A, levels: [{role: r, within: soon}]}]",
        "allocation: [{id: A, pick: lucky}]",
        "tests: [{name: c, on: 2026-04-01, lines: [], expect: {net: 1.00}}]",
        "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {}}]",
    ],
)
def test_what_the_reader_refuses_editors_mark(text: str) -> None:
    head = "" if text.startswith("pack") else HEAD

    assert faults_of(f"{head}{PRODUCTS}{text}\n")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_parsed(text), rule_file_schema(), jsonschema.Draft7Validator)
