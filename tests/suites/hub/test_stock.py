"""Stock received, moved, transferred, counted and called back: what each act does and refuses."""

from functools import partial
from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.desk.imports.acts import ImportActs
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from hub.desk.stock.reads.documents import read_limit_changes, read_limits
from hub.desk.stock.reads.movements import list_holders
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, new_uuid
from tests.builders.stock_moves import do, held, params, posted, row, stock_of, told

TEA: Final = "08901234567890"
MAIN: Final = {"warehouse": "MAIN"}
COUNTED: Final = """
SELECT b.code, l.counted, l.counted_by FROM stock_document_line l JOIN batch b ON b.id = l.batch_id
WHERE l.document_id = :d AND l.counted IS NOT NULL ORDER BY b.code
"""

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""What engines could do otherwise is in test_stock_engines.py."""


@pytest.fixture
def acts(market: Market) -> StockActs:
    """Give the acts of stock, on a market with a second warehouse, where who adjusts is trusted."""
    return stock_of(market)


def test_goods_are_received_once_however_often_they_are_sent(
    market: Market, acts: StockActs
) -> None:
    key = new_uuid()
    rows = (row("TEA", "B9", 24, expiry="2027-06-30", expected="30"), row("SOAP", "S1", 5))

    first = do(acts.receive, MAIN, *rows, key=key)
    again = do(acts.receive, MAIN, *rows, key=key)

    assert isinstance(again, Posted)
    assert (again.document, again.again) == (posted(first), True)
    assert held(market, "B9") == (24, 0, 0, 0, 0)
    assert held(market, "S1")[0] == 5005
    assert market.place(("TEA", 120), terminal="shop-2").status == "confirmed"
    assert market.broken() == set()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (row("TEA", "T-LATE", 5, expiry="2028-12-31"), ("batch_dates_differ", "1.expiry")),
        (row("TEA", "B9", 5), ("batch_expiry_missing", "1.expiry")),
        (row("TEA", "", 5, expiry="2027-06-30"), ("cell_empty", "1.batch")),
        (row("NONE", "B9", 5, expiry="-"), ("stock_product_unknown", "1.code")),
        (row("TEA", "B9", "1.5", expiry="-"), ("cell_not_count", "1.quantity")),
        (row("TEA", "B9", 0, expiry="-"), ("cell_not_count", "1.quantity")),
        (row("TEA", "B9", 5, expiry="30/06/2027"), ("cell_not_day", "1.expiry")),
        (
            row("TEA", "B9", 5, expiry="2026-01-01", manufactured="2026-02-01"),
            ("batch_dates_crossed", "1.expiry"),
        ),
    ],
)
def test_what_is_wrong_with_goods_is_told_and_nothing_of_them_is_received(
    market: Market, acts: StockActs, line: dict[str, str], why: tuple[str, str]
) -> None:
    done = do(acts.receive, MAIN, line, row("SOAP", "S1", 5))

    assert told(done) == [why]
    assert held(market, "S1")[0] == 5000


def test_a_batch_is_the_same_goods_in_every_warehouse(market: Market, acts: StockActs) -> None:
    side = {"warehouse": "SIDE"}

    wrong = do(acts.receive, side, row("TEA", "T-LATE", 5, expiry="2028-01-01"))
    done = do(acts.receive, side, row("TEA", "T-LATE", 5))

    assert params(wrong)["warehouse"] == "MAIN"
    posted(done)
    dates = market.rows("SELECT DISTINCT manufactured, expiry FROM batch WHERE code = 'T-LATE'")
    assert len(dates) == 1


def test_a_scanned_code_names_the_product_of_a_line(market: Market, acts: StockActs) -> None:
    posted(do(acts.receive, MAIN, row(f"01{TEA}", "T-LATE", 2)))

    assert held(market, "T-LATE")[0] == 102


def test_what_an_order_holds_is_not_moved_and_the_order_is_named(
    market: Market, acts: StockActs
) -> None:
    answer = market.place(("RICE", 990), terminal="shop-2")
    ((number,),) = market.rows("SELECT number FROM order_ WHERE uuid = :u", u=answer.order)
    damage = {**MAIN, "how": "damage", "reason": "broken"}

    done = do(acts.move, damage, row("RICE", "R1", 11))

    assert told(done) == [("stock_reserved", "1")]
    assert (params(done)["free"], params(done)["orders"]) == (10, [number])
    assert posted(do(acts.move, damage, row("RICE", "R1", 10)))
    assert held(market, "R1") == (990, 990, 10, 0, 0)


def test_stock_goes_between_buckets_and_back(market: Market, acts: StockActs) -> None:
    for how, quantity, reason in (
        ("damage", 3, "broken"),
        ("quarantine", 5, "quality"),
        ("mend", 1, "checked"),
        ("release", 2, "checked"),
    ):
        head = {**MAIN, "how": how, "reason": reason}
        posted(do(acts.move, head, row("SOAP", "S1", quantity)))

    assert held(market, "S1") == (4995, 0, 2, 3, 0)
    head = {**MAIN, "how": "write_off", "bucket": "damaged", "reason": "broken"}
    assert told(do(acts.move, head, row("SOAP", "S1", 3))) == [("stock_short", "1")]
    assert posted(do(acts.move, head, row("SOAP", "S1", 2)))
    assert market.broken() == set()


@pytest.mark.parametrize(("quantity", "state"), [(20, "done"), (21, "waiting")])
def test_above_an_amount_a_second_person_lets_an_adjustment_pass(
    market: Market, acts: StockActs, quantity: int, state: str
) -> None:
    head = {**MAIN, "how": "write_off", "reason": "expired"}

    posted(do(acts.move, head, row("SOAP", "S1", quantity)), state)

    assert held(market, "S1")[0] == (4980 if state == "done" else 5000)


def test_nobody_lets_pass_what_they_asked_for_themselves(market: Market, acts: StockActs) -> None:
    head = {**MAIN, "how": "found", "reason": "found"}
    document = posted(do(acts.move, head, row("SOAP", "S1", 100)), "waiting")

    own = acts.decide(document, grant=True, by="asha", scope=EVERYTHING)
    done = acts.decide(document, grant=True, by="vikram", scope=EVERYTHING)
    late = acts.decide(document, grant=False, by="vikram", scope=EVERYTHING)

    assert told(own) == [("stock_own", "")]
    posted(done)
    assert told(late) == [("stock_document_settled", "")]
    assert held(market, "S1")[0] == 5100
    assert market.broken() == set()


def test_an_adjustment_that_waited_does_not_take_what_an_order_took_meanwhile(
    market: Market, acts: StockActs
) -> None:
    head = {**MAIN, "how": "write_off", "reason": "lost"}
    document = posted(do(acts.move, head, row("RICE", "R1", 100)), "waiting")
    market.place(("RICE", 950), terminal="shop-2")

    done = acts.decide(document, grant=True, by="vikram", scope=EVERYTHING)

    assert told(done) == [("stock_reserved", "1")]
    assert held(market, "R1")[0] == 1000


def test_without_a_named_amount_everything_waits(market: Market, acts: StockActs) -> None:
    market.change("DELETE FROM setting WHERE key = 'stock_alone_up_to'")
    head = {**MAIN, "how": "write_off", "reason": "lost"}

    before = held(market, "S1")
    document = posted(do(acts.move, head, row("SOAP", "S1", 1)), "waiting")

    assert document
    assert held(market, "S1") == before


def count(market: Market, acts: StockActs, category: str = "home") -> tuple[int, dict[str, str]]:
    """Freeze a count; gives its document, and the line of each batch."""
    done = acts.count.freeze(MAIN, category=category, key=new_uuid(), by="asha", scope=EVERYTHING)
    document = posted(done, "counting")
    lines = market.rows(
        "SELECT b.code, l.line FROM stock_document_line l JOIN batch b ON b.id = l.batch_id "
        "WHERE l.document_id = :d",
        d=document,
    )
    return document, {code: str(line) for code, line in lines}


def test_a_count_is_held_against_the_freeze_and_what_moved_since(
    market: Market, acts: StockActs
) -> None:
    document, lines = count(market, acts)
    market.clock.ms += 13 * 60 * 60 * 1_000  # over midnight
    found = {**MAIN, "how": "found", "reason": "found"}
    posted(do(acts.move, found, row("SOAP", "S1", 20)))

    acts.count.enter(document, {lines["S1"]: "5018"}, by="ravi", scope=EVERYTHING)
    posted(do(acts.move, found, row("SOAP", "S1", 7)))
    posted(acts.count.hand_over(document, by="ravi", scope=EVERYTHING), "counted")
    own = [acts.decide(document, grant=True, by=who, scope=EVERYTHING) for who in ("asha", "ravi")]
    done = acts.decide(document, grant=True, by="vikram", scope=EVERYTHING)

    assert [told(one) for one in own] == [[("stock_own", "")]] * 2
    posted(done)
    assert held(market, "S1")[0] == 5025
    assert market.broken() == set()


def test_a_batch_that_the_book_does_not_have_is_counted_too(
    market: Market, acts: StockActs
) -> None:
    document, lines = count(market, acts)
    others = [row("SOAP", "S-NEW", 4, expiry="-"), row("RICE", "R1", 990)]

    early = acts.count.hand_over(document, by="ravi", scope=EVERYTHING)
    entered = acts.count.enter(document, {lines["S1"]: "5000"}, others, by="ravi", scope=EVERYTHING)
    acts.count.hand_over(document, by="ravi", scope=EVERYTHING)
    acts.decide(document, grant=True, by="vikram", scope=EVERYTHING)

    assert told(early) == [("count_incomplete", "")]
    posted(entered, "counting")
    assert held(market, "S-NEW")[0] == 4
    assert held(market, "R1")[0] == 990
    assert market.broken() == set()


def test_what_another_one_counted_meanwhile_is_told_and_not_lost(
    market: Market, acts: StockActs
) -> None:
    document, lines = count(market, acts)
    line = lines["S1"]
    enter = partial(acts.count.enter, document, scope=EVERYTHING)
    enter({line: "11"}, by="ravi")
    enter({line: "20"}, seen={line: "11"}, by="vikram")

    along = enter({line: "11"}, [row("RICE", "R1", 1)], seen={line: "11"}, by="ravi")
    crossed = enter({line: "12"}, seen={line: "11"}, by="ravi")
    blind = enter({line: "12"}, by="ravi")
    kept = market.rows(COUNTED, d=document)
    posted(enter({line: "12"}, seen={line: "20"}, by="ravi"), "counting")

    posted(along, "counting")
    assert told(crossed) == told(blind) == [("count_changed", line)]
    assert (params(crossed)["counted"], params(crossed)["who"]) == (20, "vikram")
    assert kept == [("R1", 1, "ravi"), ("S1", 20, "vikram")]
    assert ("S1", 12, "ravi") in market.rows(COUNTED, d=document)


def test_a_variance_above_the_limit_is_counted_again_by_somebody_else_who_does_not_see_it(
    market: Market, acts: StockActs
) -> None:
    acts.set_limit({"recount": "500.00"}, by="asha")  # each piece costs 50.00
    document, lines = count(market, acts, "food")
    enter = partial(acts.count.enter, document, scope=EVERYTHING)
    enter({lines["R1"]: "980", lines["O1"]: "1000", lines["H1"]: "40"}, by="ravi")

    first = acts.count.hand_over(document, by="ravi", scope=EVERYTHING)
    kept = market.rows(COUNTED, d=document)
    own = enter({lines["R1"]: "980"}, by="ravi")
    scanned = enter({}, [row("RICE", "R1", 980)], by="ravi")
    posted(enter({lines["R1"]: "999"}, by="meena"), "counting")
    second = acts.count.hand_over(document, by="ravi", scope=EVERYTHING)
    decided = [
        acts.decide(document, grant=True, by=who, scope=EVERYTHING)
        for who in ("ravi", "meena", "vikram")
    ]

    posted(first, "counting")
    assert kept == [("H1", 40, "ravi"), ("O1", 1000, "ravi")]
    assert told(own) == told(scanned) == [("count_same_person", lines["R1"])]
    posted(second, "counted")
    assert [told(one) for one in decided[:2]] == [[("stock_own", "")]] * 2
    posted(decided[2])
    assert (held(market, "R1")[0], held(market, "H1")[0]) == (999, 40)
    assert market.broken() == set()


def test_without_a_limit_one_count_is_enough_and_an_amount_that_is_none_is_refused(
    market: Market, acts: StockActs
) -> None:
    wrong = acts.set_limit({"recount": "1,5"}, by="asha")
    acts.set_limit({"recount": "0.00"}, by="asha")
    acts.set_limit({"recount": ""}, by="asha")
    document, lines = count(market, acts)
    acts.count.enter(document, dict.fromkeys(lines.values(), "0"), by="ravi", scope=EVERYTHING)

    assert told(wrong) == [("cell_not_amount", "recount")]
    posted(acts.count.hand_over(document, by="ravi", scope=EVERYTHING), "counted")


def test_both_limits_are_set_together_or_not_at_all_and_the_history_says_by_whom_and_why(
    market: Market, acts: StockActs
) -> None:
    acts.set_limit({"amount": "1500.00", "recount": "20.00", "note": "after the count"}, by="asha")
    crossed = acts.set_limit({"amount": "9000.00", "recount": "x"}, by="ravi")
    acts.set_limit({"recount": "20.00"}, by="ravi")

    with market.database.read() as connection:
        now = read_limits(connection, scope=EVERYTHING)
        changes = read_limit_changes(connection, scope=EVERYTHING)
    assert told(crossed) == [("cell_not_amount", "recount")]
    assert now == (150_000, 2_000)
    assert [(one.field, one.old, one.new, one.who, one.why) for one in changes[-2:]] == [
        ("amount", 100_000, 150_000, "asha", "after the count"),
        ("recount", None, 2_000, "asha", "after the count"),
    ]


def test_a_recalled_batch_is_sold_no_more_and_what_is_free_is_quarantined(
    market: Market, acts: StockActs
) -> None:
    market.place(("RICE", 100), terminal="shop-2")
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'R1'")

    nameless = acts.recall(batch, {}, key=new_uuid(), by="asha", scope=EVERYTHING)
    done = acts.recall(batch, {"note": "glass found"}, key=new_uuid(), by="asha", scope=EVERYTHING)

    assert told(nameless) == [("stock_note_missing", "note")]
    posted(done)
    assert held(market, "R1") == (100, 100, 0, 900, 0)
    assert market.place(("RICE", 1), terminal="shop-2").status != "confirmed"
    assert market.broken() == set()


def test_what_keeps_longer_by_a_correction_is_released_by_a_second_person(
    market: Market, acts: StockActs
) -> None:
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'T-LATE'")
    dates = {"manufactured": "2026-01-01", "expiry": "2030-01-01", "note": "misread"}
    release = {**MAIN, "how": "release", "reason": "checked"}

    acts.correct_dates(batch, dates, by="asha", scope=EVERYTHING)
    apart = held(market, "T-LATE")
    document = posted(do(acts.move, release, row("TEA", "T-LATE", 100)), "waiting")
    own = acts.decide(document, grant=True, by="asha", scope=EVERYTHING)
    posted(acts.decide(document, grant=True, by="vikram", scope=EVERYTHING))
    acts.correct_dates(batch, {**dates, "expiry": "2029-01-01"}, by="asha", scope=EVERYTHING)

    assert apart == (0, 0, 0, 100, 0)
    assert told(own) == [("stock_own", "")]
    assert held(market, "T-LATE") == (100, 0, 0, 0, 0)
    assert market.broken() == set()


def test_nothing_of_a_recalled_batch_turns_good_again(market: Market, acts: StockActs) -> None:
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'R1'")
    acts.recall(batch, {"note": "glass found"}, key=new_uuid(), by="asha", scope=EVERYTHING)

    release = {**MAIN, "how": "release", "reason": "checked"}
    found = {**MAIN, "how": "found", "reason": "found"}

    assert told(do(acts.move, release, row("RICE", "R1", 1))) == [("batch_not_for_sale", "1.batch")]
    posted(do(acts.move, found, row("RICE", "R1", 1)))
    assert held(market, "R1") == (0, 0, 0, 1001, 0)
    assert market.broken() == set()


def test_corrected_dates_are_kept_with_who_and_why(market: Market, acts: StockActs) -> None:
    market.place(("TEA", 2), terminal="shop-2")
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'T-EARLY'")
    dates = {"manufactured": "2026-01-01", "expiry": "2026-11-01"}

    silent = acts.correct_dates(batch, dates, by="asha", scope=EVERYTHING)
    done = acts.correct_dates(batch, {**dates, "note": "misread"}, by="asha", scope=EVERYTHING)

    assert told(silent) == [("stock_note_missing", "note")]
    assert done is None
    kept = market.rows("SELECT field, new, who, why FROM history WHERE noun = 'batch'")
    assert kept == [("expiry", '"2026-11-01"', "asha", "misread")]
    assert market.broken() == set()


HEAD: Final = "warehouse,sku,batch,manufactured,expiry,quantity,mrp\n"


def test_opening_stock_is_checked_without_a_trace_and_taken_once(market: Market) -> None:
    Shelves(market.database).user("asha", "manager")
    acts = market.hub.ground.part(ImportActs)
    body = HEAD + (
        "MAIN,OIL,O7,2026-06-01,2027-06-01,40,110.00\n"
        "MAIN,OIL,O1,,(empty),5,\n"
        "MAIN,SALT,X1,,2027-06-01,5,\n"
        "SIDE,OIL,O8,,2027-06-01,5,\n"
        "MAIN,OIL,O9,,,5,\n"
    )
    before = market.rows("SELECT * FROM batch")

    def outcomes() -> list[tuple[str, list[tuple[str, str]]]]:
        found = acts.check("stock", body, file="stock.csv", by="asha", scope=EVERYTHING)
        return [(one.action, [(r.code, r.field) for r in one.reasons]) for one in found]

    first = outcomes()
    kept = market.rows("SELECT * FROM batch")
    run = acts.take("stock", body, file="stock.csv", by="asha")
    acts.take.begin(run, by="asha")
    market.hub.jobs.run_due("test")

    assert first == [
        ("add", []),
        ("refuse", [("stock_opened", "quantity")]),
        ("refuse", [("stock_product_unknown", "sku")]),
        ("refuse", [("stock_warehouse_unknown", "warehouse")]),
        ("refuse", [("batch_expiry_missing", "expiry")]),
    ]
    assert kept == before
    assert market.rows("SELECT on_hand, mrp FROM batch WHERE code = 'O7'") == [(40, 1_100_000)]
    assert outcomes()[0] == ("same", [])
    assert market.broken() == set()


def test_stock_from_a_file_waits_for_a_second_person_once_the_warehouse_has_begun(
    market: Market, acts: StockActs
) -> None:
    Shelves(market.database).user("asha", "manager")
    posted(do(acts.receive, MAIN, row("SOAP", "S1", 5)))
    imports = market.hub.ground.part(ImportActs)
    body = HEAD + (
        "MAIN,OIL,O7,,2027-06-01,400,110.00\n"
        "MAIN,OIL,O8,,2027-06-01,20,110.00\n"
        "SIDE,OIL,O9,,2027-06-01,400,110.00\n"
        "MAIN,OIL,O10,,2020-06-01,5,\n"
        "MAIN,OIL,O11,,2027-06-01,10000000,0\n"
    )

    def outcomes() -> list[tuple[str, tuple[str, ...], list[str]]]:
        found = imports.check("stock", body, file="late.csv", by="asha", scope=EVERYTHING)
        return [(one.action, one.waiting, [r.code for r in one.reasons]) for one in found]

    first = outcomes()
    imports.take.begin(imports.take("stock", body, file="late.csv", by="asha"), by="asha")
    market.hub.jobs.run_due("test")
    before = held(market, "O7")
    ((document,),) = market.rows("SELECT id FROM stock_document WHERE state = 'waiting'")
    own = acts.decide(document, grant=True, by="asha", scope=EVERYTHING)
    again = outcomes()
    posted(acts.decide(document, grant=True, by="vikram", scope=EVERYTHING))

    assert first == [
        ("add", ("quantity",), []),
        ("add", (), []),
        ("add", (), []),
        ("refuse", (), ["batch_past_expiry"]),
        ("refuse", (), ["cell_too_many", "mrp_of_nothing"]),
    ]
    assert before[0] == 0
    assert told(own) == [("stock_own", "")]
    assert [one[0] for one in again[:3]] == ["same"] * 3
    assert [held(market, code)[0] for code in ("O7", "O8")] == [400, 20]
    assert market.rows("SELECT 1 FROM batch WHERE code IN ('O10', 'O11')") == []
    assert market.broken() == set()


def test_a_corrected_expiry_names_the_orders_that_were_served_too_late(
    market: Market, acts: StockActs
) -> None:
    market.place(("TEA", 2), terminal="shop-2")
    ((batch,),) = market.rows("SELECT id FROM batch WHERE code = 'T-EARLY'")

    def served() -> list[tuple[str, int, bool]]:
        with market.database.read() as connection:
            found = list_holders(connection, batch_id=batch, scope=EVERYTHING)
        return [(one.customer, one.quantity, one.expired) for one in found]

    before = served()
    acts.correct_dates(batch, {"expiry": "2026-11-01", "note": "x"}, by="asha", scope=EVERYTHING)

    assert before == [("C2", 2, False)]
    assert served() == [("C2", 2, True)]
