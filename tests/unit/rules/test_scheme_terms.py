"""What schemes are about, read from a packed pack without compiling it."""

import json
from datetime import date

import pytest

from rules.engine.schemes.terms import SchemeTerms, read_schemes

_SCHEMES = [
    {"id": "ALL", "kind": "order"},
    {
        "id": "HOT",
        "kind": "line",
        "when": {"category": ["drinks/hot"], "geo": ["IN/KA"]},
        "not": {"brand": ["Leaf"]},
        "funder": "LEAF",
    },
    {
        "id": "SET",
        "kind": "combo",
        "parts": [{"when": {"sku": ["MUG"]}, "qty": 2}, {"when": {"brand": ["Leaf"]}, "qty": 3}],
        "budget": 5_000,
        "limits": [{"whose": "total", "each": "month", "uses": 7}],
    },
]
_TEA = {"sku": "TEA", "category": "drinks/hot/black", "brand": "Dust"}
_LEAF = {"sku": "LEAF-TEA", "category": "drinks/hot", "brand": "Leaf"}
_MUG = {"sku": "MUG", "category": "", "brand": ""}


def _terms() -> dict[str, SchemeTerms]:
    return dict(read_schemes(json.dumps({"schemes": _SCHEMES}).encode()))


@pytest.mark.parametrize(
    ("scheme", "covered"), [("ALL", "TEA LEAF-TEA MUG"), ("HOT", "TEA"), ("SET", "LEAF-TEA MUG")]
)
def test_a_scheme_covers_the_goods_of_its_conditions_whoever_buys_them(
    scheme: str, covered: str
) -> None:
    terms = _terms()[scheme]

    found = [one["sku"] for one in (_TEA, _LEAF, _MUG) if terms.covers(one)]

    assert found == covered.split()


def test_a_scheme_s_terms_say_who_pays_which_skus_it_names_and_what_all_share() -> None:
    terms = _terms()

    assert [terms[name].funder for name in ("ALL", "HOT")] == ["", "LEAF"]
    assert terms["SET"].named == {"MUG"}
    keys = [one.key(date(2026, 11, 21)) for one in terms["SET"].shared]
    assert keys == [("SET", "total"), ("SET", "total@2026-11")]
    assert read_schemes(b"\xff no pack") == read_schemes(b"[]") == {}
