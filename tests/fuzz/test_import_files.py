"""Files of masters that went wrong: refused in words, or every row is told of."""

import random
from typing import Final

import pytest

from hub.base.fields.words import sentence
from hub.base.sheets import COMMA, SheetError, decode_file, read_sheet, write_workbook
from hub.desk.imports.model import ColumnsError, map_columns, texts_of, write_rows
from hub.desk.imports.store import KINDS
from hub.desk.parties.model.fields import read_fields as read_customer
from hub.desk.products.model.fields import check_product, codes_of
from hub.desk.products.model.fields import read_fields as read_product
from hub.run.bootstrap import NOUNS
from tests.fixtures.trials import Trials
from tests.fuzz.mutations import mutated, mutated_bytes
from tests.fuzz.turns import try_turns

_AT_A_TIME: Final = 100
_ROWS: Final = (
    ("sku", "name", "gtins", "pack_sizes", "pack_gtins", "mrp"),
    ("TEA", "Tea 250 g", "8901234567906", "CASE=12", "CASE=18901234567903", "99.50"),
    ("007", "चाय 🍵", "08900000123452;96385074", "", "", ""),
    ("JAM", 'Jam, "best"', "", "BOX=6;CASE=48", "", "12"),
)
_SHOPS: Final = (
    "code;name;phone;credit_limit;gstin;since\n"
    "C1;Asha Stores;98450 12345;5000.00;29AAGCB7383J1Z4;2026-04-03\n"
    "C2;दुकान;;none;;\n"
)
_PRODUCTS: Final = write_rows(_ROWS[0], _ROWS[1:], COMMA)
_READ: Final = {"products": read_product, "customers": read_customer}


def _body(chance: random.Random, kind: str) -> bytes:
    if kind == "products" and chance.random() < 0.2:
        return mutated_bytes(chance, write_workbook("p", _ROWS))
    text = _PRODUCTS if kind == "products" else _SHOPS
    if chance.random() < 0.6:
        return mutated(chance, text).encode(chance.choice(["utf-8", "utf-16"]), "replace")
    return mutated_bytes(
        chance, text.encode(chance.choice(["utf-8", "cp1252", "utf-16"]), "replace")
    )


def _try(chance: random.Random, _turn: int) -> list[str]:
    kind = chance.choice(["products", "customers"])
    body = _body(chance, kind)
    try:
        text = decode_file(body)
        sheet = read_sheet(text)
        columns = map_columns(KINDS[kind].spec, sheet.header, {})
    except SheetError as error:
        return [] if error.fault.text else ["a file was refused without a word"]
    except ColumnsError as error:
        return [] if all(map(sentence, error.reasons)) else ["a column was refused without a word"]
    wrong = [] if read_sheet(text) == sheet else ["read twice, it is another table"]
    for row in sheet.rows:
        texts = texts_of(sheet.by_column(row), columns)
        list(KINDS[kind].marks(texts))
        fields = {name: one for name, one in texts.items() if name not in KINDS[kind].spec.key}
        found, faults = _READ[kind](fields)
        if not all(map(sentence, faults)):
            wrong.append(f"row {row.number} was refused without a word")
        if kind == "products" and not faults:
            list(check_product(found))
            strange = [code for code in codes_of(found) if not (code.isascii() and code.isdigit())]
            wrong += [f"{code!r} was taken for a bar code" for code in strange]
    return wrong


def try_files(seed: int) -> list[str]:
    """Read spoilt files of products and of customers."""
    assert NOUNS  # all nouns have registered their reasons
    return try_turns(seed, _AT_A_TIME, _try)


@pytest.mark.timeout(3_600)
def test_a_spoilt_file_is_refused_in_words_or_each_row_is(trials: Trials) -> None:
    found = trials.run(try_files, usual=300 // _AT_A_TIME, long=100_000 // _AT_A_TIME)

    assert found == [], "\n".join(found)
