"""What tests of a terminal at its counter share."""

from pathlib import Path

import pytest

from tests.fixtures.shops import Shop


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal that has met its hub before."""
    shop.settle(tmp_path)
    return tmp_path
