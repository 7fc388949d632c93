"""Loading packed bytes: what is no pack is refused, and nothing heavy is imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rules import PackLoadError, load_pack
from rules.language import read_pack
from tests.unit.rules.making import Setting, pack_of, packed_of, read_text

ROOT = Path(__file__).parents[3]


def test_a_pack_tells_what_it_is() -> None:
    packed = packed_of(name="depot", version=7)

    pack = load_pack(packed)

    assert (pack.name, pack.version, pack.currency, pack.scale) == ("depot", 7, "INR", 2)
    assert pack.timezone == "Asia/Kolkata"
    assert len(pack.hash) == 64
    assert pack.hash != load_pack(packed + b" ").hash


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", "not a rule pack"),
        (b"[]", "not a rule pack"),
        (b"{}", "not a rule pack"),
        (b"\xff", "not a rule pack"),
        (b"[" * 100_000, "not a rule pack"),
        (packed_of(format=2), "pack format 2, this engine reads 1"),
        (packed_of(engine=99), "pack needs engine 99, this is 2"),
        (packed_of(round_to=1.5), "no such number as 1.5"),
        (packed_of(unit_price_scale=3), "unit prices have 4 decimals"),
        (packed_of(schemes=[{"id": "A", "kind": "line"}]), "not a rule pack"),
        (
            packed_of(credit=[{"id": "A", "then": "stop", "text": "", "if": {"op": "import"}}]),
            "not",
        ),
    ],
)
def test_what_is_no_pack_is_refused(packed: bytes, reason: str) -> None:
    with pytest.raises(PackLoadError, match=reason):
        load_pack(packed)


def test_products_that_schemes_give_by_name_are_told() -> None:
    text = (
        "pack: {name: x, version: 1, currency: INR, timezone: UTC}\n"
        "schemes: [{id: F, free: {every: 10, give: 1, item: MUG}}]\n"
    )

    assert load_pack(read_text(text)).named_products == {"MUG"}


@pytest.mark.parametrize(("most", "kept"), [(3, 3), (2, 0)])
def test_what_was_found_for_more_products_than_a_counter_keeps_is_let_go(
    most: int, kept: int
) -> None:
    rules = (
        "prices: [{id: P, level: default, rates: {A: 1.00, B: 2.00, C: 2.00}}]\n"
        "schemes: [{id: S, when: {sku: [A, B]}, percent: 10}]\n"
    )
    pack = pack_of(rules)
    before = Setting(rules).decide_with(pack, ("A", 5), ("B", 1), ("C", 1))

    pack.forget(most)

    assert pack.sides.count_products() == kept
    again = Setting(rules).decide_with(pack, ("A", 5), ("B", 1), ("C", 1))
    assert again.result_hash == before.result_hash


def test_a_terminal_loads_and_decides_without_any_parser() -> None:
    program = """
import sys
from rules import *
pack = load_pack(sys.stdin.buffer.read())
assert run_cases(pack) == ()
print(sorted({"yaml", "rule_engine", "msgspec", "pydantic", "sqlalchemy"} & set(sys.modules)))
"""
    packed = read_pack(ROOT / "rules" / "packs" / "fmcg")

    done = subprocess.run(
        [sys.executable, "-c", program], input=packed, capture_output=True, cwd=ROOT, check=True
    )

    assert done.stdout.decode().strip() == "[]"


def test_rules_import_nothing_that_must_be_installed() -> None:
    program = """
import sys
import rules
places = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
print([place for place in places if "site-packages" in place])
"""

    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, cwd=ROOT, check=True
    )

    assert done.stdout.decode().strip() == "[]"


DECIDE = """
import hashlib, sys
from rules import load_pack
from rules.tools.cases.running import run_case
pack = load_pack(sys.stdin.buffer.read())
results = [run_case(case, pack) for case in pack.cases]
print(pack.hash, *(f"{one.price_hash}{one.result_hash}" for one in results))
"""


@pytest.mark.parametrize(
    "name", ["fmcg", "giftware", "inclusive", "prices", "schemes", "settlement"]
)
def test_decisions_are_the_same_under_another_hash_seed(name: str) -> None:
    packed = read_pack(ROOT / "rules" / "packs" / name)

    printed = {
        subprocess.run(
            [sys.executable, "-c", DECIDE],
            input=packed,
            capture_output=True,
            cwd=ROOT,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(printed) == 1


def test_reading_a_folder_gives_the_same_bytes_under_another_hash_seed() -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom rules.language import read_pack\n"
        "sys.stdout.buffer.write(read_pack(Path('rules/packs/fmcg')))"
    )

    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            cwd=ROOT,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(printed) == 1
    assert json.loads(printed.pop())["name"] == "fmcg"
