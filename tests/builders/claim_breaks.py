"""Rows of claims changed behind the hub's back, with the promise of each."""

from collections.abc import Mapping
from typing import Final

TAMPERED_CLAIMS: Final[Mapping[str, tuple[str, set[str]]]] = {
    "more was given than the invoice says": (
        "UPDATE scheme_given SET amount = amount + 1 WHERE scheme = 'SCH-MORE'",
        {"given_billed"},
    ),
    "a gift is worth more than a piece of it": (
        "UPDATE scheme_given SET amount = amount + 1 WHERE kind = 'goods'",
        {"given_worth"},
    ),
    "what was claimed may be claimed again": (
        "UPDATE scheme_given SET claim_id = NULL WHERE funder = 'LEAF'",
        {"claimed_once"},
    ),
    "a claim asks for more than its lines": (
        "UPDATE claim SET amount = amount + 1 WHERE state = 'draft'",
        {"claim_lines"},
    ),
    "a line asks for more than was given": (
        "UPDATE claim_line SET amount = amount + 1 WHERE line = 1",
        {"claim_lines"},
    ),
    "a claim was sent, and nobody owes it": (
        "UPDATE claim SET state = 'draft' WHERE state = 'sent'",
        {"claim_owed"},
    ),
    "less is written off than lines say": (
        "UPDATE claim_short SET amount = amount + 1",
        {"claim_shorts"},
    ),
    "a claim's number is missing": (
        "UPDATE series SET next = next + 1 WHERE kind = 'claim'",
        {"claim_series"},
    ),
}
"""Breaks of what was given, and of claims on it."""
