"""A pack under another number is the same pack otherwise, byte for byte."""

from pathlib import Path

import pytest

from rules import load_pack
from rules.language import read_pack, renumbered

PACKS = Path(__file__).parents[3] / "rules" / "packs"


@pytest.mark.parametrize("name", ["fmcg", "giftware", "schemes"])
def test_a_pack_gets_its_bytes_back_with_its_number(name: str) -> None:
    packed = read_pack(PACKS / name)

    again = renumbered(packed, 41)

    assert load_pack(again).version == 41
    assert again != packed
    assert renumbered(again, load_pack(packed).version) == packed
