"""The bars of labels, beside another drawer of bar codes."""

import re

import barcode
import pytest

from hub.desk.products.model.bars import Bars, bars_of


def modules(bars: Bars) -> str:
    """Write bars as modules, 1 for black, without the quiet zones."""
    black = {place + n for place, width in bars.black for n in range(width)}
    return "".join("1" if one in black else "0" for one in range(bars.width)).strip("0")


@pytest.mark.parametrize("gtin", ["8901234567906", "0012345678905", "4006381333931"])
def test_a_gtin_13_has_the_bars_of_ean_13(gtin: str) -> None:
    (expected,) = barcode.get("ean13", gtin).build()

    assert modules(bars_of(gtin)) == expected.strip("0")


def test_a_gtin_8_has_the_bars_of_ean_8() -> None:
    (expected,) = barcode.get("ean8", "96385074").build()

    assert modules(bars_of("96385074")) == expected.strip("0")


def test_a_gtin_12_is_drawn_with_a_zero_before_it() -> None:
    assert bars_of("012345678905") == bars_of("0012345678905")


def shape(written: str) -> list[bool]:
    """Say of every run of modules whether it is a wide one."""
    runs = [len(one[0]) for one in re.finditer(r"0+|1+", written)]
    return [one > min(runs) for one in runs]


def test_a_case_has_the_bars_of_interleaved_2_of_5() -> None:
    (expected,) = barcode.get("itf", "18901234567903").build()

    assert shape(modules(bars_of("18901234567903"))) == shape(expected.strip("0"))


def test_a_code_has_room_at_both_ends() -> None:
    bars = bars_of("8901234567906")

    assert bars.black[0][0] == 11
    assert bars.width - sum(bars.black[-1]) == 11
