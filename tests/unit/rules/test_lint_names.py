"""Lint and names: SKUs, customers and nodes that nobody has, and conditions that nothing meets."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rules import load_pack
from rules.__main__ import main
from rules.tools.lint.catalogue import Catalogue, CatalogueError, read_catalogue
from rules.tools.lint.linting import lint
from tests.unit.rules.making import BASE, HEAD, TODAY, read_text

SLAB = "slabs: [{from: 1, percent: 1}]"
PRODUCTS = "sku,category,brand,tax_class,cost\nA,tea/green,GOLD,gst5,\nB,soap,PURE,gst18,\nC,,,,\n"
CUSTOMERS = "id,type,geo\nC1,retailer,IN/KA/BLR\nC2,horeca,IN/TN\n"


def _doubts(rules: str, catalogue: Catalogue | None = None) -> list[tuple[str, str]]:
    packed = read_text(HEAD + BASE + rules + "\n")
    found = lint(
        json.loads(packed), load_pack(packed), on=TODAY, catalogue=catalogue or Catalogue()
    )
    told = [(one.code, one.text) for one in found.findings]
    return [one for one in told if one[0] not in {"no_case", "no_cases", "under_floor"}]


def _catalogue(folder: Path, *, products: str = PRODUCTS) -> Catalogue:
    (folder / "products.csv").write_text(products)
    (folder / "customers.csv").write_text(CUSTOMERS)
    return read_catalogue(folder / "products.csv", folder / "customers.csv")


@pytest.mark.parametrize(
    "rules",
    [
        f"schemes: [{{id: S, when: {{sku: Z}}, {SLAB}}}]",
        f"schemes: [{{id: S, when: {{not: {{sku: Z}}}}, {SLAB}}}]",
        "schemes: [{id: S, combo: [{sku: A, qty: 1}, {sku: Z, qty: 1}], percent: 1}]",
        "schemes: [{id: S, free: {every: 1, give: 1, item: Z}}]",
        "schemes: [{id: S, free: {every: 1, give: 1, item: {choice: [A, Z], pick: cheapest}}}]",
        "floors: [{id: F, rates: {A: 0.01, Z: 0.01}}]",
    ],
)
def test_a_sku_that_no_list_has_is_doubted_without_a_catalogue(rules: str) -> None:
    assert _doubts(rules) == [
        ("unknown_sku", "sku 'Z' is not in any price list or case product"),
    ]


def test_a_sku_of_a_case_is_known() -> None:
    case = (
        "case_products: {Z: {}}\n"
        "tests: [{name: c, on: 2026-04-01, lines: [{sku: Z, qty: 9}], expect: {outcome: hold}}]\n"
    )

    assert _doubts(f"schemes: [{{id: S, when: {{sku: Z}}, {SLAB}}}]\n{case}") == []


def test_a_name_that_is_near_is_suggested(tmp_path: Path) -> None:
    rules = f"schemes: [{{id: S, when: {{brand: GOLDD}}, {SLAB}}}]"

    found = _doubts(rules, _catalogue(tmp_path))

    text = "brand 'GOLDD' is not in the catalogue; did you mean 'GOLD'?"
    assert ("unknown_node", text) in found


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("category: tea", []),
        ("category: tea/green", []),
        ("category: tea/black", ["unknown_node"]),
        ("geo: IN/KA", []),
        ("geo: IN/KL", ["unknown_node"]),
        ("customer.type: trade", ["unknown_node"]),
        ("customer: C9", ["unknown_customer"]),
        ("brand: GOLD, category: soap", ["matches_nothing"]),
        ("brand: [GOLD, PURE], category: soap", []),
        ("not: {category: [tea, soap], sku: C}", ["matches_nothing"]),
        ("customer.type: retailer, geo: IN/TN", ["matches_nothing"]),
        ("customer.status: blocked, payment: cash", []),
    ],
)
def test_conditions_are_held_against_the_catalogue(
    tmp_path: Path, when: str, codes: list[str]
) -> None:
    found = _doubts(f"schemes: [{{id: S, when: {{{when}}}, {SLAB}}}]", _catalogue(tmp_path))

    assert sorted(code for code, _ in found) == codes


def test_a_product_that_is_not_on_sale_may_still_have_its_price(tmp_path: Path) -> None:
    known = _catalogue(tmp_path, products="sku\nA\n")

    assert _doubts("", replace(known, unsold=frozenset("BC"))) == []


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            "allocation: [{id: L, pick: fefo, warehouses: [MAIN, NORHT]}]",
            [("unknown_warehouse", "there is no warehouse 'NORHT'; did you mean 'NORTH'?")],
        ),
        ("allocation: [{id: L, pick: fefo, warehouses: biggest_first}]", []),
        (
            "approvals: [{id: D, on: cash_only, levels: [{in_order: [desk, haed]}]}]",
            [("role_unheld", "nobody has the role haed; did you mean 'head'?")],
        ),
        ("approvals: [{id: D, on: cash_only, levels: [{any_of: [haed, desk]}]}]", []),
        ("approvals: [{id: D, on: cash_only, levels: [{role: manager_of_requester}]}]", []),
    ],
)
def test_warehouses_and_roles_that_there_are_not_are_doubted(
    rules: str, told: list[tuple[str, str]]
) -> None:
    house = Catalogue(
        warehouses=frozenset({"MAIN", "NORTH"}), roles=frozenset({"admin", "desk", "head"})
    )

    assert _doubts(rules, house) == told
    assert _doubts(rules) == []


def test_strangers_of_a_list_are_one_doubt(tmp_path: Path) -> None:
    found = _doubts("", _catalogue(tmp_path, products="sku\nA\n"))

    assert found == [("unknown_sku", "sku 'B' is not in the catalogue and 1 more")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("code\nA\n", "products.csv:1:1: there is no column 'sku'"),
        ("sku,brand\n,X\n", "products.csv:2:1: 'sku' is empty"),
        ("sku,cost\nA,cheap\n", "cost: 'cheap' is not a number"),
        ('sku\n"A\n', "unexpected end of data"),
    ],
)
def test_a_catalogue_that_cannot_be_used_says_why(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=fault):
        _catalogue(tmp_path, products=text)


def test_a_catalogue_that_is_not_there_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.yaml").write_text(HEAD + BASE)

    assert main(["lint", str(tmp_path), "--products", str(tmp_path / "none.csv")]) == 2

    assert "none.csv" in capsys.readouterr().err


def test_an_unknown_name_ends_with_one_and_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.yaml").write_text(
        f"{HEAD}{BASE}schemes:\n  - id: S\n    when: {{sku: [A, AA]}}\n    {SLAB}\n"
    )

    assert main(["lint", str(tmp_path)]) == 1

    text = "error: S: sku 'AA' is not in any price list or case product; did you mean 'A'?"
    assert f"pack.yaml:5:21: {text} [unknown_sku]\n" in capsys.readouterr().out


def test_a_stranger_in_a_csv_list_is_shown_in_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.yaml").write_text(
        f"{HEAD}prices: [{{id: BASE, level: default, csv: base.csv}}]\n"
    )
    (tmp_path / "base.csv").write_text("sku,price\nA,10.00\nB,20.00\n")
    (tmp_path / "products").mkdir()
    (tmp_path / "products" / "all.csv").write_text("sku\nA\n")

    assert main(["lint", str(tmp_path), "--products", str(tmp_path / "products" / "all.csv")]) == 1

    assert capsys.readouterr().out.splitlines()[:3] == [
        "base.csv:3:1: error: BASE: sku 'B' is not in the catalogue [unknown_sku]",
        "    B,20.00",
        "    ^",
    ]


@pytest.mark.parametrize("scale", [0, 3])
def test_amounts_of_other_decimals_than_a_hub_keeps_are_an_error(scale: int) -> None:
    packed = read_text(HEAD.replace("scale: 2", f"scale: {scale}") + BASE)

    found = lint(json.loads(packed), load_pack(packed), on=TODAY)

    (error,) = [str(one) for one in found.findings if one.severity == "error"]
    assert error == (
        f"error: amounts of {scale} decimals; payments, limits and claims of the hub have 2: "
        "write `scale: 2` [scale_unkept]"
    )
