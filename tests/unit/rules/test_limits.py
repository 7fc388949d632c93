"""Every limit of the language at its edge: what is just allowed is taken, one more is refused."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rules.language import PackReader
from rules.language.text.files import MAX_FILE_BYTES
from tests.unit.rules.making import HEAD, faults_of, outcome


def _if(text: str) -> str:
    return f'schemes: [{{id: A, stage: order, if: "{text}", slabs: [{{from: 1, percent: 1}}]}}]\n'


def _padded(count: int) -> str:
    return _if("order.net > 1".ljust(count))


def _tokens(count: int) -> str:
    """Write `order.net>1`, three words and signs, again and again: four more each time."""
    again, rest = divmod(count - 3, 4)
    return _if("not " * rest + " and ".join(["order.net>1"] * (again + 1)))


def _nested(count: int) -> str:
    return _if("(" * count + "order.net > 1" + ")" * count)


def _listed(count: int) -> str:
    return _if(f"order.lines in [{','.join('1' * count)}]")


def _whole(digits: int) -> str:
    return _if(f"order.lines > {'9' * digits}")


def _with_point(digits: int) -> str:
    return _if(f"order.net > {'9' * (digits - 2)}.99")


def _amount(digits: int) -> str:
    budget = f"budget: {{amount: {'9' * (digits - 2)}.99}}"
    return f"schemes: [{{id: A, {budget}, slabs: [{{from: 1, percent: 1}}]}}]\n"


def _id(letters: int) -> str:
    return f"schemes: [{{id: {'A' * letters}, slabs: [{{from: 1, percent: 1}}]}}]\n"


def _priority(priority: int) -> str:
    return f"schemes: [{{id: A, priority: {priority}, slabs: [{{from: 1, percent: 1}}]}}]\n"


def _every(pieces: int) -> str:
    return f"schemes: [{{id: A, free: {{every: {pieces}, give: 1, item: same}}}}]\n"


def _parts(count: int) -> str:
    parts = ", ".join(f"{{sku: S{part}, qty: 1}}" for part in range(count))
    return f"schemes: [{{id: A, combo: [{parts}], amount_off: 1.00}}]\n"


def _percent(ten_thousandths: int) -> str:
    percent = f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04}"
    return f"schemes: [{{id: A, slabs: [{{from: 1, percent: {percent}}}]}}]\n"


def _tax(percent: int) -> str:
    return f"taxes: [{{id: T, heads: {{VAT: {percent}}}}}]\n"


def _life(days: int) -> str:
    return f"allocation: [{{id: A, pick: fefo, min_life_days: {days}}}]\n"


def _bytes(count: int) -> str:
    return "#".ljust(count - len(HEAD), "x")


@pytest.mark.parametrize(
    ("rules", "most", "words"),
    [
        (_padded, 500, "expression is longer than 500 characters"),
        (_tokens, 100, "more than 100 words and signs"),
        (_nested, 16, "nested deeper than 16"),
        (_listed, 200, "more than 200 listed values: use 'when'"),
        (_whole, 18, "a number has at most 18 digits"),
        (_with_point, 18, "a number has at most 18 digits"),
        (_amount, 18, "has more than 18 digits"),
        (_id, 40, "at most 40"),
        (_priority, 1_000, "1001 is above 1000"),
        (_every, 10**9, "1000000001 is above 1000000000"),
        (_parts, 6, "a combo has two to 6 parts"),
        (_percent, 1_000_000, "100.0001 is above 100"),
        (_tax, 1_000, "1001 is above 1000"),
        (_life, 100_000, "100001 is above 100000"),
        (_bytes, MAX_FILE_BYTES, "file is larger than 5000000 bytes"),
    ],
)
def test_a_limit_holds_to_the_last_one(rules: Callable[[int], str], most: int, words: str) -> None:
    assert faults_of(HEAD + rules(most)) == ()

    faults = faults_of(HEAD + rules(most + 1))

    assert len(faults) == 1
    assert words in faults[0]
    assert faults[0].startswith("pack.yaml:")


def test_a_price_list_in_csv_has_the_limit_of_a_file() -> None:
    rules = HEAD + "prices: [{id: BASE, level: default, csv: base.csv}]\n"
    rows = "sku,price\n" + "A,1\n".ljust(MAX_FILE_BYTES - len("sku,price\n"), "\n")

    assert faults_of(rules, base_csv=rows) == ()
    assert "larger than 5000000 bytes" in faults_of(rules, base_csv=f"{rows}\n")[0]


def test_nodes_lie_twelve_deep_and_no_deeper() -> None:
    lists = "[" * 11 + "]" * 11

    # Nothing in the language is that deep: twelve levels are read, and then have no meaning.
    assert faults_of(f"{HEAD}x: {lists}\n") == ("pack.yaml:2:1: unknown key 'x'",)
    assert faults_of(f"{HEAD}x: [{lists}]\n")[0] == "pack.yaml:2:15: nested deeper than 12"


@pytest.mark.parametrize("number", ["9" * 5_000, "0." + "0" * 5_000 + "1", "1e400", "1_0", "0x10"])
def test_a_number_that_is_none_is_told_where_it_stands(number: str) -> None:
    faults = faults_of(HEAD + f"taxes: [{{id: T, heads: {{VAT: {number}}}}}]\n")

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:2:30: ")
    assert len(faults[0]) < 120


@pytest.mark.parametrize("rest", ["y" * 500, " y" * 500, "it's " * 500])
def test_what_a_fault_quotes_is_short_and_fit_for_one_line(rest: str) -> None:
    word = f'"red\\n\\a\\u202e{rest}"'

    (fault,) = faults_of(HEAD + f"taxes: [{{id: T, heads: {{VAT: {word}}}}}]\n")

    assert fault.startswith(r"pack.yaml:2:30: 'red\n\x07\u202e")
    assert fault.isprintable()
    assert len(fault) < 700
    assert fault.endswith("is not a number such as 12 or 12.50")


def test_a_file_that_cannot_be_read_is_not_said_to_lack_its_head() -> None:
    assert [fault for fault in faults_of(f"{HEAD}x: [\n") if "'pack'" in fault] == []
    assert faults_of("schemes: []\n") == ("pack.yaml:1:1: no file has the section 'pack'",)


def test_a_tax_with_one_bad_rate_is_not_said_to_have_none() -> None:
    bad = faults_of(HEAD + "taxes: [{id: T, heads: {VAT: much}}]\n")
    none = faults_of(HEAD + "taxes: [{id: T, heads: {}}]\n")

    assert bad == ("pack.yaml:2:30: 'much' is not a number such as 12 or 12.50",)
    assert none == ("pack.yaml:2:24: there is no head",)


@pytest.mark.parametrize("name", ["9" * 5_000, "../pack.yaml", ".", "a/b/c.csv"])
def test_a_file_that_cannot_be_there_is_told_like_one_that_is_not(name: str) -> None:
    faults = faults_of(HEAD + f"prices: [{{id: P, level: default, csv: {name}}}]\n")

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:2:39: there is no file '")


def test_a_price_list_that_is_a_pipe_is_told_as_one_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "base.csv")
    rules = HEAD + "prices: [{id: P, level: default, csv: base.csv}]\n"
    (tmp_path / "pack.yaml").write_text(rules)

    faults = outcome(PackReader(tmp_path))

    assert faults == ("pack.yaml:2:39: 'base.csv' is no ordinary file",)


def test_a_file_whose_name_has_a_nul_is_told_of_once() -> None:
    faults = faults_of(HEAD + 'prices: [{id: P, level: default, csv: "a\\0b"}]\n')

    assert faults == ("pack.yaml:2:39: has a NUL character, which no database keeps: take it out",)
