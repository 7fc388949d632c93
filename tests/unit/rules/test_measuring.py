"""`rules bench`: what a pack takes, on its own cases or on given orders."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from rules.__main__ import main
from rules.tools.replay.measuring import measure, told
from rules.tools.replay.questions import read_orders
from tests.unit.rules.making import BASE, HEAD, read_text

RULES = Path(__file__).parents[3] / "rules"
PACK = str(RULES / "examples" / "pack")
ORDERS = RULES / "examples" / "orders.jsonl"
CASES = """\
case_products: {A: {}}
tests:
  - {name: one, on: 2026-01-01, lines: [{sku: A, qty: 1}], expect: {net: 10.00}}
  - {name: two, on: 2026-01-01, lines: [{sku: A, qty: 2}, {sku: A, qty: 1}], expect: {net: 30.00}}
"""


def slower_each_time() -> Iterator[int]:
    """Count nanoseconds so that each call of what is timed takes a microsecond more."""
    now = 0
    for call in count(1):
        yield now
        now += call * 1000
        yield now


def test_every_case_is_an_order() -> None:
    measured = measure(
        read_text(HEAD + BASE + CASES), None, read_us=7, clock=slower_each_time().__next__
    )

    assert (measured.orders, measured.lines, measured.read_us) == (2, 3, 7)
    assert {one.order: one.lines for one in measured.slowest} == {"one": 1, "two": 2}


def test_an_order_counts_with_its_best_round_and_the_slowest_is_told_first() -> None:
    measured = measure(
        read_text(HEAD + BASE + CASES), None, read_us=None, clock=slower_each_time().__next__
    )

    # Loading is the first call; then fifty rounds each of deciding and of explaining an order.
    assert measured.load_us == 1
    assert [(one.order, one.decide_us, one.explain_us) for one in measured.slowest] == [
        ("two", 102, 152),
        ("one", 2, 52),
    ]
    assert (measured.decide_us, measured.explain_us) == (52, 102)


def test_given_orders_stand_in_for_the_cases() -> None:
    orders = read_orders(ORDERS.read_text())

    measured = measure(
        read_text(HEAD + BASE + CASES), orders, read_us=None, clock=slower_each_time().__next__
    )

    assert measured.orders == len(orders)
    assert {one.order for one in measured.slowest} <= {asked.order.id for asked in orders}


def test_the_time_is_shared_out_among_the_modules_of_the_rules() -> None:
    measured = measure(
        read_text(HEAD + BASE + CASES), None, read_us=None, clock=slower_each_time().__next__
    )

    shares = {share.module: share.percent for share in measured.modules}
    assert any(module.startswith("stages/") for module in shares)
    assert 0 < sum(shares.values()) <= 100
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_a_pack_without_cases_says_what_to_do() -> None:
    measured = measure(read_text(HEAD), None, read_us=None, clock=slower_each_time().__next__)

    assert list(told(measured))[-1].endswith("the pack has no cases; give some with --orders.")


def test_bench_measures_a_folder_on_orders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", PACK, "--orders", str(ORDERS)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "example 1: 4 orders, 5 lines"
    assert [line.split(maxsplit=2)[1:] for line in lines[1:4]] == [
        ["ms", "to read the files, with what reads them"],
        ["ms", "to load the pack"],
        ["MiB", "of memory"],
    ]


def test_bench_gives_every_figure_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "pack.json"
    main(["pack", PACK, "-o", str(packed)])
    capsys.readouterr()

    assert main(["bench", str(packed), "--json"]) == 0

    measured = json.loads(capsys.readouterr().out)
    assert measured["read_us"] is None
    assert measured["packed_bytes"] == packed.stat().st_size
    assert measured["memory_bytes"] > measured["packed_bytes"]
    assert measured["decide_us"] <= measured["explain_us"]


def test_bench_tells_the_faults_of_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = tmp_path / "orders.jsonl"
    orders.write_text("{}\n")

    assert main(["bench", PACK, "--orders", str(orders)]) == 2

    assert "orders.jsonl:1: $: 'order' is missing" in capsys.readouterr().err
