"""Goods that go back to a supplier: of which batch, from where, let pass by whom, by which note."""

from datetime import date

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.parties.model.sides import Side
from hub.desk.stock.acts.give_note import paper_of
from hub.desk.stock.reads.documents import list_lines, read_document
from tests.builders.market import Market
from tests.builders.stock_moves import do, held, params, posted, row, stock_of, told

HEAD = {
    "warehouse": "MAIN",
    "how": "to_supplier",
    "supplier": "Leaf Company",
    "reason": "expired",
    "note": "their van",
}


def _number(market: Market, document: int) -> str | None:
    (found,) = market.rows("SELECT number FROM stock_document WHERE id = :d", d=document)
    number: str | None = found[0]
    return number


def test_damaged_and_recalled_goods_of_a_batch_go_back_with_a_numbered_note(
    market: Market,
) -> None:
    acts = stock_of(market)
    acts.set_limit({"amount": "100000.00"}, by="vikram")
    do(acts.move, {**HEAD, "how": "damage", "reason": "broken"}, row("TEA", "T-LATE", 5))
    do(acts.move, {**HEAD, "how": "quarantine", "reason": "quality"}, row("RICE", "R1", 7))

    first = posted(do(acts.move, HEAD, row("TEA", "T-LATE", 4)))
    second = posted(do(acts.move, {**HEAD, "bucket": "quarantine"}, row("RICE", "R1", 7)))
    third = posted(do(acts.move, {**HEAD, "bucket": "good"}, row("TEA", "T-OLD", 100)))

    assert held(market, "T-LATE") == (95, 0, 1, 0, 0)
    assert held(market, "R1") == (993, 0, 0, 0, 0)
    assert held(market, "T-OLD")[0] == 0
    assert [_number(market, one) for one in (first, second, third)] == [
        "SR26-27/000001",
        "SR26-27/000002",
        "SR26-27/000003",
    ]
    assert market.broken() == set()


def test_more_than_lies_there_of_the_very_batch_does_not_go_back(market: Market) -> None:
    acts = stock_of(market)
    do(acts.move, {**HEAD, "how": "damage", "reason": "broken"}, row("TEA", "T-LATE", 5))

    short = do(acts.move, HEAD, row("TEA", "T-LATE", 6))
    other = do(acts.move, HEAD, row("TEA", "T-EARLY", 1))
    nobody = do(acts.move, {**HEAD, "supplier": " "}, row("TEA", "T-LATE", 1))

    assert (told(short), params(short)["there"]) == ([("stock_short", "1")], 5)
    assert told(other) == [("stock_short", "1")]
    assert told(nobody) == [("stock_supplier_missing", "supplier")]


def test_above_the_amount_a_second_person_lets_goods_go_and_then_they_have_a_number(
    market: Market,
) -> None:
    acts = stock_of(market)
    acts.set_limit({"amount": "100.00"}, by="vikram")
    do(acts.move, {**HEAD, "how": "damage", "reason": "broken"}, row("TEA", "T-LATE", 5))

    waits = posted(do(acts.move, HEAD, row("TEA", "T-LATE", 5)), "waiting")
    before = held(market, "T-LATE"), _number(market, waits)
    own = acts.decide(waits, grant=True, by="asha", scope=EVERYTHING)
    posted(acts.decide(waits, grant=True, by="vikram", scope=EVERYTHING))

    assert before == ((95, 0, 5, 0, 0), None)
    assert told(own) == [("stock_own", "")]
    assert held(market, "T-LATE") == (95, 0, 0, 0, 0)
    assert _number(market, waits) == "SR26-27/000001"
    assert market.broken() == set()


@pytest.mark.one_engine
def test_the_note_names_the_supplier_and_each_batch(market: Market) -> None:
    acts = stock_of(market)
    acts.set_limit({"amount": "100000.00"}, by="vikram")
    gone = posted(do(acts.move, {**HEAD, "bucket": "good"}, row("TEA", "T-OLD", 3)))
    kept = posted(do(acts.move, {**HEAD, "how": "damage"}, row("TEA", "T-LATE", 1)))

    file = acts.note(gone, scope=EVERYTHING)
    with market.database.read() as connection:
        found = read_document(connection, gone, scope=EVERYTHING)
        lines = list_lines(connection, gone, scope=EVERYTHING)
    assert found is not None
    words = PageWords("hi")
    paper = paper_of(
        found,
        words,
        lines=lines,
        seller=Side("@house", "Corner"),
        day=date(2026, 12, 1),
        money=HouseMoney(),
    )

    assert file is not None
    assert file.content.startswith(b"%PDF-")
    assert file.name == "SR26-27-000001-Leaf-Company.pdf"
    assert (paper.title, paper.sides[1].name) == ("सप्लायर को वापसी", "Leaf Company")
    assert paper.lines.rows == (("1", "Tea (TEA)", "T-OLD", "20 नव 2026", "3"),)
    assert acts.note(kept, scope=EVERYTHING) is None
    assert acts.note(gone, scope=Scope()) is None


def test_the_audit_names_a_return_to_a_supplier_without_its_number(market: Market) -> None:
    acts = stock_of(market)
    acts.set_limit({"amount": "100000.00"}, by="vikram")
    do(acts.move, {**HEAD, "bucket": "good"}, row("TEA", "T-OLD", 3))
    assert market.broken() == set()

    market.change("UPDATE stock_document SET number = NULL WHERE kind = 'supplier_return'")

    assert market.broken() == {"supplier_returns"}
