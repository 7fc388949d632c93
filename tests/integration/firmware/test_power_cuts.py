"""The journal on LittleFS, on a flash chip that dies in the middle of every write."""

from pathlib import Path

import pytest

from tests.builders.micropython import run_script

MOST_WRITES = 260
"""Of an order with three scans, its answer and two slips, and of tidying up; it wears the flash."""

pytestmark = pytest.mark.needs("micropython")


def test_nothing_told_is_lost_whichever_write_the_power_is_cut_in(micropython: Path) -> None:
    told = run_script(micropython, "power_cuts")

    assert int(told.removeprefix("cuts ")) > 300


@pytest.mark.parametrize(
    "orders",
    [6, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(3_600)])],
)
def test_of_many_orders_none_is_lost_or_doubled_by_a_cut_in_any_write(
    orders: int, micropython: Path
) -> None:
    told = run_script(micropython, "every_cut", str(orders), heap="60m").split()

    figures = dict(zip(told[::2], map(int, told[1::2]), strict=True))
    assert figures["orders"] == orders
    assert figures["cuts"] > 100 * orders
    each = figures["writes"] / orders
    print(
        f"{orders} orders, power cut at each of {figures['cuts']} writes and erasures: "
        f"lost 0, doubled 0; {each:.0f} flash writes an order, {figures['erases']} erasures in all"
    )
    assert each < MOST_WRITES
