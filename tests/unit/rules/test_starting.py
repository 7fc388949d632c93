"""`rules new`: a pack from a catalogue of products."""

from pathlib import Path

import pytest

from rules import load_pack, run_cases
from rules.__main__ import main
from rules.language import read_pack

PRODUCTS = """sku,name,category,brand,tax_class,mrp,price
TEA,"Tea, 250 g",food/tea,GOLD,food,120.00,99.50
SOAP,Soap: fine,home,,,25.00,
CUP,Cup,,,,,
"""


def _new(folder: Path, products: str, *more: str) -> int:
    path = folder / "products.csv"
    path.write_text(products, encoding="utf-8")
    return main(["new", str(folder / "pack"), "--products", str(path), *more])


def test_a_pack_is_started_that_tests_well_and_prices_what_has_a_price(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = _new(tmp_path, PRODUCTS, "--name", "depot", "--currency", "GBP")

    pack = load_pack(read_pack(tmp_path / "pack"))
    assert (code, pack.name, pack.currency, run_cases(pack)) == (0, "depot", "GBP", ())
    assert pack.prices.rules[0].rates == {"TEA": 995_000, "SOAP": 250_000}
    told = capsys.readouterr().out
    assert "2 products with a price" in told
    assert "without a price, so without a line in prices/base.csv: CUP" in told


@pytest.mark.parametrize(
    ("products", "told"),
    [
        ("name,price\nTea,1.00\n", "there is no column 'sku'"),
        ("sku,price\nTEA,\n", "no product has a price in price, list_price, mrp"),
        ("sku,price\n,1.00\n", "products.csv:2:1: a row without a SKU"),
        ("sku,price\nTEA,1\nTEA,2\n", "products.csv:3:1: 'TEA' has a row before this one"),
        ("sku,price\nTEA\n", "products.csv:2:1: a row without a SKU or a cell"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_told(
    products: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _new(tmp_path, products) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "pack").exists()


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "mine.yaml").write_text("mine")

    assert _new(tmp_path, PRODUCTS) == 2
    assert "name a new folder" in capsys.readouterr().err
    assert [one.name for one in (tmp_path / "pack").iterdir()] == ["mine.yaml"]
