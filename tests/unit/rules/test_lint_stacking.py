"""Lint and schemes that hold together: all that there is, floors and costs."""

import json
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from rules import load_pack
from rules.tools.lint.catalogue import Catalogue, read_catalogue
from rules.tools.lint.linting import lint
from rules.tools.lint.scopes import Scopes, joined
from tests.unit.rules.making import BASE, HEAD, TODAY, read_text

CODES = {"stacks_over_100", "under_floor", "under_cost"}


def _doubts(
    rules: str, catalogue: Catalogue | None = None, *, head: str = HEAD
) -> list[tuple[str, str, str]]:
    packed = read_text(head + BASE + rules + "\n")
    found = lint(
        json.loads(packed), load_pack(packed), on=TODAY, catalogue=catalogue or Catalogue()
    )
    return [(one.code, one.rule, one.text) for one in found.findings if one.code in CODES]


def _schemes(*schemes: str) -> str:
    return f"schemes: [{', '.join(f'{{{one}}}' for one in schemes)}]\n"


def _percent(name: str, percent: str, more: str = "") -> str:
    return f"id: {name}, slabs: [{{from: 1, percent: {percent}}}]{more}"


def test_schemes_that_take_all_together_are_named() -> None:
    found = _doubts(_schemes(_percent("S", "60"), _percent("T", "30"), _percent("U", "10.1")))

    text = "holds together with others for more than all there is: S 60 % and T 30 % and U 10.1 %"
    assert found == [("stacks_over_100", "S", text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (", when: {brand: X}", ", when: {brand: Y}"),
        (", when: {geo: IN/KA}", ", when: {geo: IN/TN}"),
        (", when: {geo: IN}", ", when: {not: {geo: IN}}"),
        (", when: {brand: X, geo: IN/KA}", ", when: {brand: X, geo: IN/TN/CHE}"),
        (", valid: {to: 2026-03-31}", ", valid: {from: 2026-04-01}"),
        (", group: G", ", group: G"),
        (", alone: true", ""),
    ],
)
def test_schemes_that_never_meet_take_nothing_together(one: str, other: str) -> None:
    assert _doubts(_schemes(_percent("S", "60", one), _percent("T", "60", other))) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (", when: {brand: [X, Y]}", ", when: {brand: [Y, Z]}"),
        (", when: {geo: IN/KA}", ", when: {geo: IN/KA/BLR}"),
        (", when: {geo: IN}", ", when: {not: {geo: IN/KA}}"),
        (", when: {brand: X}", ", when: {geo: IN}"),
        (", valid: {to: 2026-04-01}", ", valid: {from: 2026-04-01}"),
        (", group: G", ", group: H"),
    ],
)
def test_schemes_that_may_meet_do(one: str, other: str) -> None:
    found = _doubts(_schemes(_percent("S", "60", one), _percent("T", "60", other)))

    assert [(code, rule) for code, rule, _ in found] == [("stacks_over_100", "S")]


def test_three_that_meet_two_by_two_and_never_all_are_not_doubted() -> None:
    brands = ("[X, Y]", "[Y, Z]", "[Z, X]")

    found = _doubts(
        _schemes(
            *(
                _percent(f"S{at}", "40", f", when: {{brand: {one}}}")
                for at, one in enumerate(brands)
            )
        )
    )

    assert found == []


def test_what_was_not_looked_at_to_the_end_is_said() -> None:
    # Nearly any two of these meet, and no four: no bound tells that nothing adds up to all.
    chance, brands = Random(1), [[f"B{at}"] for at in range(40)]
    for number in range(300):
        for wanting in chance.sample(brands, 3):
            wanting.append(f"SHARED{number}")
    schemes = _schemes(
        *(
            _percent(f"S{at}", "30", f", when: {{brand: [{', '.join(wanted)}]}}")
            for at, wanted in enumerate(brands)
        )
    )
    few, many = (json.loads(read_text(HEAD + BASE + text)) for text in (_schemes(), schemes))

    notes = [lint(one, load_pack(json.dumps(one).encode()), on=TODAY).notes for one in (few, many)]

    assert [len(told) for told in notes] == [0, 1]


def test_the_order_takes_of_what_the_lines_leave() -> None:
    order = "id: O, stage: order, slabs: [{from: 1.00, percent: 60}]"

    assert _doubts(_schemes(_percent("S", "60"), order)) == []


def test_discounts_that_compound_never_take_all() -> None:
    head = HEAD.replace("scale: 2", "scale: 2, stacking: {inside: compound}")

    assert _doubts(_schemes(_percent("S", "60"), _percent("T", "60")), head=head) == []


@pytest.mark.parametrize(
    ("floor", "found"),
    [
        ("percent: 86", [("under_floor", "F")]),
        # 10 % on the line and 5 % of the rest are 14.5 %.
        ("percent: 85.5", []),
        ("when: {brand: X}, percent: 90", [("under_floor", "F")]),
        ("when: {brand: Y}, percent: 90", []),
        ("rates: {A: 8.55}", []),
        ("rates: {A: 8.56}", []),
        ("rates: {B: 19.01}", [("under_floor", "F")]),
        ("rates: {B: 19.00}", []),
    ],
)
def test_what_the_packs_own_schemes_bring_below_a_floor_is_doubted(
    floor: str, found: list[tuple[str, str]]
) -> None:
    order = "id: O, stage: order, slabs: [{from: 1.00, percent: 5}]"
    rules = _schemes(_percent("S", "10", ", when: {brand: X}"), order)

    doubts = _doubts(f"{rules}floors: [{{id: F, {floor}}}]\n")

    assert [(code, rule) for code, rule, _ in doubts] == found


@pytest.mark.parametrize(
    ("cost", "found"),
    [
        ("9.00", []),
        ("9.01", [("under_cost", "S", "A at 10.00 less S 10 %, below its cost")]),
        ("10.01", [("under_cost", "BASE", "A at 10.00 is below its cost of 10.01")]),
    ],
)
def test_what_is_sold_below_its_cost_is_doubted(
    tmp_path: Path, cost: str, found: list[tuple[str, str, str]]
) -> None:
    (tmp_path / "products.csv").write_text(f"sku,brand,cost\nA,X,{cost}\nB,Y,20.00\n")
    catalogue = read_catalogue(tmp_path / "products.csv", None)

    assert _doubts(_schemes(_percent("S", "10", ", when: {brand: X}")), catalogue) == found


@pytest.mark.parametrize(("percent", "found"), [("112.5", []), ("112.6", [("under_floor", "F")])])
def test_a_floor_of_the_cost_is_held_against_the_catalogue(
    tmp_path: Path, percent: str, found: list[tuple[str, str]]
) -> None:
    (tmp_path / "products.csv").write_text("sku,brand,cost\nA,X,8.00\nB,Y,\nC,,\n")
    catalogue = read_catalogue(tmp_path / "products.csv", None)
    rules = _schemes(_percent("S", "10")) + f"floors: [{{id: F, cost: {{percent: {percent}}}}}]\n"

    assert [(code, rule) for code, rule, _ in _doubts(rules, catalogue)] == found


def test_the_price_of_a_case_is_not_that_of_a_piece(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("sku,cost\nA,9.00\nB,\nC,\n")
    cases = "prices: [{id: CASES, level: default, per: CASE, rates: {A: 1.00}, priority: 1}, "

    found = _doubts("", read_catalogue(tmp_path / "products.csv", None))
    packed = read_text(HEAD + BASE.replace("prices: [", cases))
    doubts = lint(
        json.loads(packed),
        load_pack(packed),
        on=TODAY,
        catalogue=read_catalogue(tmp_path / "products.csv", None),
    )

    assert found == []
    assert "under_cost" not in [one.code for one in doubts.findings]


def _random_rules(chance: Random) -> list[dict[str, object]]:
    nodes = ["IN", "IN/KA", "IN/KA/BLR", "IN/TN", "AE"]
    brands = ["X", "Y", "Z"]
    days = ["2026-01-01", "2026-02-01", "2026-03-01"]
    rules = []
    for _ in range(40):
        when = {}
        if chance.random() < 0.6:
            when["geo"] = chance.sample(nodes, chance.randint(1, 2))
        if chance.random() < 0.6:
            when["brand"] = chance.sample(brands, chance.randint(1, 2))
        rule: dict[str, object] = {"when": when}
        if chance.random() < 0.3:
            rule["from"] = chance.choice(days)
        rules.append(rule)
    return rules


@pytest.mark.parametrize("seed", range(20))
def test_the_bitmaps_know_what_asking_two_by_two_knows(seed: int) -> None:
    rules = _random_rules(Random(seed))
    scopes = Scopes(rules)

    wrong = [
        (one, other)
        for one, other in combinations(range(len(rules)), 2)
        if bool(scopes.beside(rules[one]["when"]) >> other & 1)  # type: ignore[arg-type]
        != (joined({"when": rules[one]["when"]}, {"when": rules[other]["when"]}) is not None)
    ]

    assert wrong == []
