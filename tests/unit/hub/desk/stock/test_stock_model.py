"""Laws of stock without a database: scans, lines, moves, arrivals and counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.fields import Reason
from hub.desk.parties.model.cells import CellError
from hub.desk.stock.model.arrivals import Arrival, moves_of
from hub.desk.stock.model.levels import Level, read_level, walk_key
from hub.desk.stock.model.lines import NEVER, read_lines, rows_of, texts_of
from hub.desk.stock.model.moves import (
    LockedBatch,
    Move,
    counts_again,
    missing,
    needs_second,
    worth_of,
)
from hub.desk.stock.model.scans import ScannedRow, add_row, read_scan

GTIN = "08901234567890"
GS = "\x1d"


@pytest.mark.parametrize(
    "code",
    [
        f"01{GTIN}1726113010B7{GS}3012",
        f"{GS}01{GTIN}1726113010B7{GS}3012",
        f"]d201{GTIN}1726113010B7{GS}3012",
        f"]C101{GTIN}17261130" + f"10B7{GS}3012",
        f"(01){GTIN}(17)261130(10)B7(30)12",
        f"01{GTIN}1726113010B7<GS>3012\r",
    ],
)
def test_an_element_string_is_read_however_the_scanner_sends_fnc1(code: str) -> None:
    scan = read_scan(code)

    assert scan.gtins == (GTIN,)
    assert (scan.batch, scan.expiry, scan.count) == ("B7", "2026-11-30", 12)


def test_so_many_at_once_are_typed_before_the_scan() -> None:
    of_boxes = read_scan(f"3*01{GTIN}1726113010B7{GS}3012")

    assert (of_boxes.batch, of_boxes.count) == ("B7", 36)
    assert read_scan("40*RICE-5").count == 40
    with pytest.raises(CellError) as none:
        read_scan("0*RICE-5")
    assert none.value.reason.code == "scan_of_none"


@pytest.mark.parametrize(
    ("variance", "each", "above", "again"),
    [
        (-3, 200, 500, True),
        (-2, 250, 500, False),
        (2, 251, 500, True),
        (1, None, 500, True),
        (0, None, 0, False),
        (1, 1, 0, True),
        (-1_000, 1_000, None, False),
    ],
)
def test_what_differs_by_more_than_the_limit_is_counted_again(
    variance: int, each: int | None, above: int | None, *, again: bool
) -> None:
    assert counts_again(variance, each, above) == again


def test_the_day_of_production_and_a_case_s_contents_are_read() -> None:
    scan = read_scan(f"02{GTIN}112601003724")

    assert (scan.manufactured, scan.count) == ("2026-01-31", 24)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (f"02{GTIN}", "scan_no_count"),
        (f"01{GTIN}376107", "scan_count_unclear"),
        ("8901234567891", "cell_gtin_check"),
        (f"01{GTIN}17261340", "scan_no_day"),
        (f"01{GTIN}1127022917270630", "scan_no_day"),
        ("]C110B7", "scan_no_product"),
        ("  ", "cell_empty"),
    ],
)
def test_what_cannot_be_read_for_sure_is_refused(code: str, why: str) -> None:
    with pytest.raises(CellError) as refused:
        read_scan(code)

    assert refused.value.reason.code == why


@given(st.text(max_size=40))
def test_no_scan_breaks_the_page(text: str) -> None:
    try:
        scan = read_scan(text)
    except CellError:
        return
    assert bool(scan.gtins) != bool(scan.sku)


def test_scans_of_one_batch_are_counted_in_one_row() -> None:
    first = add_row([], ScannedRow("TEA", "B7", "", "2026-11-30", 12))
    second = add_row(first, ScannedRow("TEA", "B7", "", "", 12))
    other = add_row(second, ScannedRow("TEA", "B8", "", "", 1))

    assert [(row["batch"], row["quantity"]) for row in other] == [("B7", "24"), ("B8", "1")]
    assert rows_of(texts_of(other)) == other


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("", "", ""), ("", "", "2027-01-31")),
        (("", "", "2027-01-31"), ("", "", "")),
        (("", "", "2027-01-31"), ("", "2026-11-01", "2027-01-31")),
        (("T1", "", "2027-01-31"), ("T1", "", "2027-02-28")),
    ],
)
def test_a_scan_with_another_date_is_of_other_goods(
    first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    rows = add_row([], ScannedRow("TEA", *first, 12))
    rows = add_row(rows, ScannedRow("TEA", *second, 1))

    seen = [(row["quantity"], row["expiry"]) for row in rows]
    assert seen == [("12", first[2]), ("1", second[2])]


def test_a_scan_whose_batch_has_to_be_typed_is_in_a_row_of_its_own() -> None:
    rows = add_row([], ScannedRow("TEA", "", "", "", 12))
    rows = add_row(rows, ScannedRow("TEA", "", "", "", 1, unclear=True))

    assert [row["quantity"] for row in rows] == ["12", "1"]


def test_each_fault_of_a_line_names_its_cell() -> None:
    good = {"code": "TEA", "batch": "B7", "quantity": "1", "expiry": NEVER[0]}

    lines, faults = read_lines([good, {**good, "quantity": "", "expiry": "soon"}])

    assert lines[0].never_expires
    assert [(one.code, one.field) for one in faults] == [
        ("cell_empty", "2.quantity"),
        ("cell_not_day", "2.expiry"),
    ]


def test_lines_of_one_batch_share_what_is_free_of_it() -> None:
    batch = LockedBatch(1, "B7", "TEA", 30, 20, 0, 0, 0, 1_000_000)
    moves = [Move(1, "good", "damaged", 6), Move(1, "good", None, 6)]

    assert missing(moves, {1: batch}) == {2: 2}
    assert worth_of(moves, {1: batch}) == 12_000_000


@pytest.mark.parametrize(
    ("worth", "asked"), [(0, False), (1_000, False), (1_001, True), (None, True)]
)
def test_exactly_the_amount_is_let_through_and_an_unknown_worth_is_not(
    worth: int | None, *, asked: bool
) -> None:
    assert needs_second(worth, 1_000) is asked


@given(sent=st.integers(0, 1_000), arrived=st.integers(0, 1_000))
def test_what_was_sent_leaves_transit_whole_and_what_arrived_is_there(
    sent: int, arrived: int
) -> None:
    moves = [one.move for one in moves_of([Arrival(1, 1, 2, sent, arrived)])]

    assert sum(one.of("transit") for one in moves) == -sent
    assert sum(one.of("good") for one in moves) == arrived


def test_bins_are_walked_past_in_the_order_of_their_numbers_and_none_comes_last() -> None:
    bins = ["", "B-1", "A-10-2", "a-2", "A-2-1", "12", "A", "2"]

    assert sorted(bins, key=walk_key) == ["2", "12", "A", "a-2", "A-2-1", "A-10-2", "B-1", ""]
    assert read_level({"bin": "x" * 33}) == [
        Reason("cell_too_long", {"length": 33, "most": 32}, "bin")
    ]
    assert read_level({"bin": ""}, now=Level(5, None, "A-2")) == Level(5, None, "")
    assert read_level({"reorder": "7"}, now=Level(5, None, "A-2")) == Level(7, None, "A-2")
