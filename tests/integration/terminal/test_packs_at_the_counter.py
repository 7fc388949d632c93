"""Cases, named batches and coupons at a whole terminal: from the scan to the slip."""

from dataclasses import replace
from pathlib import Path

import pytest

from terminal.core.order import Doubts, Line, OpenOrder
from terminal.core.screen import as_text
from terminal.store import Store
from terminal.store.catalogue import Catalogue, CatalogueError, build_catalogue
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, PRODUCTS, RICE, Shop, catalogue_of, pack_of, product

ORDER_ID = "01a0c450-6c00-7979-b979-797979797979"
CASE = "18901234500016"
BOX_OF_RICE = "28901234500020"
RULES = """
pack: {name: shop, version: 3, currency: INR, scale: 2, timezone: Asia/Kolkata, tax: exclusive}
prices:
  - {id: PL, level: default, csv: base.csv}
  - {id: PL-CASE, level: default, per: CASE, rates: {COLA-600: 440.00}}
taxes:
  - {id: GST-5, when: {tax_class: gst5}, heads: {GST: 5}}
schemes:
  - id: FESTIVE
    when: {coupon: DIWALI, sku: COLA-600}
    slabs: [{from: 1, percent: 10}]
  - id: TREAT
    when: {sku: RICE-5KG}
    free: {every: 1, give: 1, item: {choice: [COLA-600, TEA-250], pick: cheapest}}
  - id: ONCE
    when: {coupon: HOLI, sku: COLA-600}
    slabs: [{from: 1, percent: 50}]
    limit: {total: 1}
"""


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal whose cola and rice have bar codes on their packs."""
    cola, rice, tea = PRODUCTS
    catalogue = catalogue_of(
        {**cola, "mrp": 450_000, "pack_gtins": {CASE: "CASE"}},
        {**rice, "pack_sizes": {"BOX": 4}, "pack_gtins": {BOX_OF_RICE: "BOX"}},
        tea,
    )
    packed = pack_of(tmp_path / "rules", RULES)
    replace(shop, pack=packed, catalogue=catalogue).settle(tmp_path / "counter")
    return tmp_path / "counter"


def test_one_scan_of_a_case_brings_the_case_at_its_price_to_screen_order_and_hub(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(CASE)
        assert counter.screen.said == "1 CASE = 12 x Cola 600 ml"
        await counter.scan(CASE, COLA)
        assert "2 CASE = 24 x Cola 600 ml  880.00" in as_text(counter.screen)
        assert "    1 x Cola 600 ml  38.10" in as_text(counter.screen)
        order = await counter.order()
        assert [(line.sku, line.qty, line.unit) for line in order.data.lines] == [
            ("COLA-600", 24, "CASE"),
            ("COLA-600", 1, None),
        ]

    at_the_counter(folder, play)


def test_undo_takes_away_what_the_scan_of_a_case_added(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, CASE, CASE, "OW-UNDO")
        assert [(line.packs, line.quantity) for line in counter.screen.lines] == [
            ("", 1),
            ("1 CASE", 12),
        ]

    at_the_counter(folder, play)


@pytest.mark.parametrize("command", ["OW-UNIT-CASE", "ow-unit-case"])
def test_a_command_makes_cases_of_the_pieces_just_scanned(folder: Path, command: str) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-QTY-2", command)
        assert counter.screen.said == "2 CASE = 24 x Cola 600 ml"
        await counter.scan("OW-UNIT-PCS")
        assert counter.screen.said == "2 x Cola 600 ml"

    at_the_counter(folder, play)


def test_a_pack_that_a_product_does_not_come_in_is_refused_with_those_there_are(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, "OW-UNIT-CASE")
        assert counter.signals.beeps[-1] == "error"
        assert counter.screen.said == "Basmati rice 5 kg does not come by CASE: BOX, PCS"
        assert [line.quantity for line in counter.screen.lines] == [1]

    at_the_counter(folder, play)


def test_a_pack_without_a_price_of_its_own_costs_its_pieces(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(BOX_OF_RICE)
        assert "1 BOX = 4 x Basmati rice 5 kg  1,368.00" in as_text(counter.screen)

    at_the_counter(folder, play)


def test_the_batch_that_a_code_names_is_asked_for_only_by_command(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(f"]C101{COLA.zfill(14)}10B7")
        assert counter.screen.said == "1 x Cola 600 ml"
        await counter.scan("OW-BATCH")
        assert counter.screen.said == "1 x Cola 600 ml, batch B7"
        order = await counter.order()
        assert [line.batch for line in order.data.lines] == ["B7"]

    at_the_counter(folder, play)


def test_a_coupon_lowers_the_price_is_named_on_the_slip_and_sent(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(CASE, "COUPON:diwali")
        assert "396.00" in as_text(counter.screen)
        assert "Coupon diwali" in as_text(counter.screen)
        await counter.scan("COUPON:EASTER", "OW-SUBMIT")
        await counter.until(lambda: counter.printer.slips)
        slip = counter.printer.slips[0]
        assert "1 CASE = 12 x Cola 600 ml" in slip
        assert "COLA-600 @ 440.00 a CASE, MRP 45.00" in slip
        assert "Coupon diwali" in slip
        assert "no scheme knows the coupon EASTER" in slip
        counter.link.connect()
        await counter.until(counter.link.orders)
        assert counter.link.orders()[0].data.coupons == ["diwali", "EASTER"]

    at_the_counter(folder, play, online=False)


def test_a_coupon_with_a_limit_over_all_shops_waits_for_the_hub_and_says_so(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(CASE, "COUPON:HOLI")
        assert counter.screen.held_back == (
            "the budget of ONCE is used up here until the hub answers",
        )
        assert counter.screen.lines[0].amount == "440.00"

    at_the_counter(folder, play)


def test_the_shop_chooses_among_free_goods_and_the_wish_is_sent(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE)
        assert counter.screen.offers == (
            "Instead of Cola 600 ml: Assam tea 250 g (OW-FREE-TEA-250)",
        )
        await counter.scan("OW-FREE-TEA-250", "OW-SUBMIT")
        await counter.until(lambda: counter.printer.slips)
        assert "1 x Assam tea 250 g" in counter.printer.slips[0]
        counter.link.connect()
        await counter.until(counter.link.orders)
        assert counter.link.orders()[0].data.choices == {"TREAT": "TEA-250"}

    at_the_counter(folder, play, online=False)


@pytest.mark.parametrize("code", ["OW-FREE-RICE-5KG", "OW-FREE-NOTHING"])
def test_what_no_free_goods_offer_cannot_be_wished_for(folder: Path, code: str) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, code)
        assert counter.signals.beeps[-1] == "error"
        assert "No free goods leave the choice of" in counter.screen.said

    at_the_counter(folder, play)


def test_a_coupon_that_nothing_knows_is_told_at_once(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "COUPON:EASTER")
        assert "no scheme knows the coupon EASTER" in as_text(counter.screen)

    at_the_counter(folder, play)


def test_an_order_that_no_message_holds_is_refused_before_it_is_stored(folder: Path) -> None:
    wide = "\N{DEVANAGARI LETTER KA}" * 60
    lines = tuple(
        Line(at, "TEA-250", "Tea", 1, unit=wide[:32], batch=f"{wide}{at}") for at in range(1, 501)
    )
    store = Store(folder, "before")
    store.orders.keep_open_order(OpenOrder(id=ORDER_ID, lines=lines), Doubts())
    store.close()

    async def play(counter: Counter) -> None:
        await counter.scan("OW-SUBMIT")
        assert counter.signals.beeps[-1] == "error"
        assert "more than one message can hold" in counter.screen.said
        assert len(counter.screen.lines) == 500
        assert counter.screen.queued == 0

    at_the_counter(folder, play)


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ({"pack_gtins": {CASE: "CRATE"}}, "bar codes of packs that there are not"),
        ({"pack_gtins": [CASE]}, "bar codes of packs that there are not"),
        ({"mrp": "45.00"}, "an MRP that is no whole number"),
    ],
)
def test_a_catalogue_with_a_pack_that_is_not_there_is_refused(
    tmp_path: Path, spoilt: dict[str, object], words: str
) -> None:
    (tmp_path / "snapshot").write_bytes(catalogue_of({**product("A", "A", COLA), **spoilt}))

    with pytest.raises(CatalogueError, match=words):
        build_catalogue(tmp_path / "snapshot", tmp_path / "catalogue.db")


def test_a_catalogue_built_before_there_were_codes_of_packs_is_read(tmp_path: Path) -> None:
    (tmp_path / "snapshot").write_bytes(catalogue_of(product("A", "A", COLA)))
    build_catalogue(tmp_path / "snapshot", tmp_path / "catalogue.db")

    catalogue = Catalogue(tmp_path / "catalogue.db")

    found = catalogue.by_gtin(COLA.zfill(14))
    catalogue.close()
    assert found is not None
    assert (found.product.sku, found.unit, found.product.mrp) == ("A", "", None)
