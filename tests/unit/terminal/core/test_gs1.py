"""Element strings whose separators were lost or replaced, and other ways to name a product."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.gtin import check_digit_of, expanded
from terminal.core.codes import (
    BadRead,
    Measure,
    OtherRead,
    OwnPrefix,
    OwnPrefixError,
    ProductRead,
    counted,
    own_prefixes,
    read_code,
    read_own,
)
from terminal.core.words import Voice

GS = "\x1d"
GTIN = "09501101530003"
WEIGHED = "99501101530006"


def why(raw: str) -> str:
    """Give what the shop is told of a code that is refused."""
    read = read_code(raw)
    assert isinstance(read, BadRead), read
    return Voice().word(read.reason)


@pytest.mark.parametrize(
    "tail",
    [
        "376107",
        "372410AB12",
        "37241012",
        "372417270131",
        "372421SER9",
        "372421123",
        "3712101234",
        "37123456789",
        "302AB",
        "30221" + "99",
        "37X",
    ],
)
@pytest.mark.parametrize("start", ["01", "02", "]C101", "]d202"])
def test_a_count_that_cannot_be_told_apart_is_refused_aloud(start: str, tail: str) -> None:
    assert "the scanner loses" in why(f"{start}{GTIN}{tail}")


@pytest.mark.parametrize(
    ("raw", "quantity"),
    [
        (f"02{GTIN}376{GS}107", 6),
        (f"02{GTIN}3724{GS}10AB12", 24),
        (f"02{GTIN}17270131{GS}37120", 120),
        (f"02{GTIN}3724", 24),
        (f"02{GTIN}10AB{GS}376107", 6107),
        (f"(02){GTIN}(37)6107(10)7", 6107),
        (f"01{GTIN}3012", 12),
    ],
)
def test_a_count_whose_end_is_known_counts(raw: str, quantity: int) -> None:
    read = read_code(raw)

    assert isinstance(read, ProductRead)
    assert read.quantity == quantity


def test_what_a_case_holds_without_how_many_is_refused() -> None:
    assert "not how many" in why(f"02{GTIN}")


@pytest.mark.parametrize(
    "tail",
    ["10A20212109222008411519", "70031712311259" + "3012", "17", "172701", "17AB0131", "05X"],
)
def test_an_element_against_its_format_is_refused(tail: str) -> None:
    assert "cannot be told apart" in why(f"01{GTIN}{tail}")


@pytest.mark.parametrize("tail", ["17270131", "15270131", "1127013117280131"])
def test_a_batch_that_may_hold_a_date_leaves_the_product_and_takes_no_batch(tail: str) -> None:
    assert read_code(f"01{GTIN}10AB12{tail}") == ProductRead(GTIN, batch_unclear=True)
    assert read_code(f"01{GTIN}10AB12{tail}{GS}21S") == ProductRead(GTIN, batch=f"AB12{tail}")


@pytest.mark.parametrize("batch", ["AB12", "B2107", "L17279931", "2027", "10"])
def test_a_batch_that_can_only_be_one_is_taken(batch: str) -> None:
    assert read_code(f"01{GTIN}17270131{'10'}{batch}") == ProductRead(GTIN, 1, batch, "2027-01-31")


@pytest.mark.parametrize(
    "stand_in",
    [
        "{GS}",
        "<GS>",
        "[GS]",
        "{FNC1}",
        "^]",
        "|",
        "~",
        "#",
        "@",
        "]C1",
        "\\x1D",
        "\\u001d",
        "␝",
        "^",
    ],
)
@pytest.mark.parametrize("before", ["", "]C1", "stand-in"])
def test_what_a_scanner_sends_for_a_separator_is_one(stand_in: str, before: str) -> None:
    start = stand_in if before == "stand-in" else before

    read = read_code(f"{start}02{GTIN}10AB12{stand_in}3724{stand_in}17270131")

    assert read == ProductRead(GTIN, 24, "AB12", "2027-01-31")


@pytest.mark.parametrize("strange", ["$", "`", "€", "\\"])
def test_a_strange_letter_in_its_place_is_refused_and_says_what_to_set(strange: str) -> None:
    assert "set it to send GS" in why(f"01{GTIN}10AB12{strange}3724")


@pytest.mark.parametrize("raw", ["A|B", "RED~12", "#1", "x{GS}y"])
def test_a_sku_with_such_letters_stays_a_sku(raw: str) -> None:
    assert read_code(raw) == OtherRead(raw)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (f"(01){GTIN}(10)AB12(17)270131", ProductRead(GTIN, 1, "AB12", "2027-01-31")),
        (f"(01) {GTIN} (10) AB12", ProductRead(GTIN, batch="AB12")),
        (f"]C1(02){GTIN}(37)24", ProductRead(GTIN, 24)),
    ],
)
def test_the_text_under_a_bar_code_is_read_too(raw: str, read: ProductRead) -> None:
    assert read_code(raw) == read


@pytest.mark.parametrize("raw", [f"(01){GTIN}(10", f"(01){GTIN[:-1]}(10)A", f"(02){GTIN}(37)2A"])
def test_bracketed_text_that_is_cut_or_wrong_is_refused(raw: str) -> None:
    assert isinstance(read_code(raw), BadRead)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (f"https://id.gs1.org/01/{GTIN}", ProductRead(GTIN)),
        (
            f"https://id.gs1.org/01/{GTIN}/10/ABC?17=270131",
            ProductRead(GTIN, 1, "ABC", "2027-01-31"),
        ),
        (f"]Q1https://brand.example/p/01/{GTIN}/22/A/10/L%2F1/21/S", ProductRead(GTIN, 1, "L/1")),
        (f"HTTPS://ID.GS1.ORG/01/{GTIN[1:]}?linkType=all", ProductRead(GTIN)),
        (
            f"http://x.example/gtin/{GTIN}/lot/B7?exp=270131",
            ProductRead(GTIN, 1, "B7", "2027-01-31"),
        ),
        (
            f"https://x.example/01/{WEIGHED}?3103=001250",
            ProductRead(WEIGHED, measure=Measure("weight", 1250)),
        ),
        (f"https://x.example/02/{GTIN}/01/{GTIN}?30=12", ProductRead(GTIN, 12)),
    ],
)
def test_a_digital_link_names_product_batch_and_expiry(raw: str, read: ProductRead) -> None:
    assert read_code(raw) == read


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("https://shop.example/offers?id=01", "names no product"),
        ("https://id.gs1.org/414/9501101530003", "names no product"),
        ("https://id.gs1.org/01/", "names no product"),
        (f"https://id.gs1.org/01/{GTIN[:-1]}4", "check digit"),
        (f"https://id.gs1.org/01/{GTIN}/10/{'X' * 21}", "cannot be told apart"),
        (f"https://id.gs1.org/01/{GTIN}?37=many", "cannot be told apart"),
        ("https://[", "names no product"),
    ],
)
def test_an_address_without_a_readable_product_says_why(raw: str, told: str) -> None:
    assert told in why(raw)


@pytest.mark.parametrize(
    ("upc_e", "upc_a"),
    [
        ("04252614", "042100005264"),
        ("01234133", "012300000413"),
        ("01234543", "012345000033"),
        ("01234565", "012345000065"),
        ("12345607", "123456000007"),
    ],
)
def test_a_upc_e_is_the_upc_a_that_it_stands_for(upc_e: str, upc_a: str) -> None:
    system, body = upc_a[0], upc_e[1:7]
    whole = next(f"{system}{body}{one}" for one in "0123456789" if expanded(f"{system}{body}{one}"))

    read = read_code(f"]E0{whole}")

    assert isinstance(read, ProductRead)
    assert read.gtin == expanded(whole).zfill(14)
    assert read.instead == ""


def test_a_upc_e_that_is_an_ean_8_too_may_be_either_unless_the_scanner_says_which() -> None:
    both = next(
        code
        for number in range(1_000_000)
        if expanded(code := f"0{number:06d}{check_digit_of(f'0{number:06d}')}")
    )
    upc_a = expanded(both).zfill(14)

    assert read_code(both) == ProductRead(both.zfill(14), instead=upc_a)
    assert read_code(f"]E4{both}") == ProductRead(both.zfill(14))
    assert read_code(f"]E0{both}") == ProductRead(upc_a)


@pytest.mark.parametrize(
    "raw", ["977123456789805", "9771234567898 05", "977123456789812345", "]E3890123450001905"]
)
def test_the_digits_beside_a_code_are_not_of_it(raw: str) -> None:
    read = read_code(raw)

    assert isinstance(read, ProductRead)
    assert read.gtin in {"09771234567898", "08901234500019"}


def test_digits_that_look_like_an_add_on_are_not_cut_off_unannounced() -> None:
    assert read_code("890123450001905") == OtherRead("890123450001905")


TABLE = (OwnPrefix("21", 5, "weight"), OwnPrefix("22", 5, "price"), OwnPrefix("029", 4, "count"))


@pytest.mark.parametrize(
    ("body", "article", "measure"),
    [
        ("211234501234", "211234500000", Measure("weight", 1234)),
        ("221234501999", "221234500000", Measure("price", 1999)),
        ("029123400012", "029123400000", Measure("count", 12)),
    ],
)
def test_an_own_code_is_an_article_and_how_much_of_it(
    body: str, article: str, measure: Measure
) -> None:
    gtin = f"0{body}{check_digit_of(body)}"

    assert read_own(gtin, TABLE) == (f"0{article}{check_digit_of(article)}", measure)


@pytest.mark.parametrize("gtin", ["08901234500019", "02391234012345", "12112345012345"])
def test_any_other_code_is_no_own_code(gtin: str) -> None:
    assert read_own(gtin, TABLE) is None


@pytest.mark.parametrize(
    ("measure", "unit", "quantity"),
    [
        (Measure("weight", 1234), "G", 1234),
        (Measure("weight", 2000), "kg", 2),
        (Measure("weight", 1234), "KG", None),
        (Measure("weight", 1234), "PCS", None),
        (Measure("weight", 0), "G", None),
        (Measure("price", 1999), "PCS", 1),
        (Measure("count", 12), "PCS", 12),
        (Measure("count", 0), "PCS", None),
    ],
)
def test_a_measure_counts_in_the_products_own_unit_or_not_at_all(
    measure: Measure, unit: str, quantity: int | None
) -> None:
    assert counted(measure, unit) == quantity


@pytest.mark.parametrize(
    "rows",
    [
        {"21": 5},
        [{"prefix": "21"}],
        [{"prefix": "89", "article": 5, "measures": "weight"}],
        [{"prefix": "21", "article": 5, "measures": "volume"}],
        [{"prefix": "21", "article": 10, "measures": "weight"}],
        [{"prefix": "21", "article": 0, "measures": "weight"}],
        [
            {"prefix": "2", "article": 5, "measures": "price"},
            {"prefix": "21", "article": 5, "measures": "weight"},
        ],
    ],
)
def test_a_table_of_own_prefixes_that_is_unclear_is_refused(rows: object) -> None:
    with pytest.raises(OwnPrefixError):
        own_prefixes(rows)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\v"])
@pytest.mark.parametrize("command", ["OW-SUBMIT", "OW-CANCEL", "8901234500019"])
def test_a_symbol_with_line_breaks_is_refused_whatever_stands_in_it(end: str, command: str) -> None:
    assert "line breaks" in why(f"8901234500019{end}{command}")


@given(st.text(alphabet="0123456789AB\x1d|", max_size=30))
def test_whatever_follows_a_product_is_read_as_it_is_written_or_refused(tail: str) -> None:
    read = read_code(f"01{GTIN}{tail}")

    if isinstance(read, ProductRead) and read.quantity > 1:
        assert any(f"{ai}{read.quantity}" in tail.replace(f"{ai}0", ai) for ai in ("30", "37"))
    if isinstance(read, ProductRead) and read.batch:
        assert f"10{read.batch}" in tail
