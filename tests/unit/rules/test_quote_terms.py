"""A pack says how long quotes of the pack before it hold, and what follows after that."""

from pathlib import Path

import pytest

from rules import load_pack
from rules.engine.tables import QuoteTerms
from rules.language import PackError, read_pack

HEAD = "pack: {name: x, version: 1, currency: INR, scale: 2, timezone: Asia/Kolkata"


def read(folder: Path, quotes: str) -> bytes:
    """Read a pack of nothing but a head."""
    (folder / "pack.yaml").write_text(f"{HEAD}{quotes}}}\n")
    return read_pack(folder)


@pytest.mark.parametrize(
    ("quotes", "terms"),
    [
        ("", QuoteTerms(0, "reprice")),
        (", quotes: {honour_hours: 4}", QuoteTerms(4, "reprice")),
        (", quotes: {honour_hours: 744, otherwise: approve}", QuoteTerms(744, "approve")),
        (", quotes: {otherwise: approve}", QuoteTerms(0, "approve")),
    ],
)
def test_the_terms_of_quotes_are_read(tmp_path: Path, quotes: str, terms: QuoteTerms) -> None:
    assert load_pack(read(tmp_path, quotes)).quotes == terms


@pytest.mark.parametrize("quotes", ["{}", "{honour_hours: 0}", "{otherwise: reprice}"])
def test_what_is_usual_leaves_the_pack_its_hash(tmp_path: Path, quotes: str) -> None:
    assert read(tmp_path, f", quotes: {quotes}") != b""
    usual = load_pack(read(tmp_path, f", quotes: {quotes}")).quotes

    assert usual == QuoteTerms()
    assert b'"quotes"' not in read(tmp_path, f", quotes: {quotes}")


@pytest.mark.parametrize(
    ("quotes", "fault"),
    [
        ("{honour_hours: 745}", "pack.yaml:1:"),
        ("{honour_hours: -1}", "pack.yaml:1:"),
        ("{honour_hours: 1.5}", "pack.yaml:1:"),
        ("{otherwise: hope}", "is not one of reprice, approve"),
        ("{for: ever}", "unknown"),
        ("4", "pack.yaml:1:"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    tmp_path: Path, quotes: str, fault: str
) -> None:
    with pytest.raises(PackError, match=fault):
        read(tmp_path, f", quotes: {quotes}")


HOUR = 3_600_000


@pytest.mark.parametrize(
    ("terms", "replaced", "captured", "holds"),
    [
        (QuoteTerms(4, "reprice", 48), -4, None, True),
        (QuoteTerms(4, "reprice", 48), -5, None, False),
        (QuoteTerms(4, "reprice", 48), -20, -16, True),
        (QuoteTerms(4, "reprice", 48), -20, -15, False),
        (QuoteTerms(4, "reprice", 48), -47, -48, True),
        (QuoteTerms(4, "reprice", 48), -48, -49, False),
        (QuoteTerms(0, "reprice", 48), 0, 0, True),
        (QuoteTerms(0, "reprice", 48), 0, 1, False),
        (QuoteTerms(4, "reprice", 0), -5, -6, False),
    ],
)
def test_what_was_captured_offline_keeps_its_price_for_longer(
    terms: QuoteTerms, replaced: int, captured: int | None, *, holds: bool
) -> None:
    at = None if captured is None else captured * HOUR

    assert terms.honours(replaced * HOUR, at, now_ms=0) is holds
