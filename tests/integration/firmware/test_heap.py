"""What a heap of small pieces is enough for."""

import subprocess
from pathlib import Path

import pytest

from tests.fixtures.firmware import ON_MICROPYTHON

pytestmark = pytest.mark.needs("micropython")

ORDERS = 300


def test_orders_of_days_without_a_line_need_no_large_piece_of_the_heap(
    micropython: Path, firmware_twin: Path, tmp_path: Path
) -> None:
    script = ON_MICROPYTHON / "waiting_orders.py"

    done = subprocess.run(
        [micropython, "-X", "heapsize=256k", script, tmp_path / "records", str(ORDERS)],
        env={"MICROPYPATH": f"{firmware_twin}:.frozen"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["answered", str(ORDERS)], done.stdout + done.stderr
