"""The command that starts a pack: a folder with the products of a catalogue, priced, and a case."""

import argparse
import csv
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from rules.commands.files import read_folder
from rules.commands.running import OK, Command, StopError
from rules.language.text.faults import unreadable

_PRICES: Final = ("price", "list_price", "mrp")
"""The columns that a first price comes from, the best first."""

_FACTS: Final = ("name", "category", "brand", "tax_class")

Row = Mapping[str, str]


def _new(chosen: argparse.Namespace) -> int:
    folder: Path = chosen.folder
    if folder.exists() and any(folder.iterdir()):
        raise StopError(f"{folder}: there is something in it already: name a new folder")
    rows = _rows(chosen.products)
    priced = {row["sku"]: price for row in rows if (price := _price(row)) is not None}
    if not priced:
        columns = ", ".join(_PRICES)
        raise StopError(f"{chosen.products}: no product has a price in {columns}: fill in one")
    (folder / "prices").mkdir(parents=True, exist_ok=True)
    lines = ["sku,price", *(f"{sku},{price}" for sku, price in priced.items())]
    (folder / "prices" / "base.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    first = next(row for row in rows if row["sku"] in priced)
    text = _pack(chosen, first, priced[first["sku"]])
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    read_folder(folder)
    print(f"{folder}: {len(priced)} products with a price, one case; now: rules test {folder}")
    without = [row["sku"] for row in rows if row["sku"] not in priced]
    if without:
        more = f" and {len(without) - 1} more" if len(without) > 1 else ""
        print(f"without a price, so without a line in prices/base.csv: {without[0]}{more}")
    return OK


def _rows(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if "sku" not in (reader.fieldnames or ()):
                raise StopError(f"{path}:1:1: there is no column 'sku'")
            rows: dict[str, Row] = {}
            for row in reader:
                at = f"{path}:{reader.line_num}:1"
                if None in row or None in row.values() or not row["sku"]:
                    raise StopError(f"{at}: a row without a SKU or a cell")
                if rows.setdefault(row["sku"], row) is not row:
                    raise StopError(f"{at}: '{row['sku']}' has a row before this one: keep one")
            return list(rows.values())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StopError(unreadable(path, error)) from error


def _price(row: Row) -> str | None:
    """Give the first price of a product that is a number above nothing."""
    for column in _PRICES:
        text = row.get(column, "").strip()
        try:
            if text and Decimal(text) > 0:
                return text
        except InvalidOperation:
            continue
    return None


def _pack(chosen: argparse.Namespace, first: Row, price: str) -> str:
    """Write the pack; JSON's way to write words is YAML's too."""
    facts = {key: first[key].strip() for key in _FACTS if first.get(key, "").strip()}
    product = ", ".join(f"{key}: {_word(text)}" for key, text in facts.items())
    sku = _word(first["sku"])
    head = f"{{name: {_word(chosen.name)}, version: 1, currency: {chosen.currency},"
    head += f" scale: {chosen.scale}, timezone: {chosen.timezone}}}"
    return f"""# Begun from {chosen.products.name}. List prices are in prices/base.csv.
# Next: prices for some customers, schemes, taxes, credit; LANGUAGE.md shows each in ten steps.
pack: {head}

prices:
  - {{id: BASE, level: default, csv: prices/base.csv}}

case_products:
  {sku}: {{{product}}}

tests:
  - name: one piece at its list price
    on: {chosen.on}
    lines: [{{sku: {sku}, qty: 1}}]
    expect: {{lines: {{1: {{unit_price: {price}}}}}, outcome: accept}}
"""


def _word(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _takes_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, help="the folder to make")
    command.add_argument(
        "--products",
        type=Path,
        required=True,
        metavar="FILE.csv",
        help=f"all products, as the hub loads them: sku, and one of {', '.join(_PRICES)}",
    )
    command.add_argument("--name", default="first", help="the pack's name (first)")
    command.add_argument("--currency", default="INR", help="three capital letters (INR)")
    command.add_argument("--scale", type=int, default=2, help="decimals of the currency (2)")
    command.add_argument("--timezone", default="Asia/Kolkata", help="(Asia/Kolkata)")
    command.add_argument("--on", default="2026-04-01", metavar="DAY", help="the day of the case")


COMMANDS: Final[Mapping[str, Command]] = {
    "new": Command(
        _new,
        "start a pack from a catalogue of products: a price list, a head and a case",
        "first --products products.csv",
        _takes_folder,
    ),
}
