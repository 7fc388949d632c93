"""Slips as people read them, on both widths, against the golden files.

To renew a golden file, delete it and run this test: it writes the file and fails once.
"""

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from broker.contract.asking import AccountStanding
from broker.contract.messages import (
    AnswerData,
    AnswerLine,
    BatchPick,
    Coded,
    FreeLine,
    LineDiscount,
    NoticeData,
    OrderData,
    OrderLine,
    Params,
    Quote,
    Reason,
    RefusedData,
    TaxSum,
    Totals,
)
from rules import COUNTER_LANGUAGES, LineAmount, Minor, UnitPrice
from simulators.devices import PrinterProfile
from terminal.core.goods import PackPrice, PriceCheck
from terminal.core.layout import Row, as_text, lay_out, read_from_right
from terminal.core.order import Line
from terminal.core.pricing import FreeAmount, Priced
from terminal.core.pricing import TaxSum as TaxAmount
from terminal.core.slip import (
    Heading,
    ListedOrder,
    account_slip,
    answer_slip,
    cancel_slip,
    command_sheet,
    goods_slip,
    help_slip,
    maybe_printed,
    near_slip,
    notice_slip,
    orders_slip,
    queued_slip,
    refused_slip,
    ruler_slip,
    status_slip,
    trial_slip,
    with_copy,
)
from terminal.core.text import Currency, width
from terminal.core.words import Voice
from terminal.devices.escpos import encode
from terminal.devices.profiles import PROFILES
from tests.fixtures.printers import only_slip

GOLDEN = Path(__file__).parents[3] / "golden" / "slips"
ORDER_ID = "01a0c450-6c00-7979-b979-797979797979"
HEADING = Heading(
    distributor="Sharma Distributors",
    support="080 4000 1234",
    customer="Gupta Kirana (C-17)",
    terminal="shop-1",
    made_at="21 Sep 2026 19:43",
    clock_set=True,
    hub="http://192.168.1.10:8080",
    gstin="29AAGCB7383J1Z4",
    customer_gstin="29ABCDE1234F1Z6",
)
ORDER = OrderData(
    order=ORDER_ID,
    number="shop-1-00042",
    customer="C-17",
    lines=[
        OrderLine(line=1, sku="COLA-600", qty=12),
        OrderLine(line=2, sku="RICE-5KG", qty=1),
        OrderLine(line=3, sku="TEA-250", qty=3),
    ],
    captured_at=1,
    mono_ms=1,
    clock_trusted=True,
)
LINES = (
    Line(1, "COLA-600", "Cola 600 ml", 12),
    Line(2, "RICE-5KG", "Basmati rice of the very first quality in a bag of 5 kg", 1),
    Line(3, "TEA-250", "Assam tea", 3),
)


def _amount(
    sku: str,
    unit_price: int,
    gross: int,
    discount: int,
    net: int,
    *,
    pack: int | None = None,
    mrp: int | None = None,
) -> LineAmount:
    prices = [None if price is None else UnitPrice(price) for price in (pack, mrp)]
    money = Minor(gross), Minor(discount), Minor(net)
    return LineAmount(sku, UnitPrice(unit_price), *money, *prices)


PRICED = Priced(
    currency=Currency("INR", 2),
    lines={
        1: _amount("COLA-600", 381_050, 45_726, 1_372, 44_354),
        2: _amount("RICE-5KG", 3_420_000, 34_200, 0, 34_200),
    },
    free=(FreeAmount("COLA-600", "Cola 600 ml", 1, "1 free with 10 Cola", (1,)),),
    taxes=(TaxAmount("CGST", 25_000, 1_964), TaxAmount("SGST", 25_000, 1_964)),
    schemes=("3 % from 12 bottles: 13.72 off",),
    totals=Totals(
        gross=79_926, discount=1_372, net=78_554, tax=3_928, round_off=18, payable=82_500
    ),
    near=("8 more Cola and you get 1 more free",),
    quote=lambda: Quote(
        pack="a" * 64, pack_version=1, facts="b" * 64, price_hash="c" * 64, payable=82_500
    ),
)
ANSWER = AnswerData(
    order=ORDER_ID,
    number="shop-1-00042",
    revision=1,
    status="confirmed",
    currency="INR",
    scale=2,
    business_date="2026-09-21",
    reasons=[],
    lines=[
        AnswerLine(
            line=1,
            sku="COLA-600",
            name="Cola 600 ml",
            ordered=12,
            qty=12,
            unit_price=381_050,
            gross=45_726,
            discount=1_372,
            net=44_354,
            tax=2_218,
            total=46_572,
            discounts=[LineDiscount(rule="COLA-3", amount=1_372)],
            batches=[BatchPick(batch="C-0901", qty=12, expiry="2027-02-28")],
        ),
    ],
    free=[FreeLine(sku="COLA-600", name="Cola 600 ml", qty=1, rule="TEN-PLUS-ONE", lines=[1])],
    totals=Totals(
        gross=45_726, discount=1_372, net=44_354, tax=2_218, round_off=28, payable=46_600
    ),
    near=["8 more Cola and you get 1 more free"],
    credit_left=453_400,
    pack="a" * 64,
    pack_version=3,
    taxes=[
        TaxSum(head="CGST", rate=25_000, net=44_354, amount=1_109),
        TaxSum(head="SGST", rate=25_000, net=44_354, amount=1_109),
    ],
    schemes={"COLA-3": "3 % from 12 bottles", "TEN-PLUS-ONE": "1 free with 10 Cola"},
)
CHANGED = AnswerData(
    **{
        **{name: getattr(ANSWER, name) for name in ANSWER.__struct_fields__},
        "status": "confirmed_changed",
        "delivery_day": "2026-09-24",
        "reasons": [Reason(code="short_stock", text="Only 10 of 12 can be sent", line=1)],
        "lines": [
            AnswerLine(
                **{
                    **{
                        name: getattr(ANSWER.lines[0], name)
                        for name in ANSWER.lines[0].__struct_fields__
                    },
                    "qty": 10,
                }
            )
        ],
    }
)
HELD = AnswerData(
    **{
        **{name: getattr(ANSWER, name) for name in ANSWER.__struct_fields__},
        "status": "held",
        "reasons": [
            Reason(
                code="credit_limit_exceeded", text="This order passes the credit limit by 120.00"
            )
        ],
        "credit_left": 0,
        "deciders": ["manager", "area_manager"],
    }
)
UNPRICED = msgspec.structs.replace(
    HELD,
    lines=[*ANSWER.lines, msgspec.structs.replace(ANSWER.lines[0], line=2, unit_price=0, gross=0)],
    reasons=[Reason(code="price_missing", text="no price for Cola 600 ml", line=2)],
)
REJECTED = AnswerData(
    **{
        **{name: getattr(ANSWER, name) for name in ANSWER.__struct_fields__},
        "status": "rejected",
        "reasons": [
            Reason(code="customer_blocked", text="Deliveries to this customer are stopped")
        ],
        "lines": [],
        "free": [],
        "totals": None,
        "near": [],
        "credit_left": None,
    }
)
CANCELLED = NoticeData(
    order=ORDER_ID,
    number="shop-1-00042",
    revision=2,
    status="cancelled",
    reasons=[Reason(code="cancelled_by_staff", text="Cancelled on the shop's wish")],
)
RELEASED = NoticeData(
    order=ORDER_ID,
    number="shop-1-00042",
    revision=3,
    status="confirmed",
    reasons=[Reason(code="released", text="released by meena: pays on Friday")],
    decision=msgspec.structs.replace(ANSWER, reasons=[], payment="cash"),
)
DISPATCHED = NoticeData(
    order=ORDER_ID,
    number="shop-1-00042",
    revision=2,
    status="confirmed",
    reasons=[Reason(code="order_dispatched", text="note DN/00001 is on its way (lines: 2)")],
)
REFUSED = RefusedData(
    code="sequence_conflict", text="Another order came under this sequence", order=ORDER_ID
)

IN_PACKS = OrderData(
    **{
        **{name: getattr(ORDER, name) for name in ORDER.__struct_fields__},
        "coupons": ["DIWALI", "EASTER"],
    }
)
PACK_LINES = (
    Line(1, "COLA-600", "Cola 600 ml", 48, "CASE", 24),
    Line(2, "COLA-600", "Cola 600 ml", 5),
    Line(3, "TEA-250", "Assam tea", 24, "CARTON", 12, "B7"),
)
NOTES = ("no scheme knows the coupon EASTER",)
PRICED_IN_PACKS = replace(
    PRICED,
    lines={
        1: _amount("COLA-600", 95_833, 46_000, 0, 46_000, pack=2_300_000, mrp=120_000),
        2: _amount("COLA-600", 100_000, 5_000, 0, 5_000, mrp=120_000),
    },
    coupon_notes=NOTES,
)
SOLD_IN_PACKS = AnswerData(
    **{
        **{name: getattr(ANSWER, name) for name in ANSWER.__struct_fields__},
        "lines": [
            AnswerLine(
                **{
                    **{
                        name: getattr(ANSWER.lines[0], name)
                        for name in ANSWER.lines[0].__struct_fields__
                    },
                    **changed,
                }
            )
            for changed in (
                {"qty": 24, "ordered": 48, "unit": "CASE", "pack_size": 24}
                | {"pack_price": 2_300_000, "mrp": 120_000},
                {"qty": 12, "ordered": 48, "unit": "CASE", "pack_size": 24},
            )
        ],
        "coupons": ["DIWALI", "EASTER"],
        "coupon_notes": list(NOTES),
    }
)

PLACED = NoticeData(
    order=ANSWER.order,
    number="S-000012",
    revision=1,
    status="confirmed",
    reasons=[],
    decision=ANSWER,
    placed_by="Asha Rao",
)

HINDI = replace(HEADING, made_at="21 सित 2026 19:43", language="hi")
SHORT: Params = {
    "stock": ["stock.product", {"available": 10, "quantity": 12, "product": "Cola 600 ml"}],
    "rest": [["rest.within", {"days": 9}]],
}
NEARLY: Params = {
    "more": ["more.pieces_of", {"count": 8, "product": "Cola 600 ml", "period": "scheme"}],
    "benefit": ["benefit.free", {"count": 1}],
}
CODED = AnswerData(
    **{
        **{name: getattr(CHANGED, name) for name in CHANGED.__struct_fields__},
        "reasons": [Reason(code="short_stock", text="10 of 12 in stock", line=1, params=SHORT)],
        "near_codes": [Coded(code="nearly_earned", params=NEARLY)],
    }
)

SLIPS: dict[str, tuple[Row, ...]] = {
    "queued": queued_slip(HEADING, ORDER, PRICED, lines=LINES),
    "queued-unpriced": queued_slip(replace(HEADING, clock_set=False), ORDER, None, lines=LINES),
    "queued-packs": queued_slip(HEADING, IN_PACKS, PRICED_IN_PACKS, lines=PACK_LINES),
    "confirmed": answer_slip(HEADING, ANSWER),
    "confirmed-packs": answer_slip(HEADING, SOLD_IN_PACKS),
    "changed": answer_slip(HEADING, CHANGED),
    "held": answer_slip(HEADING, HELD),
    "held-unpriced": answer_slip(HEADING, UNPRICED),
    "rejected": answer_slip(HEADING, REJECTED),
    "cancelled-notice": notice_slip(HEADING, CANCELLED),
    "released-notice": notice_slip(HEADING, RELEASED),
    "placed-notice": notice_slip(HEADING, PLACED),
    "dispatched-notice": notice_slip(HEADING, DISPATCHED),
    "refused": refused_slip(HEADING, ORDER, REFUSED),
    "status": status_slip(HEADING, ["Hub: no connection", "2 orders wait for an answer"]),
    "copy": with_copy(notice_slip(HEADING, CANCELLED), 2, Voice()),
    "sheet": command_sheet("shop-1", ["BOX", "CASE", "काटन"], Voice()),
    "queued-hi": queued_slip(HINDI, IN_PACKS, PRICED_IN_PACKS, lines=PACK_LINES),
    "changed-hi": answer_slip(HINDI, CODED),
    "released-notice-hi": notice_slip(HINDI, RELEASED),
    "maybe-printed": maybe_printed(answer_slip(HEADING, ANSWER), Voice()),
    "maybe-printed-hi": maybe_printed(answer_slip(HINDI, ANSWER), HINDI.voice),
    "copy-hi": with_copy(notice_slip(HINDI, CANCELLED), 2, HINDI.voice),
    "placed-notice-hi": notice_slip(HINDI, PLACED),
    "dispatched-notice-hi": notice_slip(HINDI, DISPATCHED),
    "refused-hi": refused_slip(HINDI, ORDER, REFUSED),
    "sheet-hi": command_sheet("shop-1", ["CASE"], HINDI.voice),
}
STANDING = AccountStanding(
    currency="INR",
    scale=2,
    state="amount",
    limit=5_000_000,
    exposure=1_250_000,
    left=3_750_000,
    overdue=40_000,
    overdue_days=9,
    bills=3,
)
CHECK = PriceCheck(
    sku="RICE-5KG",
    name="Basmati rice of the very first quality in a bag of 5 kg",
    base_unit="PCS",
    prices=(PackPrice("PCS", 1, 3_420_550), PackPrice("CASE", 12, 40_000_000)),
    currency=Currency("INR", 2),
    mrp=3_990_000,
    payable=35_916,
    near=("9 more and you get 1 free",),
)
LISTED = (
    ListedOrder("shop-1-00042", "CONFIRMED, CHANGED", "21 Sep 2026 19:43", "8250.00"),
    ListedOrder("shop-1-00041", "QUEUED", "21 Sep 2026 19:40", ""),
)
MADE = datetime(2026, 9, 21, 19, 43)  # noqa: DTZ001  # a shop's own time
ARABIC, TAMIL = (
    replace(HEADING, language=one, made_at=Voice(one).moment(MADE)) for one in ("ar", "ta")
)
for heading, tail in ((HEADING, ""), (HINDI, "-hi"), (ARABIC, "-ar"), (TAMIL, "-ta")):
    SLIPS |= {
        f"balance{tail}": account_slip(heading, STANDING),
        f"goods{tail}": goods_slip(heading, CHECK, available=48),
        f"open-orders{tail}": orders_slip(heading, "slip.open_orders", LISTED),
        f"near{tail}": near_slip(heading, PRICED.near),
        f"not-cancelled{tail}": cancel_slip(heading, "shop-1-00042", "The order is dispatched"),
        f"help{tail}": help_slip(heading),
        f"trial{tail}": trial_slip(heading),
        f"ruler{tail}": ruler_slip(heading),
    }
for heading, tail in ((ARABIC, "-ar"), (TAMIL, "-ta")):
    SLIPS |= {
        f"queued{tail}": queued_slip(heading, ORDER, PRICED, lines=LINES),
        f"changed{tail}": answer_slip(heading, CODED),
        f"refused{tail}": refused_slip(heading, ORDER, REFUSED),
        f"released-notice{tail}": notice_slip(heading, RELEASED),
        f"sheet{tail}": command_sheet("shop-1", ["CASE"], heading.voice),
    }
SLIPS |= {name: read_from_right(SLIPS[name]) for name in SLIPS if name.endswith("-ar")}
WIDTHS = {"80mm": 48, "58mm": 32}
DOTS = {"80mm": 576, "58mm": 384}


def kept(name: str, content: bytes) -> bytes:
    """Give a golden file; one that is not there is written, and fails the test once."""
    path = GOLDEN / name
    if not path.exists():
        path.write_bytes(content)
        pytest.fail(f"{name} was not there and has been written: look at it and commit it")
    return path.read_bytes()


@pytest.mark.parametrize("profile", WIDTHS)
@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_reads_as_in_its_golden_file(name: str, profile: str) -> None:
    columns = WIDTHS[profile]

    text = as_text(lay_out(SLIPS[name], columns), columns)

    assert text.encode() == kept(f"{name}-{columns}.txt", text.encode())
    # A QR is as wide as its picture, not as its content; a ruler is as long as it is.
    lines = [
        line
        for line in text.split("\n")
        if "[qr:" not in line and not line.startswith("1234567890")
    ]
    assert max(width(line) for line in lines) <= columns


@pytest.mark.parametrize("profile", WIDTHS)
@pytest.mark.parametrize("name", ["queued", "changed", "copy", "maybe-printed", "balance", "trial"])
def test_a_slip_is_encoded_as_in_its_golden_file(name: str, profile: str) -> None:
    job = b"".join(encode(SLIPS[name], PROFILES[profile]))

    assert job == kept(f"{name}-{WIDTHS[profile]}.bin", job)


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("profile", WIDTHS)
@pytest.mark.parametrize("name", ["changed-hi", "changed-ar", "changed-ta"])
def test_a_slip_in_a_script_that_is_drawn_is_encoded_as_in_its_golden_file(
    name: str, profile: str
) -> None:
    job = b"".join(encode(SLIPS[name], PROFILES[profile]))

    assert job == kept(f"{name}-{WIDTHS[profile]}.bin", job)


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("profile", WIDTHS)
@pytest.mark.parametrize(
    "name",
    [f"{slip}{tail}" for slip in ("queued", "changed") for tail in ("", "-hi", "-ar", "-ta")],
)
def test_a_slip_looks_as_in_its_golden_picture(name: str, profile: str) -> None:
    job = b"".join(encode(SLIPS[name], PROFILES[profile]))
    picture = only_slip(job, PrinterProfile(width=DOTS[profile])).png()

    golden = kept(f"{name}-{WIDTHS[profile]}.png", picture)

    with Image.open(io.BytesIO(picture)) as ours, Image.open(io.BytesIO(golden)) as theirs:
        assert ours.size == theirs.size
        assert ours.convert("1").tobytes() == theirs.convert("1").tobytes()


@pytest.mark.parametrize("language", COUNTER_LANGUAGES)
def test_a_held_slip_says_who_decides_and_sums_up_nothing_that_has_no_price(language: str) -> None:
    heading = replace(HEADING, language=language)
    lines = [msgspec.structs.replace(line, unit_price=0, gross=0) for line in UNPRICED.lines]
    unpriced = answer_slip(heading, msgspec.structs.replace(UNPRICED, lines=lines))
    notice = NoticeData(
        order=ORDER_ID, number="n-1", revision=2, status="held", reasons=[], decision=UNPRICED
    )

    said = " ".join(as_text(lay_out(unpriced, 48), 48).split())
    later = " ".join(as_text(lay_out(notice_slip(heading, notice), 48), 48).split())

    who = heading.voice.text("role.manager")
    assert who in said
    assert who in later
    assert heading.voice.text("slip.not_in_total", count=2) in said
    assert heading.voice.text("slip.not_in_total", count=1) in later
    assert heading.voice.text("slip.total") not in said.replace(
        heading.voice.text("slip.not_in_total", count=2), ""
    )
