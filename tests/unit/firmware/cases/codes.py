"""Codes as scanners give them."""

from firmware.codes.gs1 import check_digit_fits
from firmware.codes.reading import read_code, typed

GS = "\x1d"


def read(raw):
    one = read_code(raw)
    return one.kind, one.code, one.quantity


def test_every_length_of_gtin_is_one_product():
    assert read("8901234567890") == ("product", "08901234567890", 1)
    assert read("96385074") == ("product", "00000096385074", 1)
    assert read("036000291452") == ("product", "00036000291452", 1)
    assert read("15400141288763") == ("product", "15400141288763", 1)


def test_a_wrong_check_digit_may_still_be_a_sku_and_says_why():
    one = read_code("8901234567895")

    assert (one.kind, one.code, one.why) == (
        "other",
        "8901234567895",
        "the check digit does not fit",
    )


def test_check_digits_are_those_of_gs1():
    assert check_digit_fits("8901234567890")
    assert not check_digit_fits("8901234567893")
    assert not check_digit_fits("")
    assert not check_digit_fits("12a4")


def test_an_element_string_gives_product_and_count():
    assert read("]C1011540014128876310A7" + GS + "3712") == ("product", "15400141288763", 12)
    assert read("(01)15400141288763(30)6") == ("product", "15400141288763", 6)
    assert read("0115400141288763") == ("product", "15400141288763", 1)


def test_a_bad_date_does_not_lose_the_product():
    assert read("]d20115400141288763172602303724") == ("product", "15400141288763", 24)


def test_commands_are_read_in_any_case_and_with_their_number():
    assert read("OW-SUBMIT")[0] == "SUBMIT"
    assert read("ow-undo")[0] == "UNDO"
    assert read("OW-QTY-12") == ("QTY", "", 12)
    assert read("OW-QTY--3") == ("QTY", "", -3)
    assert read("OW-UNIT-Case") == ("UNIT", "Case", 1)
    assert read("COUPON:Diwali 26") == ("COUPON", "Diwali 26", 1)


def test_what_is_no_command_is_bad_and_named():
    assert read_code("OW-DANCE").kind == "bad"
    assert "DANCE" in read_code("OW-DANCE").why
    assert read_code("OW-QTY-").kind == "bad"
    assert read_code("OW-QTY-1234567890123").kind == "bad"


def test_nothing_and_too_much_are_bad():
    for raw in ("", "   ", "\x00\x01", "]C1", GS, "x" * 65):
        assert read_code(raw).kind == "bad", raw


def test_a_counted_nothing_is_bad():
    assert read_code("(01)15400141288763(30)0").kind == "bad"


def test_a_person_may_leave_the_prefix_out():
    assert typed("submit ") == "OW-SUBMIT"
    assert typed("qty-5") == "OW-QTY-5"
    assert typed("TEA-250") == "TEA-250"
    assert typed("status-9") == "status-9"


def test_a_code_on_a_magazine_is_read_without_the_digits_beside_it():
    assert read("977123456700305") == ("product", "09771234567003", 1)
    assert read("]E3977123456700305") == ("product", "09771234567003", 1)
    assert read("9771234567003 05") == ("product", "09771234567003", 1)
    assert read("123456789012345") == ("other", "123456789012345", 1)


def test_a_upc_e_stands_for_its_twelve_digits():
    assert read("04252614") == ("product", "00042100005264", 1)
    assert read("]E0425261") == ("product", "00042100005264", 1)


def test_eight_digits_may_stand_for_two_products_unless_the_scanner_says_which():
    both = read_code("01000009")
    assert (both.code, both.instead) == ("00000001000009", "00010000000009")
    assert read_code("]E401000009").instead == ""


def test_a_weight_counts_for_goods_that_vary_in_weight_only():
    assert read_code("01989012345678933103001500").grams == 1500
    assert read_code("01089012345678903103001500").grams is None


def test_a_web_address_names_its_product_and_how_many():
    assert read("HTTPS://a.b/x/01/8901234567890/10/A%2FB?30=6") == ("product", "08901234567890", 6)
    assert read("https://a.b/gtin/8901234567890#30=6") == ("product", "08901234567890", 1)
    assert read_code("https://a.b/offers").why == "unclear: the address names no product"


def test_a_lost_separator_is_refused_and_a_replaced_one_is_read():
    assert read_code("0108901234567890306107").kind == "bad"
    assert read("010890123456789010A|306") == ("product", "08901234567890", 6)
