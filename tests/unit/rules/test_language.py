"""Rule files: what they say is packed exactly, and every fault is told with its place."""

import json
import tempfile
from pathlib import Path

import pytest

from rules.language import PackError, read_pack
from rules.language.vocabulary import LEVELS
from tests.unit.rules.making import HEAD, faults_of, read_text

BASE_CSV = "prices: [{id: BASE, level: default, csv: base.csv}]\n"


def test_words_that_other_readers_guess_at_stay_words() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {NO: 017, 017: 1.5000, 1:30: 2, on: 0.0001}}
schemes:
  - {id: SCH, when: {customer.type: [NO, 017, ~, 1e3]}, slabs: [{from: 1, percent: 0.0001}]}
"""

    packed = json.loads(read_text(HEAD + rules))

    assert packed["prices"][0]["rates"] == {"NO": 170_000, "017": 15_000, "1:30": 20_000, "on": 1}
    assert packed["schemes"][0]["when"]["customer.type"] == ["017", "1e3", "NO", "~"]
    assert packed["schemes"][0]["slabs"] == [{"from": 1, "percent": 1}]


def test_a_pack_is_the_same_bytes_wherever_its_rules_stand() -> None:
    one = "schemes: [{id: A, slabs: [{from: 1, percent: 1}]}]\n"
    two = "taxes: [{id: T, heads: {VAT: 20}}]\n"

    packed = json.loads(read_text(HEAD + one + two))
    split = json.loads(read_text(HEAD + one, more_yaml=two))

    assert packed.pop("sources") != split.pop("sources")
    assert packed == split


def test_a_pack_is_canonical_json_without_floats() -> None:
    packed = read_text(HEAD)

    again = json.dumps(json.loads(packed), sort_keys=True, separators=(",", ":")).encode()
    assert packed == again


def test_every_source_is_named_with_its_hash() -> None:
    packed = json.loads(read_text(HEAD + BASE_CSV, base_csv="sku,price\nA,1\n"))

    assert sorted(packed["sources"]) == ["base.csv", "pack.yaml"]
    assert all(len(digest) == 64 for digest in packed["sources"].values())


def test_all_faults_of_all_files_are_told_at_once_in_their_order() -> None:
    text = HEAD + "schemes:\n  - {id: A, wen: {geo: IN}, slabs: [{from: 0, percent: 101}]}\n"
    more = "prices:\n  - {id: B, level: defalt, rates: {X: 1e5}}\n"

    assert faults_of(text, more_yaml=more) == (
        f"more.yaml:2:20: 'defalt' is not one of {', '.join(LEVELS)}; did you mean 'default'?",
        "more.yaml:2:39: '1e5' is not a number such as 12 or 12.50",
        "pack.yaml:3:13: unknown key 'wen'; did you mean 'when'?",
        "pack.yaml:3:44: 0 is below 1",
        "pack.yaml:3:56: 101 is above 100",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: &x 1\nb: *x\n", "2:4: '*x' is an alias"),
        ("a: &x 1\n", "1:4: '&x' is an anchor"),
        ("a: !!int 1\n", "1:4: tag 'tag:yaml.org,2002:int' is not allowed"),
        ("a: 1\na: 2\n", "2:1: 'a' is already given on line 1"),
        ("a: {b: 1, b: 2}\n", "1:11: 'b' is already given on line 1"),
        ("a: [1\n", "not YAML"),
        ("- 1\n", "1:1: a rule file is a mapping of sections"),
        ("? [a]\n: 1\n", "1:3: a key is a plain word"),
        ("a: 1\n---\nb: 1\n", "2:1: only one document a file"),
        ("a: " + "[" * 13 + "]" * 13, "nested deeper than 12"),
        ("pack: 5\n", "1:7: 'pack' is a mapping"),
        ("schemes: {a: 1}\n", "1:10: 'schemes' is a list"),
        ("schemes: [1]\n", "1:11: 'schemes' is a list of mappings"),
        ("shemes: []\n", "1:1: unknown key 'shemes'; did you mean 'schemes'?"),
        ("", "1:1: no file has the section 'pack'"),
    ],
)
def test_yaml_that_hides_or_repeats_something_is_refused(text: str, fault: str) -> None:
    assert any(fault in told for told in faults_of(text))


HEAD_FIELDS = "name: x, version: 1, currency: INR, timezone: UTC"


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("version: 1, currency: INR, timezone: UTC", "1:7: 'name' is missing"),
        ("name: x, currency: INR, timezone: UTC", "1:7: 'version' is missing"),
        ("name: x, version: 0, currency: INR, timezone: UTC", "1:26: 0 is below 1"),
        ("name: x, version: 1.5, currency: INR, timezone: UTC", "'1.5' is no whole number"),
        ("name: x, version: 1, currency: inr, timezone: UTC", "'currency' is three capital"),
        ("name: x, version: 1, currency: INR, timezone: Mars", "'Mars' is not a time zone"),
        (f"{HEAD_FIELDS}, scale: 5", "5 is above 4"),
        (f"{HEAD_FIELDS}, tax: inklusive", "did you mean 'inclusive'?"),
        (f"{HEAD_FIELDS}, round_to: 0", "0 is below 0.01"),
        (f"{HEAD_FIELDS}, roundto: 1", "unknown key 'roundto'; did you mean 'round_to'?"),
    ],
)
def test_the_head_of_a_pack_is_checked(head: str, fault: str) -> None:
    faults = faults_of(f"pack: {{{head}}}\n")

    assert len(faults) == 1
    assert fault in faults[0]


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ("schemes: [{id: A, slabs: []}]", "there is no slab"),
        ("schemes: [{id: A}]", "gives nothing: needs one of 'percent', 'slabs'"),
        ("schemes: [{slabs: [{from: 1, percent: 1}]}]", "'id' is missing"),
        ("schemes: [{id: 'a b', slabs: [{from: 1, percent: 1}]}]", "id 'a b' is not letters"),
        (
            "schemes: [{id: A, slabs: [{from: 1}]}]",
            "needs exactly one of 'percent', 'amount'",
        ),
        (
            "schemes: [{id: A, slabs: [{from: 1, percent: 1, amount: 1}]}]",
            "needs exactly one of 'percent', 'amount'",
        ),
        (
            "schemes: [{id: A, slabs: [{from: 5, percent: 1}, {from: 5, percent: 2}]}]",
            "slabs rise",
        ),
        (
            "schemes: [{id: A, when: {geo: IN//KA}, slabs: [{from: 1, percent: 1}]}]",
            "'IN//KA' is not a path",
        ),
        (
            "schemes: [{id: A, when: {geo: []}, slabs: [{from: 1, percent: 1}]}]",
            "'geo' is empty: the rule would never match",
        ),
        (
            "schemes: [{id: A, when: {payment: card}, slabs: [{from: 1, percent: 1}]}]",
            "'card' is not one of credit, cash, advance",
        ),
        (
            "schemes: [{id: A, when: {brnd: X}, slabs: [{from: 1, percent: 1}]}]",
            "unknown key 'brnd'; did you mean 'brand'?",
        ),
        (
            "schemes: [{id: A, valid: {from: 2026-02-30}, slabs: [{from: 1, percent: 1}]}]",
            "'from' is a date such as 2026-01-31",
        ),
        (
            (
                "schemes: [{id: A, valid: {from: 2026-02-02, to: 2026-02-01}, "
                "slabs: [{from: 1, percent: 1}]}]"
            ),
            "ends on 2026-02-01, before it starts on 2026-02-02",
        ),
        (
            "schemes: [{id: A, if: customer.limit > 5, slabs: [{from: 1, percent: 1}]}]",
            "unknown fact 'customer.limit'",
        ),
        ("schemes: [{id: A, if: [1], slabs: [{from: 1, percent: 1}]}]", "'if' is an expression"),
        (
            "schemes: [{id: A, count: {over: basket}, free: {every: 1, give: 1, item: same}}]",
            "name the free product",
        ),
        ("schemes: [{id: A, free: {every: 0, give: 1, item: same}}]", "0 is below 1"),
        (
            "schemes: [{id: A, count: {of: gross, in: CASE}, slabs: [{from: 1, percent: 1}]}]",
            "'in' goes with a quantity",
        ),
        ("prices: [{id: A, level: default}]", "needs exactly one of 'csv', 'rates', 'adjust'"),
        ("prices: [{id: A, level: customer, rates: {X: 1}}]", "needs a condition on 'customer'"),
        (
            "prices: [{id: A, level: default, when: {geo: IN}, rates: {X: 1}}]",
            "level 'default' holds for every customer",
        ),
        (
            "prices: [{id: A, level: default, adjust: {percent: 5}}]",
            "nothing lies below level 'default'",
        ),
        ("prices: [{id: A, level: default, rates: {X: 0}}]", "0 is below 0.0001"),
        ("prices: [{id: A, level: default, rates: {X: 0.00001}}]", "more than 4 decimals"),
        ("prices: [{id: A, level: default, csv: ../pack.yaml}]", "there is no file"),
        ("prices: [{id: A, level: default, csv: none.csv}]", "there is no file 'none.csv'"),
        ("taxes: [{id: A}]", "'heads' is missing"),
        ("taxes: [{id: A, heads: {}}]", "there is no head"),
        ("taxes: [{id: A, heads: {V: 1}}, {id: B, heads: {V: 2}}]", "can both hold"),
        ("credit: [{id: A, then: stop, route: R}]", "'route' names the approval"),
        ("credit: [{id: A, then: approve}]", "'route' is missing"),
        ("credit: [{id: A, then: approve, route: R}]", "names the unknown approval 'R'"),
        ("credit: [{id: A, when: {sku: X}, then: stop}]", "unknown key 'sku'"),
        ("schemes: [{id: A, not: {sku: X}}]", "unknown key 'not': write it under 'when'"),
        ("schemes: [{id: A, sku: X}]", "unknown key 'sku': write it under 'when'"),
        ("approvals: [{id: A, on: nothing, levels: [{role: x}]}]", "'nothing' is not one of"),
        ("approvals: [{id: A, levels: [{role: x, up_to: 5}]}]", "the last level takes no 'up_to'"),
        ("approvals: [{id: A}]", "'levels' is missing"),
        ("allocation: [{id: A}]", "'pick' is missing"),
        ("allocation: [{id: A, pick: fefo, split: no}]", "'no' is not one of true, false"),
        ("allocation: [{id: A, pick: fefo}, {id: B, pick: fifo}]", "can both hold"),
        ("tests: [{name: x, on: 2026-01-01, expect: {net: 1}}]", "'lines' is missing"),
        (
            "tests: [{name: x, on: 2026-01-01, lines: [{sku: Q, qty: 1}], expect: {net: 1}}]",
            "no case product 'Q'",
        ),
        (
            (
                "case_products: {Q: {}}\n"
                "tests: [{name: x, on: 2026-01-01, lines: [{sku: Q, qty: 1}], expect: {}}]"
            ),
            "nothing is expected",
        ),
    ],
)
def test_a_rule_that_could_not_work_is_refused(rules: str, fault: str) -> None:
    faults = faults_of(HEAD + rules + "\n")

    assert any(fault in told for told in faults), faults
    assert all(told.startswith("pack.yaml:") for told in faults)


def test_an_id_is_used_once_in_the_whole_pack() -> None:
    rules = (
        "schemes: [{id: A, slabs: [{from: 1, percent: 1}]}]\ntaxes: [{id: A, heads: {VAT: 1}}]\n"
    )

    assert faults_of(HEAD + rules) == ("pack.yaml:3:14: id 'A' is already used at pack.yaml:2:11",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "base.csv:1:1: the first row is 'sku,price'"),
        ("sku;price\n", "base.csv:1:1: the first row is 'sku,price', not 'sku;price'"),
        ("sku,price\nA,1\nA,2\n", "base.csv:3:1: 'A' has a price already"),
        ("sku,price\nA\n", "base.csv:2:1: a row is a SKU and a price"),
        ("sku,price\nA,1.23456\n", "base.csv:2:3: '1.23456' has more than 4 decimals"),
        ("sku,price\nABC,x\n", "base.csv:2:5: 'x' is not a number such as 12 or 12.50"),
        ("sku,price\nA,0\n", "base.csv:2:3: the price of 'A' is not above zero"),
        ("sku,price\nA,-1\n", "base.csv:2:3: the price of 'A' is not above zero"),
    ],
)
def test_a_price_list_tells_its_row_and_column(text: str, fault: str) -> None:
    assert faults_of(HEAD + BASE_CSV, base_csv=text) == (fault,)


def test_a_price_list_from_a_spreadsheet_is_read() -> None:
    packed = json.loads(read_text(HEAD + BASE_CSV, base_csv="\ufeffsku,price\r\nA, 1.50\r\n\r\n"))

    assert packed["prices"][0]["rates"] == {"A": 15_000}


def test_a_folder_that_is_not_there_is_a_fault() -> None:
    with tempfile.TemporaryDirectory() as name, pytest.raises(PackError, match="not a folder"):
        read_pack(Path(name) / "none")


def test_text_that_is_not_utf_8_is_a_fault() -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "pack.yaml").write_bytes(b"a: 1\nb: \xff\n")
        with pytest.raises(PackError, match=r"pack.yaml:2:1: not UTF-8: save"):
            read_pack(Path(name))


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("order.linse > 1", "2:23"),
        ("'order.linse > 1'", "2:24"),
        ("order.lines > 1 and order.linse > 1", "2:43"),
    ],
)
def test_a_fault_in_an_expression_stands_at_its_word(expression: str, place: str) -> None:
    rules = f"schemes: [{{id: A, if: {expression}, slabs: [{{from: 1, percent: 1}}]}}]\n"

    faults = faults_of(HEAD + rules)

    assert faults == (
        f"pack.yaml:{place}: unknown fact 'order.linse'; did you mean 'order.lines'?",
    )


def test_a_fault_in_an_expression_of_several_lines_stands_at_its_start() -> None:
    rules = (
        "schemes:\n- id: A\n  slabs: [{from: 1, percent: 1}]\n"
        "  if: order.lines > 1\n    and order.linse > 1\n"
    )

    faults = faults_of(HEAD + rules)

    assert faults == ("pack.yaml:5:7: unknown fact 'order.linse'; did you mean 'order.lines'?",)
