"""Real order files: each dirty row is named with its reason, the rest becomes orders."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract import MAX_LINES, MAX_QUANTITY
from simulators.data import ORDERS, Pick, gathered, read_orders
from simulators.errors import InputFileError

HEADER = "invoice,stock_code,description,quantity,invoiced_at,unit_price,customer_id,country"
GOOD = "490397,21844,RETRO SPOT MUG,6,2009-12-06T10:30:00,2.95,12417,Belgium"


def written(folder: Path, *rows: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def with_field(column: str, value: str) -> str:
    fields = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    return ",".join((fields | {column: value}).values())


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (with_field("invoice", "C490397"), "cancellation"),
        (with_field("invoice", "A506401"), "not_a_product"),
        (with_field("invoice", ""), "no_invoice"),
        (with_field("invoice", "49 0397"), "bad_invoice"),
        (with_field("stock_code", "POST"), "not_a_product"),
        (with_field("stock_code", "m"), "not_a_product"),
        (with_field("stock_code", "BANK CHARGES"), "not_a_product"),
        (with_field("stock_code", "TEST001"), "not_a_product"),
        (with_field("stock_code", ""), "no_stock_code"),
        (with_field("stock_code", "21 844"), "bad_stock_code"),
        (with_field("stock_code", "é1844"), "bad_stock_code"),
        (with_field("stock_code", "0104012345123456"), "bad_stock_code"),
        (with_field("quantity", "six"), "bad_number"),
        (with_field("quantity", ""), "bad_number"),
        (with_field("quantity", "6.5"), "bad_number"),
        (with_field("quantity", "6_000"), "bad_number"),
        (with_field("quantity", "٦"), "bad_number"),
        (with_field("quantity", "0"), "bad_quantity"),
        (with_field("quantity", "-6"), "bad_quantity"),
        (with_field("quantity", str(MAX_QUANTITY + 1)), "bad_quantity"),
        (with_field("unit_price", ""), "no_price"),
        (with_field("unit_price", "0"), "no_price"),
        (with_field("unit_price", "0.00"), "no_price"),
        (with_field("unit_price", "-2.95"), "no_price"),
        (with_field("unit_price", "NaN"), "bad_number"),
        (with_field("unit_price", "1e3"), "bad_number"),
        (with_field("unit_price", "2.95001"), "bad_number"),
        (with_field("customer_id", ""), "no_customer"),
        (with_field("customer_id", "1" * 65), "bad_customer"),
        (with_field("invoiced_at", "yesterday"), "bad_date"),
        (with_field("invoiced_at", "2010-02-30T10:00:00"), "bad_date"),
        (GOOD.rpartition(",")[0], "too_few_fields"),
        ("490397", "too_few_fields"),
        (GOOD + ",more", "too_many_fields"),
        (with_field("description", '"MUG'), "broken_quotes"),
        (with_field("description", "MUG\x00"), "bad_text"),
    ],
)
def test_a_dirty_row_is_named_with_its_line_and_reason(tmp_path: Path, row: str, code: str) -> None:
    path = written(tmp_path, GOOD, row, GOOD)

    found = read_orders(path)

    assert [(skip.row, skip.code) for skip in found.skipped] == [(3, code)]
    assert str(found.skipped[0]).startswith(f"orders.csv:3: {code}: ")
    assert "\n" not in str(found.skipped[0])
    assert len(found.lines) == 2
    assert found.rows_read == 3


def test_bytes_that_are_no_text_cost_one_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    bad = GOOD.encode().replace(b"RETRO", b"\xff\xfe")
    path.write_bytes(b"\n".join([HEADER.encode(), GOOD.encode(), bad, GOOD.encode()]))

    found = read_orders(path)

    assert [(skip.row, skip.code) for skip in found.skipped] == [(3, "bad_text")]
    assert len(found.lines) == 2


def test_an_open_quote_does_not_swallow_the_rows_after_it(tmp_path: Path) -> None:
    rows = [with_field("description", '"MUG'), *[GOOD] * 30, with_field("description", 'MUG"')]
    path = written(tmp_path, *rows)

    found = read_orders(path)

    assert [(skip.row, skip.code) for skip in found.skipped] == [(2, "broken_quotes")]
    assert len(found.lines) == 31


def test_quoted_commas_line_feeds_and_blank_lines_are_no_fault(tmp_path: Path) -> None:
    quoted = with_field("description", '"MUG, RED\nWITH  SPOTS"')
    path = written(tmp_path, quoted, "", GOOD)

    found = read_orders(path)

    assert found.skipped == []
    assert [line.row for line in found.lines] == [2, 5]
    assert found.lines[0].description == "MUG, RED WITH SPOTS"


def test_columns_may_come_in_any_order_with_others_between(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    columns = ["colour", *reversed(HEADER.split(","))]
    fields = ["red", *reversed(GOOD.split(","))]
    path.write_text("\ufeff" + ",".join(columns) + "\r\n" + ",".join(fields) + "\r\n", "utf-8")

    found = read_orders(path)

    assert [line.stock_code for line in found.lines] == ["21844"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"gtin,name\n1,2\n", "does not name the column(s) invoice"),
    ],
)
def test_what_is_no_orders_file_is_said_in_one_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)

    with pytest.raises(InputFileError) as caught:
        read_orders(path)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["missing", "plain", "cut", "flipped", "folder"])
def test_a_file_that_cannot_be_read_is_said_in_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "orders.csv.gz"
    packed = gzip.compress(ORDERS.name.encode() * 40 + b"\n")
    if damage == "plain":
        path.write_text(HEADER, "utf-8")
    elif damage == "cut":
        path.write_bytes(gzip.compress(gzip.decompress(ORDERS.read_bytes()))[:5000])
    elif damage == "flipped":
        path.write_bytes(packed[:10] + b"\xff" * 12 + packed[22:])
    elif damage == "folder":
        path.mkdir()

    with pytest.raises(InputFileError) as caught:
        read_orders(path)

    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


@given(tail=st.binary(max_size=400))
def test_any_bytes_are_rows_or_skipped_rows_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "orders.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode() + tail)

    found = read_orders(path)

    assert found.lines[0].customer == "12417"
    assert sum(found.reasons.values()) + len(found.lines) == found.rows_read


@given(
    rows=st.lists(
        st.lists(st.text(alphabet='0123456789C".- é\t', max_size=8), max_size=9), max_size=6
    )
)
def test_any_fields_are_rows_or_skipped_rows_and_the_last_good_row_is_kept(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = written(
        tmp_path_factory.mktemp("any"), *[",".join(row).replace('"', "'") for row in rows], GOOD
    )

    found = read_orders(path)

    assert found.lines[-1].stock_code == "21844"


def test_the_shipped_file_is_read_to_its_last_row() -> None:
    found = read_orders(ORDERS)

    assert found.rows_read == 14_269
    assert found.reasons["cancellation"] == 420
    assert set(found.reasons) == {"cancellation", "not_a_product", "no_customer", "no_price"}


def test_an_invoice_is_one_order_and_keeps_its_repeated_products(tmp_path: Path) -> None:
    other = with_field("invoice", "490398")
    path = written(tmp_path, GOOD, with_field("stock_code", "85123a"), other, GOOD)

    orders = list(gathered(read_orders(path).lines))

    assert [order.invoice for order in orders] == ["490397", "490398"]
    assert orders[0].picks == (Pick("21844", 6), Pick("85123A", 6), Pick("21844", 6))
    assert orders[0].products == 2


def test_an_invoice_with_more_products_than_an_order_may_hold_becomes_two(tmp_path: Path) -> None:
    rows = [with_field("stock_code", str(20_000 + number)) for number in range(MAX_LINES + 3)]
    path = written(tmp_path, *rows)

    orders = list(gathered(read_orders(path).lines))

    assert [order.products for order in orders] == [MAX_LINES, 3]
