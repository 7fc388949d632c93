"""How much is sold and at what price: quantities, lists of rates and floors, also in CSV."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from sys import intern
from typing import Final

from rules.language.conditions import Packed, Reading, read_rule, refuse_ties
from rules.language.keys.common import PRICE
from rules.language.keys.prices import Adjust, CostPart, Floor, Margin, MrpPart, Price, Quantity
from rules.language.text.faults import Faults, Place
from rules.language.text.fields import Fields, read_number, shown_bound
from rules.language.text.files import MAX_FILE_BYTES, NOT_UTF8, read_file
from rules.language.text.keys import Percent
from rules.language.text.nodes import NO_NUL, Scalar
from rules.language.vocabulary import CUSTOMER_KEYS, LEVEL_KEYS
from rules.values.decimals import scaled
from rules.values.rounding import UNIT_PRICE_SCALE

_KINDS: Final = ("csv", "rates", "adjust", "margin", "mrp")
_HEADER: Final = ["sku", "price"]


def read_quantity(fields: Fields, reading: Reading) -> Packed:
    """Read how much is sold; of the rules that hold for a product the narrowest counts."""
    rule = read_rule(fields, reading)
    fields.take(Quantity, rule, scale=reading.scale)
    least, multiple = fields.number(Quantity.min), fields.number(Quantity.multiple)
    rule["min"] = least or 0
    rule["multiple"] = multiple or 0
    rule["then"] = fields.choice(Quantity.then) or "reject"
    if not fields.has(Quantity.then):
        fields.fault("'then' is missing: round_up, hold or reject")
    if not fields.has(Quantity.min) and not fields.has(Quantity.multiple):
        fields.fault("needs 'min' or 'multiple': the rule would ask for nothing")
    elif multiple == 1 and least is None and "unit" not in rule:
        fields.fault("everything is a multiple of 1: name a unit with 'in'", Quantity.multiple)
    fields.close()
    return rule


def read_price(fields: Fields, reading: Reading) -> Packed:
    """Read one price list."""
    rule = read_rule(fields, reading)
    fields.take(Price, rule, scale=reading.scale)
    level = fields.choice(Price.level)
    if level is None and not fields.has(Price.level):
        fields.fault("'level' is missing")
    if level is not None:
        rule["level"] = level
        _check_level(fields, rule, level)
    moves = [key for key in ("adjust", "margin") if fields.has(key)]
    kind = fields.exactly_one(*(key for key in _KINDS if key not in moves[1:]))
    if kind == "csv":
        rule["rates"] = _read_csv(fields, reading)
    elif kind == "rates":
        rule["rates"] = _read_rates(fields)
    elif kind == "mrp":
        rule["mrp"] = _read_percent(fields.table(Price.mrp), MrpPart.percent)
    elif kind:
        rule.update(_read_moves(fields, moves, level))
    if "per" in rule and "rates" not in rule:
        fields.fault("only a list of rates is for a unit: what moves a price keeps its", Price.per)
    fields.close()
    return rule


def refuse_price_ties(rules: Iterable[Packed], reading: Reading) -> None:
    """Report price lists of which neither wins where both hold."""
    refuse_ties((rule for rule in rules if "level" in rule), reading)


def price_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the CSV of each price list by the list's id, of a pack's files by their names.

    A list whose rates stand in a rule file is left out, and so are lists that share one CSV: a
    price of one would be a price of the others too.
    """
    faults, found = Faults(), dict[str, str]()
    for name in sorted(files):
        if not name.endswith((".yaml", ".yml")):
            continue
        file = read_file(name, files[name], faults, lists=())
        for fields in file.fields.tables("prices") if file else ():
            ident, csv = fields.text("id"), fields.text("csv")
            if ident and csv:
                found[ident] = csv
    shared = Counter(found.values())
    return {ident: csv for ident, csv in found.items() if shared[csv] == 1}


def read_floor(fields: Fields, reading: Reading) -> Packed:
    """Read below which price a person decides."""
    rule = read_rule(fields, reading)
    kind = fields.exactly_one("csv", "rates", "percent", "cost")
    if kind == "csv":
        rule["rates"] = _read_csv(fields, reading)
    elif kind == "rates":
        rule["rates"] = _read_rates(fields)
    elif kind == "percent":
        rule["percent"] = fields.number(Floor.percent) or 0
    elif kind == "cost":
        rule["cost"] = _read_percent(fields.table(Floor.cost), CostPart.percent)
    fields.close()
    return rule


def _check_level(fields: Fields, rule: Packed, level: str) -> None:
    when = rule.get("when", {})
    needed = LEVEL_KEYS.get(level)
    for_all = fields.flag(Price.for_all, default=False)
    if for_all and (needed is None or needed in when):
        text = "'for_all' is for a level without its condition: it holds as it is"
        fields.fault(text, Price.for_all)
    if needed is not None and needed not in when and not for_all:
        fields.fault(
            f"level '{level}' needs a condition on '{needed}', or 'for_all: true' where it holds "
            "for everybody",
            "level",
        )
    if level == "default" and any(key in CUSTOMER_KEYS for key in when):
        fields.fault("level 'default' holds for every customer: choose another level", "level")


def _read_percent(table: Fields | None, key: Percent) -> int:
    if table is None:
        return 0
    percent = table.need_number(key)
    table.close()
    return percent


def _read_moves(fields: Fields, moves: list[str], level: str | None) -> Packed:
    """Read what moves the next lower level's price: a margin, which only raises, and an adjustment.

    An adjustment by percent is packed as it always was, so that packs keep their hash.
    """
    if level == "default":
        fields.fault("nothing lies below level 'default' to adjust", moves[0])
    rule: Packed = {}
    if "margin" in moves:
        rule["margin"] = _read_move(fields.table(Price.margin), Margin)
    if "adjust" in moves:
        rule.update(_read_move(fields.table(Price.adjust), Adjust))
    return rule


def _read_move(table: Fields | None, keys: type[Margin | Adjust]) -> Packed:
    if table is None:
        return {}
    rule: Packed = {}
    kind = table.exactly_one(*keys.one_of)
    if kind == "percent":
        rule["percent"] = table.need_number(keys.percent)
    elif kind:
        rule["amount"] = table.need_number(keys.amount)
    table.close()
    return rule


def _read_rates(fields: Fields) -> dict[str, int]:
    table = fields.table(Price.rates)
    rates = {}
    for key, node in table.items() if table else ():
        if not isinstance(node, Scalar):
            fields.faults.add(node.place, f"the price of '{key.text}' is a number")
            continue
        value = read_number(
            node, UNIT_PRICE_SCALE, fields.faults, least=PRICE.least, most=PRICE.most
        )
        if value is not None:
            rates[key.text] = value
    return rates


def _read_csv(fields: Fields, reading: Reading) -> dict[str, int]:
    name = fields.text(Price.csv) or ""
    text = reading.sources.take(name)
    if text is None:
        if reading.sources.is_odd(name):
            fields.fault(f"'{name}' is no ordinary file", "csv")
        elif "\x00" not in name:  # else that has been said of the name already
            fields.fault(f"there is no file '{name}' in the folder", "csv")
        return {}
    if len(text) > MAX_FILE_BYTES:
        fields.fault(f"'{name}' is larger than {MAX_FILE_BYTES} bytes", "csv")
        return {}
    try:
        return _rates_of(text.decode("utf-8-sig"), name, reading)
    except UnicodeDecodeError as error:
        place = Place(name, text.count(b"\n", 0, error.start) + 1, 1)
        reading.faults.add(place, NOT_UTF8)
    except csv.Error as error:
        fields.fault(f"'{name}' is not CSV: {error}", "csv")
    return {}


def _rates_of(text: str, name: str, reading: Reading) -> dict[str, int]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [cell.strip() for cell in next(rows, [])]
    if header != _HEADER:
        there = f", not '{','.join(header)}'" if header else ""
        reading.faults.add(Place(name, 1, 1), f"the first row is 'sku,price'{there}")
        return {}
    rates: dict[str, int] = {}
    known: dict[str, int] = {}  # a thousand lists name one SKU, and ask the same price again
    for row in rows:
        if not row:
            continue
        if len(row) != len(_HEADER) or not row[0].strip():
            reading.faults.add(Place(name, rows.line_num, 1), "a row is a SKU and a price")
            continue
        if "\0" in row[0]:
            reading.faults.add(Place(name, rows.line_num, 1), NO_NUL)
            continue
        sku, price = intern(row[0].strip()), row[1].strip()
        if sku in rates:
            reading.faults.add(Place(name, rows.line_num, 1), f"'{sku}' has a price already")
            continue
        value = known.get(price)
        if value is None:
            try:
                value = _rate(price, sku)
            except ValueError as error:
                reading.faults.add(Place(name, rows.line_num, len(row[0]) + 2), str(error))
                continue
            known[price] = value
        rates[sku] = value
    return rates


def _rate(price: str, sku: str) -> int:
    """Read the price of a SKU from a cell of a CSV file.

    Raises:
        ValueError: it is empty, no number, or out of bounds: a bar code in the wrong column.
    """
    if not price:
        raise ValueError(f"'{sku}' has no price: write it, or leave the row out")
    value = scaled(price, UNIT_PRICE_SCALE)
    if value <= 0:
        raise ValueError(f"the price of '{sku}' is not above zero")
    if value > PRICE.most:
        most = shown_bound(PRICE.most, UNIT_PRICE_SCALE)
        raise ValueError(f"the price of '{sku}', {price}, is above {most}")
    return value
