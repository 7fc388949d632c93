"""Hashes of decisions stay what they are for years, whatever letters a code or an id has."""

import hashlib
import json

import pytest

from rules import Order, OrderLine, Quantity, content_hash
from tests.unit.rules.making import TODAY


@pytest.mark.parametrize(
    "sku",
    [
        "8901001555525",
        "Café",
        "दाल",
        "5 kg \U0001f35a",
        'a "large" one',
        "a\\b",
        "a\tb\x1f",
        "a\x7f",
        "half a pair \ud800",
    ],
)
def test_a_hash_is_that_of_the_same_json_whatever_letters_a_code_has(sku: str) -> None:
    lines = (OrderLine(1, sku, Quantity(12), "CASE"), OrderLine(2, "B", Quantity(10**30)))
    order = Order("o-1", "c-1", TODAY, lines)

    found = content_hash(order, "0" * 64)

    said = ["o-1", "c-1", "credit", "0" * 64, 2]
    said += [1, sku, 12, "CASE", None, 2, "B", 10**30, None, None]
    text = json.dumps(said, separators=(",", ":"))
    assert found == hashlib.sha256(text.encode()).hexdigest()
