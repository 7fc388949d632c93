"""As much of a catalogue as a counter's memory has room for, and lines ordered by bar code."""

import json
from typing import Any

import pytest

from hub.desk.products.model import OwnPrefixRecord, ProductRecord, catalogue_snapshot
from hub.desk.terminals.model import (
    ScannedProduct,
    as_scanned,
    codes_among,
    own_list,
    prices_for_everybody,
)
from rules import OrderLine, Quantity

CODE = "04006381333931"


def catalogue(*skus: str, **more: Any) -> bytes:
    """Write a catalogue of products with names of 40 letters."""
    records = [
        ProductRecord(sku, (), "N" * 40, ("food",), None, None, "PCS", (("CASE", 12),))
        for sku in skus
    ]
    return catalogue_snapshot(records, **more).body


def skus_of(body: bytes) -> list[str]:
    """Read the SKUs of a list."""
    return [one["sku"] for one in json.loads(body)["products"]]


def test_a_list_with_room_enough_is_the_catalogue_with_its_prices() -> None:
    prefix = OwnPrefixRecord("21", 5, "weight")
    whole = catalogue("A", "B", own_prefixes=[prefix])

    found = own_list(whole, {"B": 125_000}, [], most=100_000)

    told, before = json.loads(found.body), json.loads(whole)
    assert (found.products, found.left_out) == (2, 0)
    assert told["own_prefixes"] == before["own_prefixes"]
    assert told["products"] == [before["products"][0], {**before["products"][1], "price": 125_000}]


def test_what_is_ordered_most_comes_first_and_the_rest_is_counted() -> None:
    whole = catalogue("A", "B", "C", "D")

    found = own_list(whole, {}, ["GONE", "D", "B", "D"], most=len(catalogue("B", "D")))

    assert skus_of(found.body) == ["B", "D"]
    assert (found.products, found.left_out) == (2, 2)


@pytest.mark.parametrize("most", range(24, 700, 13))
def test_no_list_is_longer_than_its_room_and_each_can_be_read(most: int) -> None:
    found = own_list(catalogue("A", "B", "C"), {"A": 1, "C": 10**9}, ["C"], most=most)

    assert len(found.body) <= max(most, len(b'{"format":1,"products":[]}'))
    assert len(skus_of(found.body)) == found.products


def test_prices_for_everybody_are_those_that_counters_read() -> None:
    lists = [
        {"id": "A", "level": "region", "rates": {"TEA": 1}},
        {"id": "B", "level": "default", "from": "2026-01-01", "rates": {"TEA": 2}},
        {"id": "C", "level": "default", "rates": {"TEA": 3, "RICE": 4}},
        {"id": "D", "level": "default", "rates": {"RICE": 5}},
    ]

    assert prices_for_everybody(json.dumps({"prices": lists}).encode()) == {"TEA": 3, "RICE": 5}
    assert prices_for_everybody(b"{}") == {}


def test_a_line_of_a_case_s_bar_code_is_so_many_cases() -> None:
    line = OrderLine(3, CODE, Quantity(2), None, "B7")

    case = as_scanned(line, {CODE: ScannedProduct("TEA", "CASE", 12)})
    piece = as_scanned(line, {CODE: ScannedProduct("TEA")})

    assert case == OrderLine(3, "TEA", Quantity(24), "CASE", "B7")
    assert piece == OrderLine(3, "TEA", Quantity(2), None, "B7")
    assert as_scanned(line, {}) is line


def test_only_fourteen_digits_may_be_a_bar_code() -> None:
    assert codes_among(["TEA", CODE, "4006381333931", CODE, "0400638133393X"]) == [CODE]
