"""Doubts about slips of the pen: units, percents, gaps of days, names, gates, files not read."""

import json
from datetime import date
from pathlib import Path

import pytest

from rules import load_pack
from rules.language import read_pack
from rules.tools.lint.catalogue import Catalogue, read_catalogue
from rules.tools.lint.linting import Finding, lint
from rules.tools.lint.places import Places
from tests.unit.rules.making import BASE, HEAD

PRODUCTS = "case_products: {A: {pack_sizes: {CASE: 12}}, B: {}, C: {}}\n"
CASE = "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {outcome: %s}}]\n"
WELL = PRODUCTS + CASE % "accept"


def _lint(folder: Path, rules: str, catalogue: Catalogue | None = None) -> list[Finding]:
    (folder / "pack.yaml").write_text(HEAD + rules)
    packed = read_pack(folder)
    found = lint(
        json.loads(packed),
        load_pack(packed),
        on=date(2026, 4, 1),
        catalogue=catalogue or Catalogue(),
        places=Places(folder),
    )
    return [one for one in found.findings if one.code != "no_case"]


def _told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.text) for one in findings]


@pytest.mark.parametrize(
    ("rules", "code", "text"),
    [
        (
            "schemes: [{id: S, count: {over: line, in: CAES}, slabs: [{from: 1, percent: 3}]}]",
            "unknown_unit",
            "no product has a unit 'CAES'; did you mean 'CASE'?",
        ),
        (
            "quantities: [{id: Q, in: BOX, multiple: 1, then: hold}]",
            "unknown_unit",
            "no product has a unit 'BOX': write one of CASE, PCS, or leave 'in' out: base units",
        ),
        (
            "schemes: [{id: S, slabs: [{from: 1, percent: 0.10}]}]",
            "percent_small",
            "0.1 is less than one percent; did you mean 10?",
        ),
        (
            "taxes: [{id: T, heads: {VAT: 0.2}}]",
            "percent_small",
            "0.2 is less than one percent; did you mean 20?",
        ),
        (
            "schemes: [{id: S, when: {sku: A}, free: {every: 1, give: 5, item: A}}]",
            "gift_large",
            "gives 5 free for every 1 bought of the same; 1 for 5?",
        ),
        (
            (
                "schemes: [{id: S, free: {item: same, tiers: [{from: 10, every: 10, give: 2},"
                " {from: 50, every: 10, give: 1}]}}]"
            ),
            "slab_no_better",
            "from here on 1 for 10, no more than the 2 for 10 before",
        ),
        (
            (
                "schemes: [{id: S, free: {item: same, max: 1, tiers: [{from: 10, every: 10,"
                " give: 2}, {from: 50, every: 10, give: 3}]}}]"
            ),
            "cap_below_unit",
            "max 1 is less than the 2 it gives at once",
        ),
        (
            "taxes: [{id: T, heads: {CGST: 2.5, SGST: 9}}]",
            "heads_unequal",
            "CGST is 2.5 and SGST 9: the two are halves of one tax",
        ),
        (
            (
                "schemes: [{id: S-A, slabs: [{from: 1, percent: 3}]},"
                " {id: s-a, slabs: [{from: 1, percent: 3}]}]"
            ),
            "names_alike",
            "differs from S-A by case only",
        ),
        (
            (
                "schemes: [{id: S, group: TEA, when: {sku: A}, slabs: [{from: 1, percent: 3}]},"
                " {id: T, group: TEA, when: {sku: B}, slabs: [{from: 1, percent: 4}]},"
                " {id: U, group: TAE, slabs: [{from: 1, percent: 5}]}]"
            ),
            "names_alike",
            "group TAE has one scheme and is nearly TEA",
        ),
        (
            "credit: [{id: CR, at: invoice, when: {customer: C}, then: stop}]",
            "never_asked",
            "is never asked: no rule of gates says invoice: true",
        ),
        (
            (
                "credit: [{id: CR, at: invoice, when: {customer: C}, then: stop}]\n"
                "gates: [{id: G, delivery: false}]"
            ),
            "never_asked",
            "is never asked: no rule of gates says invoice: true",
        ),
        (
            "schemes: [{id: V, stage: order, slabs: [{from: 5.00, amount: 10.00}]}]",
            "over_bill",
            "takes 10.00 off goods of 5.00: it stops at what they are worth",
        ),
    ],
)
def test_a_slip_is_doubted_and_said_in_words(
    tmp_path: Path, rules: str, code: str, text: str
) -> None:
    assert _told(_lint(tmp_path, f"{BASE}{rules}\n{WELL}")) == [(code, text)]


@pytest.mark.parametrize(
    "rules",
    [
        # A gift of what earns it: free pieces trigger nothing, so ten and one is well.
        "schemes: [{id: S, when: {sku: A}, free: {every: 10, give: 1, item: A}}]",
        "schemes: [{id: S, when: {sku: A}, free: {every: 1, give: 5, item: B}}]",
        "taxes: [{id: T, heads: {CGST: 2.5, SGST: 2.5, CESS: 12}}]",
        "schemes: [{id: S, count: {over: line, in: CASE}, slabs: [{from: 1, percent: 1}]}]",
        (
            "schemes: [{id: S-1, group: TEA-1, slabs: [{from: 1, percent: 3}]},"
            " {id: S-2, group: TEA-2, slabs: [{from: 1, percent: 3}]}]"
        ),
        "credit: [{id: CR, at: delivery, when: {customer: C}, then: stop}]",
        (
            "credit: [{id: CR, at: invoice, when: {customer: C}, then: stop}]\n"
            "gates: [{id: G, invoice: true}]"
        ),
        (
            "schemes: [{id: S, slabs: [{from: 1, percent: 0.5}],"
            " lint: {allow: percent_small, reason: half a percent is meant}}]"
        ),
        (
            "floors: [{id: F, when: {brand: RED}, percent: 90}]\n"
            "schemes: [{id: S, when: {brand: GOLD}, slabs: [{from: 1, percent: 20}]}]"
        ),
    ],
)
def test_what_is_meant_is_not_doubted(tmp_path: Path, rules: str) -> None:
    found = [one for one in _lint(tmp_path, f"{BASE}{rules}\n{WELL}") if not one.allowed]

    assert found == []


def test_a_floor_and_a_scheme_that_no_product_has_both_of_do_not_meet(tmp_path: Path) -> None:
    rules = (
        "floors: [{id: F, when: {category: tea}, percent: 90}]\n"
        "schemes: [{id: S, when: {brand: RED}, slabs: [{from: 1, percent: 20}]}]\n"
    )
    apart = "case_products: {A: {category: tea, brand: GOLD}, B: {category: soap, brand: RED}}\n"
    both = "case_products: {A: {category: tea, brand: RED}}\n"

    for products, codes in ((apart, []), (both, ["under_floor"])):
        found = _lint(tmp_path, BASE + rules + products + CASE % "accept")
        assert [one.code for one in found if one.code != "no_cases"] == codes


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("to: 2026-03-30", "from: 2026-04-01", "A has no price on 2026-03-31"),
        (
            "from: 2026-01-01, to: 2026-03-15",
            "from: 2026-04-01",
            "A has no price from 2026-03-16 to 2026-03-31",
        ),
        ("to: 2026-03-31", "from: 2026-04-01", ""),
        ("to: 2026-04-30", "from: 2026-04-01", ""),
    ],
)
def test_days_between_two_lists_are_doubted(
    tmp_path: Path, first: str, second: str, text: str
) -> None:
    rules = (
        f"prices:\n  - {{id: L1, level: default, valid: {{{first}}}, rates: {{A: 10.00}}}}\n"
        f"  - {{id: L2, level: default, valid: {{{second}}}, rates: {{A: 11.00}}}}\n"
    )

    found = _lint(tmp_path, rules + WELL)

    assert [one.text for one in found if one.code == "price_gap"] == ([text] if text else [])


def test_files_that_look_like_rules_or_prices_and_are_not_read_are_named(tmp_path: Path) -> None:
    for name in ("schemes.yml", "more.YAML", ".s.yaml", "unused.csv", "readme.txt"):
        (tmp_path / name).write_text("schemes: []\n")
    (tmp_path / "p.csv").write_text("sku,price\n")
    (tmp_path / "credit.yaml").mkdir()

    found = _lint(
        tmp_path, "prices: [{id: L, level: default, csv: p.csv}]\n" + PRODUCTS + CASE % "hold"
    )

    assert [(one.file, one.line, one.code) for one in found] == [
        (".s.yaml", 1, "file_unread"),
        ("credit.yaml", 1, "file_unread"),
        ("more.YAML", 1, "file_unread"),
        ("pack.yaml", 2, "csv_empty"),
        ("schemes.yml", 1, "file_unread"),
        ("unused.csv", 1, "csv_unused"),
    ]


def test_a_pack_without_a_case_is_doubted_at_its_head(tmp_path: Path) -> None:
    found = _lint(tmp_path, BASE)

    assert [(one.code, one.rule, one.line, one.column) for one in found] == [("no_cases", "", 1, 7)]


def test_products_of_the_catalogue_without_a_price_are_counted(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text(
        "sku,brand,pack_sizes\nA,,CASE=12\nB,,\nC,,\nX,,\nY,GOLD,\n"
    )
    catalogue = read_catalogue(tmp_path / "products.csv", None)
    (tmp_path / "products.csv").unlink()
    printed = BASE.replace(
        "prices: [", "prices: [{id: M, level: default, when: {brand: GOLD}, mrp: {percent: -9}}, "
    )

    for rules, count, first in ((BASE, 2, "X"), (printed, 1, "X")):
        found = _lint(tmp_path, rules + WELL, catalogue)
        assert [(one.code, one.text) for one in found] == [
            ("unpriced", f"{count} of 5 products of the catalogue have no price, {first} first")
        ]


def test_a_gift_that_a_case_expects_is_known(tmp_path: Path) -> None:
    rules = (
        "schemes: [{id: S, when: {sku: A}, free: {every: 1, give: 1, item: GIFT}}]\n"
        "case_products: {A: {}}\n"
        "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {free: {GIFT: 1}}}]\n"
    )

    assert _lint(tmp_path, BASE.replace(", B: 20.00, C: 0.3333", "") + rules) == []
