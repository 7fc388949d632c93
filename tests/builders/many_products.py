"""A distributor that sells many products with bar codes beside the market's."""

from pathlib import Path
from typing import Final

from firmware.codes.gs1 import check_digit_fits

PRICE: Final = "12.50"


def sku_of(number: int) -> str:
    """Give the SKU of one of many products."""
    return f"P{number:04}"


def gtin_of(number: int) -> str:
    """Give the EAN-13 of one of many products."""
    twelve = f"890{number:09}"
    return twelve + next(one for one in "0123456789" if check_digit_fits(twelve + one))


def name_of(number: int) -> str:
    """Give the name of one of many products."""
    return f"Biscuits {number:04} of a long name"


def sell_more(shop: Path, *, count: int) -> Path:
    """Write so many products, with stock and a price, into a distributor's files; gives them."""
    products = stock = prices = ""
    for number in range(count):
        sku = sku_of(number)
        products += f"{sku},{gtin_of(number)},{name_of(number)},food,,none,PCS,\n"
        stock += f"MAIN,{sku},B{sku},2026-01-01,,2026-02-01,100000\n"
        prices += f"{sku},{PRICE}\n"
    files = {"products.csv": products, "batches.csv": stock, "pack/prices.csv": prices}
    for path, rows in files.items():
        with (shop / path).open("a") as stream:
            stream.write(rows)
    return shop
