"""Slips, on both widths of paper."""

import json

from firmware.core.answers import answer_rows, notice_rows
from firmware.core.clocks import HubClock, civil, told_time
from firmware.core.escpos import END, START, encoded
from firmware.core.latin import latin, page_bytes
from firmware.core.layout import RULE, lines_of, row
from firmware.core.order import Currency, order_of
from firmware.core.reports import (
    sheet_rows,
    told_rows,
)
from firmware.core.slip import (
    Heading,
    maybe_printed,
    queued_rows,
    refused_rows,
    short_rows,
    with_copy,
)
from firmware.core.wire import read_down

SHOP = {"distributor": "Kaveri Distributors", "support": "+91 80", "customer": "Anand (C-0107)"}
HEADING = Heading(SHOP, "anand-stores", made_at="09 Oct 2025 14:24")
ORDER = "0199c82c-c3e8-7000-8000-000000001ef2"


def kept(name):
    with open("tests/golden/wire/" + name + ".json", "rb") as stream:
        return read_down(stream.read())


def paper(rows, columns):
    return [text for one in rows for style, text in lines_of(one, columns) if style != "qr"]


def test_no_line_of_any_slip_is_wider_than_the_paper():
    lines = order_of(
        [["scan", "SKU-" + "9" * 40, "A name of many words " * 8, "", 1, 10**9, 9_000]]
    )
    for columns in (32, 48):
        for rows in (
            answer_rows(HEADING, kept("answer")),
            answer_rows(HEADING, kept("answer-packs")),
            answer_rows(HEADING, kept("answer-codes")),
            notice_rows(HEADING, kept("notice")),
            notice_rows(HEADING, kept("notice-decided")),
            answer_rows(HEADING, decided("held", deciders=["warehouse", "accounts"])),
            refused_rows(HEADING, "anand-stores-41", kept("refused")),
            short_rows(HEADING, "anand-stores-41", ORDER, status="held"),
            queued_rows(HEADING, "n-1", ORDER, lines=lines.lines, currency=Currency("INR")),
            told_rows(HEADING, "STATUS", "anand-stores", lines=["x" * 100]),
            sheet_rows("anand-stores"),
        ):
            for one in rows:
                for style, text in lines_of(one, columns):
                    most = columns // 2 if style == "big" else columns
                    assert style in ("qr", "barcode") or len(text) <= most, text


def test_an_answer_says_what_was_decided_and_why():
    text = "\n".join(paper(answer_rows(HEADING, kept("answer")), 48))

    for wanted in (
        "CONFIRMED, CHANGED",
        "anand-stores-41",
        "Line 1: 12 of 24 TEA-250 are there",
        "ordered 24, 12 can be sent",
        "Batch A-0925 exp 30 Sep 2026: 12",
        "5 % on tea",
        "Sandal soap 50 g",
        "FREE",
        "4,129.00",
        "Almost: 2 more SOAP-4X100 earn one more free",
        "15,871.00",
    ):
        assert wanted in text, wanted


def decided(status, **more):
    """Give the golden answer with another outcome."""
    with open("tests/golden/wire/answer.json", "rb") as stream:
        told = json.loads(stream.read())
    told["data"].update(more)
    told["data"]["status"] = status
    return read_down(json.dumps(told).encode())


def test_each_scheme_tax_and_gift_is_told_where_it_was_earned_and_the_code_leads_to_the_order():
    """12 of tea at 5 % off: the scheme by name, its gift below it, each tax of what it is on."""
    with open("tests/golden/wire/answer.json", "rb") as stream:
        told = json.loads(stream.read())["data"]
    line = dict(told["lines"][0], line=1)
    line["discounts"] = [{"rule": "TEA-5", "amount": line["discount"]}, {"rule": "TEA-OLD"}]
    gift = {"sku": "SPOON", "name": "Spoon", "qty": 1, "rule": "TEA-GIFT", "lines": [1]}
    of_no_line_here = dict(gift, sku="CUP", name="Cup", lines=[1, 9])
    tax, net = told["totals"]["tax"], told["totals"]["net"]
    heads = (("CGST", tax // 2), ("SGST", tax - tax // 2))
    taxes = [{"head": one, "rate": 25_000, "net": net, "amount": part} for one, part in heads]
    answer = decided(
        "confirmed",
        lines=[line, dict(line, line=2, sku="SOAP", name="Soap", discounts=[{"rule": "TEA-5"}])],
        free=[gift, of_no_line_here],
        taxes=taxes,
        schemes={"TEA-5": "5 % on tea today", "TEA-GIFT": "A spoon with tea"},
    )
    shop = dict(SHOP, http="http://hub:8080", gstin="29AAGCB7383J1Z4")
    rows = list(answer_rows(Heading(shop, "anand-stores", made_at="today"), answer))

    text = " ".join(" ".join(paper(rows, 48)).split())

    assert "GSTIN 29AAGCB7383J1Z4" in text
    assert "5 % on tea today -" in text
    assert text.count("5 % on tea today") == 2  # and of the soap without its share
    assert "Discount -" in text  # of the whole order
    assert text.index("A spoon with tea") < text.index("SOAP") < text.index("Cup")
    rupees = Currency("INR")
    assert "CGST 2.5 %% of %s %s" % (rupees.amount(net), rupees.amount(tax // 2)) in text
    assert "scan with a phone to follow it" in text
    assert [one[1] for one in rows if one[0] == "qr"] == [
        "http://hub:8080/follow/" + json.loads(answer.payload)["data"]["order"]
    ]
    assert "Tax " in " ".join(paper(answer_rows(HEADING, kept("answer")), 48))


def test_a_rejected_order_has_no_total_that_reads_as_a_bill():
    text = "\n".join(paper(answer_rows(HEADING, decided("rejected", payment="cash")), 48))

    assert "Nothing is ordered, nothing is owed." in text
    assert "TOTAL" not in text
    assert "4,129.00" not in text
    assert "Almost" not in text
    assert "cash" not in text


def test_a_held_order_says_who_decides_and_how_it_is_paid():
    answer = decided("held", deciders=["manager", "area_manager"], payment="cash")

    text = "\n".join(paper(answer_rows(HEADING, answer), 48))

    assert "waits for the distributor's manager or area manager" in " ".join(text.split())
    assert "cash on delivery" in text
    assert "The distributor decides" in "\n".join(paper(answer_rows(HEADING, decided("held")), 48))


def test_a_held_order_has_no_sum_of_what_has_no_price():
    with open("tests/golden/wire/answer.json", "rb") as stream:
        lines = json.loads(stream.read())["data"]["lines"]
    free_of_price = [dict(line, unit_price=0, qty=0) for line in lines]

    some = decided("held", lines=[lines[0], dict(lines[0], unit_price=0)])
    some = " ".join(" ".join(paper(answer_rows(HEADING, some), 48)).split())
    none = decided("held", lines=free_of_price)
    none = " ".join(" ".join(paper(answer_rows(HEADING, none), 48)).split())

    assert "TOTAL" in some
    assert "Not in the total: 1 line(s) that have no price yet" in some
    assert "TOTAL" not in none
    assert "that have no price yet" in none


def test_an_answer_takes_the_place_of_the_slip_that_said_queued():
    told = "This takes the place of the QUEUED slip"

    before = paper(answer_rows(HEADING, kept("answer"), after_queued=True), 48)

    assert told in "\n".join(before)
    assert told not in "\n".join(paper(answer_rows(HEADING, kept("answer")), 48))


def test_a_notice_says_the_lines_and_sums_where_it_was_decided_again():
    text = "\n".join(paper(notice_rows(HEADING, kept("notice-decided")), 48))

    for wanted in (
        "NOTICE 2",
        "Released by Meera",
        "replaces",
        "ordered 24, 12 can be sent",
        "4,129.00",
    ):
        assert wanted in text, wanted
    assert "TOTAL" not in "\n".join(paper(notice_rows(HEADING, kept("notice")), 48))


def test_a_notice_that_decides_nothing_anew_leaves_the_lines_of_the_slip_before_as_they_are():
    with open("tests/golden/wire/notice.json", "rb") as stream:
        told = json.loads(stream.read())
    cancelled = "\n".join(paper(notice_rows(HEADING, read_down(json.dumps(told).encode())), 48))
    told["data"]["status"] = "confirmed"

    sent = "\n".join(paper(notice_rows(HEADING, read_down(json.dumps(told).encode())), 48))

    told["data"]["reasons"] = [{"code": "picked_short", "text": "2 are not sent"}]
    fewer = "\n".join(paper(notice_rows(HEADING, read_down(json.dumps(told).encode())), 48))

    assert "replaces" in cancelled
    assert "replaces" not in sent
    assert "Lines and sums: as on the slip before" in sent
    assert "Lines and sums" not in fewer
    assert "the invoice says what is owed" in " ".join(fewer.split())


def test_amounts_stand_at_the_margin_beside_the_first_line():
    lines = lines_of(row("  12 x Assam tea in a very long wording", "1740.00", hang=7), 32)

    assert [text for _, text in lines] == [
        "  12 x Assam tea in a    1740.00",
        "       very long wording",
    ]


def test_a_word_longer_than_the_paper_is_broken():
    assert [text for _, text in lines_of(row("x" * 70), 32)] == ["x" * 32, "x" * 32, "x" * 6]
    assert lines_of(RULE, 32) == [("text", "-" * 32)]


def test_big_letters_have_half_the_columns():
    assert lines_of(row("TOTAL", "4129.00", "big"), 32) == [("big", "TOTAL    4129.00")]
    assert lines_of(row("TOTAL", "INR 4129.00", "big"), 32) == [
        ("big", "     TOTAL"),
        ("big", "     INR 4129.00"),
    ]
    long = "INR 90,00,00,000.00"  # an amount is never broken
    assert lines_of(row("TOTAL", long, "big"), 32) == [("bold", "TOTAL        " + long)]


def test_a_queued_slip_says_that_it_is_not_confirmed_and_that_the_price_is_of_the_list():
    order = order_of(
        [["scan", "TEA", "Tea", "CASE", 12, 1_450_000, 2], ["scan", "X", "X", "", 1, 0, 1]]
    )

    text = "\n".join(
        paper(
            queued_rows(
                HEADING, "shop-1-00001", ORDER, lines=order.lines, currency=Currency("INR")
            ),
            48,
        )
    )

    assert "QUEUED - NOT CONFIRMED" in text
    assert "2 CASE = 24 x Tea" in text
    assert "3,480.00" in text
    assert "1 lines have no price here" in text
    assert "before discounts and tax" in text
    assert "scan here for a copy" in text  # no hub was heard that a phone could ask


def test_a_reprint_says_copy_at_both_ends():
    text = paper(with_copy(told_rows(HEADING, "STATUS", "n", lines=["fine"]), 2), 32)

    assert "COPY 2" in text[0]
    assert "COPY 2" in text[-1]


def test_what_another_flash_may_have_printed_says_so_at_both_ends():
    for columns in (32, 48):
        text = paper(maybe_printed(answer_rows(HEADING, kept("answer"))), columns)

        marks = [at for at, one in enumerate(text) if one.strip() == "MAY HAVE BEEN PRINTED BEFORE"]

        assert marks == [0, len(text) - 1]


def test_letters_the_printer_lacks_are_spelled():
    assert latin("Sandal soap 4×100 g – चंदन") == "Sandal soap 4x100 g - chandan"
    assert latin("नमक") == "namak"
    assert latin("Śląsk ₹5 …") == "Slask Rs 5 ..."
    assert latin("茶") == "?"
    assert latin("Café Müller") == "Café Müller"
    assert page_bytes("é~") == b"\x82~"


def test_a_name_cannot_command_the_printer():
    evil = "Tea\x1b@\x1dV\x00\u202egnp\x9b"

    assert latin(evil) == "Tea@Vgnp"


def test_a_slip_begins_with_a_reset_and_ends_with_a_cut():
    chunks = list(encoded(answer_rows(HEADING, kept("answer")), 32))

    assert chunks[0] == START
    assert chunks[-1] == END
    assert b"".join(chunks).count(b"\x1dV") == 1


def test_amounts_are_written_in_the_scale_of_the_currency():
    rupees, euros = Currency("INR"), Currency("EUR")
    assert rupees.amount(-12_345_650) == "-1,23,456.50"
    assert euros.amount(-12_345_650) == "-123,456.50"
    assert [rupees.amount(one) for one in (99_999, 100_000, 10_000_000)] == [
        "999.99",
        "1,000.00",
        "1,00,000.00",
    ]
    assert Currency("KWD", 3).amount(5) == "0.005"
    assert Currency("JPY", 0).amount(1_234_567) == "1,234,567"
    assert rupees.price(1_450_000) == "145.00"
    assert rupees.price(12_345) == "1.2345"
    assert rupees.price(12_345_600_000) == "12,34,560.00"
    assert rupees.amount(2**40) == "10,99,51,16,277.76"


def test_the_clock_is_the_hub_s_once_it_was_heard():
    clock = HubClock(1_000)
    assert (clock.is_trusted, clock.now_ms(500)) == (False, 1_500)

    clock.learn(1_760_000_000_000, 10_000)
    clock.learn(1_759_000_000_000, 11_000)

    assert (clock.is_trusted, clock.now_ms(12_000)) == (True, 1_760_000_002_000)


def test_days_have_their_names_in_every_century():
    assert told_time(1_760_000_042_000, 330) == "09 Oct 2025 14:24"
    assert civil(0) == (1970, 1, 1)
    assert civil(19_782) == (2024, 2, 29)
    assert civil(47_540) == (2100, 2, 28)
    assert civil(47_541) == (2100, 3, 1)
