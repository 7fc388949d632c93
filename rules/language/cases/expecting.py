"""What a case expects: outcome, amounts, counts, names and single lines."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import rules.values.engine_codes  # noqa: F401 (registers the codes that a case may name)
from rules.language.cases.quotes import read_quote_expect
from rules.language.cases.returns import has_return_side, read_counts, read_return_expect
from rules.language.conditions import Packed, Reading
from rules.language.keys.cases import LINE_AMOUNTS, Case, Expected, ExpectedLine
from rules.language.text.faults import Place, suggestion
from rules.language.text.fields import Fields, read_number
from rules.language.text.keys import MOST
from rules.language.text.nodes import Scalar, Table
from rules.values.reasons import REGISTRY

_COUNTS: Final = (Expected.free, Expected.sold, Expected.picked)
_RULE_NAMES: Final = (Expected.applied, Expected.not_applied, Expected.approvals)
_CODES: Final = (Expected.reasons, Expected.told)


def read_expect(fields: Fields, reading: Reading, case: Packed) -> Packed:
    """Read what must come out of a case; something has to be expected."""
    table = fields.table(Case.expect)
    if table is None:
        fields.fault("'expect' is missing")
        return {}
    expect: Packed = {}
    table.take(Expected, expect, scale=reading.scale)
    for key in _COUNTS:
        if table.has(key):
            expect[key.name] = read_counts(table, key)
    for names in (*_RULE_NAMES, *_CODES):
        if table.has(names):
            expect[names.name] = table.words_or_none(names)
    if table.has(Expected.lines):
        expect["lines"] = _read_lines(table, reading, most=len(case["lines"]))
    expect.update(read_return_expect(table, reading, returns=has_return_side(case)))
    expect.update(read_quote_expect(table, quoted="quoted" in case))
    _check_codes(table, expect)
    table.close()
    if not expect:
        table.fault("nothing is expected: the case could not fail")
    return expect


def _check_codes(table: Fields, expect: Packed) -> None:
    for key in (*_CODES, Expected.return_reasons):
        for code in expect.get(key.name, ()):
            if code not in REGISTRY:
                table.fault(f"'{code}' is no reason code{suggestion(code, REGISTRY)}", key)


def _read_lines(table: Fields, reading: Reading, *, most: int) -> Packed:
    """Read what is expected of single lines, by their place in `lines` from 1."""
    lines: Packed = {}
    numbers = table.table(Expected.lines)
    for key, node in numbers.items() if numbers else ():
        if not (key.text.isdigit() and 1 <= int(key.text) <= most):
            table.faults.add(key.place, f"there is no line {key.text}: they go from 1 to {most}")
        elif not isinstance(node, Table):
            table.faults.add(node.place, f"what is expected of line {key.text} is a mapping")
        else:
            lines[key.text] = _read_line(Fields(node, table.faults), reading)
    return lines


def _read_line(line: Fields, reading: Reading) -> Packed:
    expect: Packed = {}
    line.take(ExpectedLine, expect, scale=reading.scale)
    heads = line.table(ExpectedLine.heads)
    if heads is not None:
        expect["heads"] = {
            key.text: read_number(node, reading.scale, heads.faults, least=-MOST, most=MOST)
            for key, node in heads.items()
            if isinstance(node, Scalar)
        }
    line.close()
    if not expect:
        line.fault(f"nothing is expected: {', '.join(LINE_AMOUNTS)}, unit_price or heads")
    return expect


def refuse_strangers(
    cases: Iterable[Packed],
    places: Iterable[Place],
    schemes: Iterable[Packed],
    *,
    reading: Reading,
) -> None:
    """Report what cases expect of rules, products and batches that there are not, and twins.

    A misspelt name in `not_applied` would pass for ever.
    """
    given = {sku for one in schemes for sku in (one.get("item"), *one.get("choice", ())) if sku}
    names: dict[str, Place] = {}
    for case, place in zip(cases, places, strict=True):
        first = names.setdefault(case["name"], place)
        if first is not place and case["name"]:
            reading.faults.add(place, f"case '{case['name']}' is already at {first}")
        _refuse(case, reading, place=place, given=given)


def _refuse(case: Packed, reading: Reading, *, place: Place, given: set[str]) -> None:
    expect = case["expect"]
    lines = {line["sku"] for line in case["lines"]}
    goods = lines | given | case["products"].keys() | reading.products.keys()
    batches = {one["id"] for one in case.get("batches", ())}
    known: Mapping[str, tuple[Mapping[str, Any] | set[str], str]] = {
        **{key.name: (reading.places, "rule") for key in _RULE_NAMES},
        "free": (goods, "product of the cases or of a scheme"),
        "take_back": (goods, "product of the cases or of a scheme"),
        "sold": (lines, "product of this case's lines"),
        "picked": (batches, "batch of this case"),
    }
    for key, (there, what) in known.items():
        for name in expect.get(key, ()):
            if name not in there:
                text = f"'{key}' names '{name}', which is no {what}{suggestion(name, there)}"
                reading.faults.add(place, text)
