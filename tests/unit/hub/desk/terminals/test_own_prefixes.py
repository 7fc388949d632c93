"""The table of own prefixes in a distributor's folder."""

import pytest

from hub.desk.products.model import OwnPrefixRecord, catalogue_snapshot, write_own_prefixes
from hub.desk.terminals.commands.load.reading import DistributorError, read_distributor
from tests.builders.market import FILES

WEIGHT = '[[own_prefixes]]\nprefix = "21"\narticle = 5\nmeasures = "weight"\n'


def read(table: str) -> tuple[OwnPrefixRecord, ...]:
    """Read a folder whose settings end with a table."""
    files = {**FILES, "distributor.toml": FILES["distributor.toml"] + table}
    return read_distributor(files, scale=2).own_prefixes


def test_a_table_is_read_in_the_order_of_its_prefixes() -> None:
    price = WEIGHT.replace("21", "02").replace("weight", "price")

    assert read(WEIGHT + price) == (
        OwnPrefixRecord("02", 5, "price"),
        OwnPrefixRecord("21", 5, "weight"),
    )
    assert read("") == ()


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (WEIGHT + WEIGHT, "own_prefixes: 21 is there twice"),
        (WEIGHT + WEIGHT.replace("21", "2"), "prefix '2' does not begin with 02 or 20 to 29"),
        (WEIGHT + WEIGHT.replace("21", "212"), "21 is the beginning of 212"),
        (WEIGHT.replace("21", "890"), "prefix '890' does not begin with 02 or 20 to 29"),
        (WEIGHT.replace("= 5", "= 10"), "article 10 is not 1 to 9 digits behind 21"),
        (WEIGHT.replace("= 5", "= true"), "article True is not 1 to 9 digits behind 21"),
        (WEIGHT.replace("weight", "volume"), "measures 'volume' is not one of"),
        (WEIGHT + "unit = 1\n", "'unit' is not known"),
        (WEIGHT.replace('"21"', "21"), 'needs prefix = "21"'),
        ("[own_prefixes]\n", "write [[own_prefixes]]"),
    ],
)
def test_a_table_that_is_unclear_is_refused_and_says_why(table: str, why: str) -> None:
    with pytest.raises(DistributorError) as caught:
        read(table)

    (fault,) = caught.value.faults
    assert str(fault).startswith("distributor.toml:0: own_prefixes")
    assert why in str(fault)


def test_a_catalogue_without_own_prefixes_keeps_its_hash() -> None:
    products = read_distributor(FILES, scale=2).products

    assert catalogue_snapshot(products) == catalogue_snapshot(products, ())
    assert b"own_prefixes" not in catalogue_snapshot(products).body
    assert write_own_prefixes(()) == ""
