"""Series that go on behind numbers which papers outside of the books have."""

import pytest

from hub.base import history
from hub.base.access import EVERYTHING, NOTHING
from hub.base.fields import Refused
from hub.base.numbering import Skipped
from hub.desk.invoices.reads.series import list_series
from tests.builders.delivered import sent
from tests.builders.market import Market
from tests.builders.money import billed, invoices_of

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def bill(market: Market) -> str:
    """Bill an order, and give the number of its invoice."""
    return billed(market, market.place(("SOAP", 1)).order).number


def move(market: Market, last: str, *, why: str = "restored from Monday", **said: str) -> object:
    """Go on behind a number."""
    act = invoices_of(market).move_series
    kind = said.pop("kind", "invoice")
    return act(kind, last, why=why, by="asha", scope=EVERYTHING, **said)


def test_after_a_restore_no_number_of_a_paper_is_given_again(market: Market) -> None:
    first = bill(market)

    moved = move(market, "INV26-27/000050")
    after = bill(market)

    assert first == "INV26-27/000001"
    assert moved == Skipped("INV26-27/000002", "INV26-27/000050", "INV26-27/000051")
    assert after == "INV26-27/000051"
    assert market.broken() == set()
    with market.database.read() as connection:
        (entry,) = history.read(connection, "series", 1)
        (row,) = [one for one in list_series(connection, scope=EVERYTHING) if one.kind == "invoice"]
        assert list_series(connection, scope=NOTHING) == []
    told = (entry.field, entry.old, entry.new, entry.who, entry.why)
    assert told == (
        *("invoice", "INV26-27/000002", "INV26-27/000051", "asha", "restored from Monday"),
    )
    assert (row.after, row.given, row.skipped) == ("INV26-27/000052", 2, 49)


@SQLITE
@pytest.mark.parametrize(
    "last", ["INV26-27/000001", "1", "0", "-5", "50x", "", "CN26-27/000050", "20000", "999999"]
)
def test_a_number_that_is_given_or_far_away_or_none_moves_nothing(
    market: Market, last: str
) -> None:
    bill(market)

    done = move(market, last)

    assert isinstance(done, Refused)
    assert [(one.code, one.field) for one in done.reasons] == [("series_number", "last")]
    assert bill(market) == "INV26-27/000002"


@SQLITE
def test_a_series_is_moved_for_a_reason_and_only_where_there_is_one(market: Market) -> None:
    bill(market)

    outcomes = [
        move(market, "9", why=" "),
        move(market, "9", kind="claim"),
        move(market, "9", kind="order"),
        move(market, "9", seller="NOBODY"),
    ]

    codes = [one.reasons[0].code for one in outcomes if isinstance(one, Refused)]
    assert codes == ["series_why", *["series_unknown"] * 3]


@SQLITE
def test_skipped_numbers_that_nobody_skipped_are_a_broken_promise(market: Market) -> None:
    bill(market)

    market.change("UPDATE series SET skipped = 1 WHERE kind = 'invoice'")

    assert market.broken() == {"invoice_series"}


@SQLITE
def test_a_beginning_that_another_kind_of_document_has_is_refused_at_its_field(
    market: Market,
) -> None:
    sent(market, market.place(("SOAP", 1)).order)
    keep = invoices_of(market).set_letterhead

    wrong = keep("@house", {"prefix_debit_note": "DN{year}/"}, by="asha", scope=EVERYTHING)

    assert isinstance(wrong, Refused)
    assert [(one.code, one.field) for one in wrong.reasons] == [
        ("series_same", "prefix_debit_note")
    ]


@SQLITE
def test_delivery_notes_begin_otherwise_where_a_seller_gave_their_beginning_away(
    market: Market,
) -> None:
    keep = invoices_of(market).set_letterhead
    done = keep("@house", {"prefix_debit_note": "DN{year}/"}, by="asha", scope=EVERYTHING)

    wave = sent(market, market.place(("SOAP", 1)).order)

    assert done is None
    number = market.rows("SELECT number FROM delivery WHERE id = :n", n=wave.notes[0])[0][0]
    assert number == "XDN26-27/00001"
    assert market.broken() == set()
