"""Claims: what schemes gave and took back, asked once from who pays, and never more than given."""

import json
from dataclasses import replace
from datetime import date

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.base.listing import Wanted
from hub.base.money import HouseMoney
from hub.base.papers import Press
from hub.base.words import PageWords
from hub.desk.claims.acts.gather_given import GatherGiven
from hub.desk.claims.acts.give_letter import paper_of
from hub.desk.claims.model import Made, ShortLine, ToMake
from hub.desk.claims.reads import NEWEST, count_open, list_claims, list_open
from hub.desk.claims.reads.evidence import evidence_of
from hub.desk.invoices.model.crediting import Credited
from hub.desk.parties.model.sides import Side
from hub.desk.payments.acts import PaymentActs
from hub.desk.reports.model.requests import Named
from tests.builders.claim_breaks import TAMPERED_CLAIMS
from tests.builders.claims import (
    BY,
    TODAY,
    claim_all,
    claimed,
    claims_of,
    fund,
    given,
    sent_claim,
    shorted,
    shown,
    try_claim,
)
from tests.builders.market import Market, new_uuid, packed
from tests.builders.money import (
    account_of,
    billed,
    credited,
    delivered,
    invoices_of,
    open_of,
    paid,
)
from tests.suites.hub.test_reports import answered

GIVEN = {
    ("SCH-BILL", "LEAF"): 2_090,
    ("SCH-LEAF", "LEAF"): 10_000,
    ("SCH-MORE", "HIVE"): 5_000,
    ("SCH-GIFT", "HIVE"): 8_000,
    ("SCH-LAUNCH", ""): 500,
}
"""Of ten tea and twenty soaps: 10 %, 5 % and 2 % off the one, 5.00 and 2 % off the other, honey."""


def _sell(market: Market) -> int:
    """Bill ten tea and twenty soaps to the second shop, and give the invoice's id."""
    return billed(market, delivered(market, ("TEA", 10), ("SOAP", 20))).invoice


def test_an_invoice_gives_what_each_scheme_took_off_and_its_free_goods(market: Market) -> None:
    fund(market)

    order = delivered(market, ("TEA", 10), ("SOAP", 20))
    before = given(market)
    billed(market, order)

    assert before == {}
    assert given(market) == GIVEN
    assert market.broken() == set()


def test_a_return_takes_back_what_is_not_earned_any_more_and_cancelling_gives_it_again(
    market: Market,
) -> None:
    fund(market)
    invoice = _sell(market)

    note = credited(market, invoice, Credited(back={1: 4}))
    assert not isinstance(note, Refused)
    kept = given(market)
    invoices_of(market).cancel(note.invoice, why="wrong", by=BY, scope=EVERYTHING)

    # Six tea at 600.00 have 10 %, and no 5 % from ten on; 2 % of 735.00 are 14.70, of them 10.80.
    assert kept[("SCH-LEAF", "LEAF")] == 6_000
    assert kept[("SCH-MORE", "HIVE")] == 0
    assert kept[("SCH-BILL", "LEAF")] == 1_080 + 390
    assert given(market) == GIVEN
    assert market.broken() == set()


def test_free_goods_that_come_back_or_are_charged_are_given_less(market: Market) -> None:
    fund(market)
    invoice = _sell(market)

    credited(market, invoice, Credited(back={2: 1, 3: 1}))
    back = given(market)[("SCH-GIFT", "HIVE")]
    other = _sell(market)
    charged = credited(market, other, Credited(back={2: 10}, charged={3: 1}))

    assert back == 0
    assert not isinstance(charged, Refused)
    assert given(market)[("SCH-GIFT", "HIVE")] == 0
    assert market.broken() == set()


def test_a_cancelled_invoice_gave_nothing(market: Market) -> None:
    fund(market)
    order = market.place(("TEA", 10), ("SOAP", 20)).order
    issued = billed(market, order)

    invoices_of(market).cancel(issued.invoice, why="wrong", by=BY, scope=EVERYTHING)
    gone = given(market)
    billed(market, order)

    assert set(gone.values()) == {0}
    assert given(market) == GIVEN
    assert market.broken() == set()


def test_a_claim_asks_for_all_that_was_not_asked_for_and_only_once(market: Market) -> None:
    fund(market)
    _sell(market)
    key = new_uuid()

    first = try_claim(market, "LEAF", key=key)
    again = try_claim(market, "LEAF", key=key)
    other = try_claim(market, "HIVE")
    nothing = try_claim(market, "LEAF")

    assert isinstance(first, Made)
    assert first.number == "CLM26-27/000001"
    assert again == replace(first, again=True)
    assert shown(market, first).row.amount == 12_090
    assert isinstance(other, Made)
    assert shown(market, other).row.amount == 13_000
    assert isinstance(nothing, Refused)
    assert nothing.reasons[0].code == "claim_none"
    assert market.broken() == set()


def test_a_claim_names_schemes_in_the_words_of_the_language(market: Market) -> None:
    fund(market)
    _sell(market)
    made = claimed(market, "LEAF")

    english = {one.text for one in shown(market, made).lines}
    hindi = {one.text for one in shown(market, made, language="hi").lines}

    assert english == {"Ten percent on tea", "Two percent of everything"}
    assert hindi == {"चाय पर दस प्रतिशत", "Two percent of everything"}


def test_only_what_was_given_up_to_the_day_is_claimed(market: Market) -> None:
    fund(market)
    _sell(market)

    early = try_claim(market, "LEAF", until=date(2026, 11, 20))
    ahead = try_claim(market, "LEAF", until=date(2026, 11, 22))

    assert isinstance(early, Refused)
    assert early.reasons[0].code == "claim_none"
    assert isinstance(ahead, Refused)
    assert ahead.reasons[0].code == "claim_until_ahead"


def test_what_comes_back_after_it_was_claimed_is_less_in_the_next_claim(market: Market) -> None:
    fund(market)
    invoice = _sell(market)
    first = sent_claim(market, "LEAF")
    credited(market, invoice, Credited(back={1: 4}))

    waits = try_claim(market, "LEAF")
    _sell(market)
    second = sent_claim(market, "LEAF")

    assert isinstance(waits, Refused)
    assert waits.reasons[0].params["amount"] == 4_620
    amounts = sorted(one.amount for one in shown(market, second).lines)
    assert amounts == [-4_000, -620, 400, 1_700, 10_000]  # the launch offer is used up
    assert shown(market, second).row.amount == 12_100 - 4_620
    assert shown(market, first).row.amount == 12_090
    assert market.broken() == set()


def test_a_claim_is_owed_once_it_is_sent_and_settled_by_payments(market: Market) -> None:
    fund(market)
    _sell(market)
    made = claimed(market, "LEAF")
    drafted = account_of(market, "LEAF")

    claims_of(market).move(made.id, "sent", by=BY, scope=EVERYTHING)
    again = claims_of(market).move(made.id, "sent", by=BY, scope=EVERYTHING)
    owed = account_of(market, "LEAF")
    claims_of(market).move(made.id, "accepted", by=BY, scope=EVERYTHING)
    cheque = paid(market, "120.90", customer="LEAF", mode="cheque", reference="C-7")
    settled = shown(market, made).row
    cheques = market.hub.ground.part(PaymentActs).cheque
    cheques(cheque.payment, "bounced", by=BY, scope=EVERYTHING)

    assert drafted[0] == 0
    assert again == Made(made.id, made.number, again=True)
    assert owed[0] == 12_090
    assert (settled.state, settled.open) == ("settled", 0)
    assert shown(market, made).row.state == "accepted"
    assert market.broken() == set()


def test_what_a_funder_does_not_pay_is_written_off_by_line_and_not_claimed_again(
    market: Market,
) -> None:
    fund(market)
    _sell(market)
    made = sent_claim(market, "LEAF")

    shorted(market, made, 1, 700, why="no proof of delivery")
    above = claims_of(market).short(
        made.id, [ShortLine(1, 1_001)], why="more", by=BY, scope=EVERYTHING
    )
    found = shown(market, made)

    assert isinstance(above, Refused)
    assert above.reasons[0].params == {"line": 1, "left": 1_000}
    assert (found.row.state, found.row.short, found.row.open) == ("short_paid", 700, 11_390)
    assert found.lines[0].short == 700
    assert open_of(market, made.number) == 11_390
    paid(market, "113.90", customer="LEAF")
    assert shown(market, made).row.state == "settled"
    assert isinstance(try_claim(market, "LEAF"), Refused)
    assert market.broken() == set()


def test_a_write_off_that_is_voided_has_the_funder_owe_it_again(market: Market) -> None:
    fund(market)
    _sell(market)
    made = sent_claim(market, "LEAF")
    shorted(market, made, 1, 700)
    (short,) = shown(market, made).shorts

    market.hub.ground.part(PaymentActs).void(short.payment, why="paid", by=BY, scope=EVERYTHING)

    found = shown(market, made)
    assert (found.row.state, found.row.short, found.row.open) == ("sent", 0, 12_090)
    assert [one.voided for one in found.shorts] == [True]
    assert market.broken() == set()


def test_a_withdrawn_claim_keeps_its_number_and_gives_its_lines_back(market: Market) -> None:
    fund(market)
    _sell(market)
    made = sent_claim(market, "LEAF")
    move = claims_of(market).move

    without = move(made.id, "withdrawn", by=BY, scope=EVERYTHING)
    move(made.id, "withdrawn", why="wrong month", by=BY, scope=EVERYTHING)
    owed = account_of(market, "LEAF")
    second = sent_claim(market, "LEAF")
    paid(market, "1.00", customer="LEAF")
    late = move(second.id, "withdrawn", why="late", by=BY, scope=EVERYTHING)

    assert isinstance(without, Refused)
    assert owed[0] == 0
    gone = shown(market, made)
    assert (gone.row.state, len(gone.lines)) == ("withdrawn", 3)
    assert [one.new for one in gone.history] == ["draft", "sent", "withdrawn"]
    assert second.number == "CLM26-27/000002"
    assert isinstance(late, Refused)
    assert late.reasons[0].code == "claim_paid"
    assert market.broken() == set()


def test_a_funder_whom_nobody_knows_is_not_asked(market: Market) -> None:
    market.publish(packed(version=2, more=FREE_FOR_NOBODY))
    billed(market, delivered(market, ("TEA", 10)))

    refused = try_claim(market, "NOBODY")
    with market.database.read() as connection:
        (row,) = list_open(connection, scope=EVERYTHING)

    assert isinstance(refused, Refused)
    assert refused.reasons[0].code == "claim_funder_unknown"
    assert (row.funder, row.name, row.amount) == ("NOBODY", "", 10_000)


FREE_FOR_NOBODY = """
schemes:
  - {id: SCH-LOST, when: {sku: TEA}, percent: 10, funder: NOBODY}
"""


def test_free_goods_count_at_cost_where_that_is_said_and_as_they_did_when_they_come_back(
    market: Market,
) -> None:
    fund(market)
    market.change("UPDATE product SET cost = 612500 WHERE sku = 'HONEY'")
    _sell(market)
    wrong = claims_of(market).value("mrp", by=BY)
    assert claims_of(market).value("cost", by=BY) is None

    invoice = _sell(market)
    market.change("UPDATE product SET cost = 900000 WHERE sku = 'HONEY'")
    rows = "SELECT valued, unit_worth, amount FROM scheme_given WHERE kind = 'goods' ORDER BY id"
    before = market.rows(rows)
    credited(market, invoice, Credited(back={2: 1, 3: 1}))

    assert isinstance(wrong, Refused)
    assert before == [("list", 800_000, 8_000), ("cost", 612_500, 6_125)]
    assert market.rows(rows)[-1] == ("cost", 612_500, -6_125)
    assert market.broken() == set()


def test_the_letter_and_the_file_say_what_the_lines_say(market: Market) -> None:
    fund(market)
    invoice = _sell(market)
    sent_claim(market, "LEAF")
    credited(market, invoice, Credited(back={1: 4}))
    _sell(market)
    found = shown(market, sent_claim(market, "LEAF"))
    side = Side("x", "X")

    paper = paper_of(found, PageWords("en"), seller=side, funder=side, money=HouseMoney())
    said = evidence_of(found, PageWords("hi"))

    amounts = [row[-1].replace("\N{MINUS SIGN}", "-") for row in paper.lines.rows]
    assert sum(round(float(one) * 100) for one in amounts) == found.row.amount == 7_480
    assert paper.sums[0].amount == "₹74.80"
    assert paper.words == "Seventy-four rupees and eighty paise only"
    assert sum(row[-2] for row in said.rows) * 100 == 7_480  # type: ignore[misc]
    assert [row[4] for row in said.rows if row[-2] < 0] == ["CN26-27/000001"] * 2  # type: ignore[operator]


@pytest.mark.one_engine
def test_a_letter_of_very_many_lines_names_schemes_and_leaves_lines_to_the_file(
    market: Market,
) -> None:
    fund(market)
    _sell(market)
    found = shown(market, sent_claim(market, "LEAF"))
    many = replace(found, lines=found.lines * 200)
    side = Side("x", "X")

    paper = paper_of(many, PageWords("en"), seller=side, funder=side, money=HouseMoney())

    assert [row[0] for row in paper.lines.rows] == [
        "Two percent of everything",
        "Ten percent on tea",
    ]
    assert "All 600 lines are in the file that comes with this letter." in paper.remarks


@pytest.mark.one_engine
@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_letter_on_small_paper_has_room_for_names(market: Market, language: str) -> None:
    fund(market)
    _sell(market)
    found = shown(market, sent_claim(market, "LEAF"))
    long = replace(found.lines[0], text="Ten plus one", product="Mtr Inst. Badam Drink")
    letter = replace(found, lines=(long,) * 20)
    side = Side("x", "X")

    paper = paper_of(letter, PageWords(language), seller=side, funder=side, money=HouseMoney())
    pages = Press().compile(paper, "a5", format="png", ppi=20)

    assert isinstance(pages, list)
    assert len(pages) == 2


def test_the_letter_of_a_claim_is_the_same_file_for_ever(market: Market) -> None:
    fund(market)
    _sell(market)
    made = sent_claim(market, "LEAF")
    letter = claims_of(market).letter

    first = letter(made.id, scope=EVERYTHING)
    shorted(market, made, 1, 700)
    again = letter(made.id, scope=EVERYTHING)
    foreign = letter(made.id, scope=Scope())

    assert first is not None
    assert first == again
    assert first.name == "CLM26-27-000001-Leaf-Company.pdf"
    assert first.content.startswith(b"%PDF")
    assert foreign is None


def test_scheme_performance_and_claims_come_to_what_documents_say(market: Market) -> None:
    fund(market)
    invoice = _sell(market)
    sent_claim(market, "LEAF")
    credited(market, invoice, Credited(back={1: 4}))
    billed(market, delivered(market, ("TEA", 3), ("RICE", 10)))
    # Independent of what was written down: all discount of invoices less that of credit notes,
    # and honey at 80.00 for each piece that was billed.
    (discount,) = market.rows(
        "SELECT sum(CASE i.kind WHEN 'credit_note' THEN -l.discount ELSE l.discount END) "
        "FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE l.free = false"
    )[0]
    (honey,) = market.rows("SELECT sum(quantity) FROM invoice_line WHERE sku = 'HONEY'")[0]
    wanted = int(discount) + int(honey) * 8_000

    schemes = answered(market, "scheme_performance")
    claims = answered(market, "claims")
    leaf = answered(market, "claims", ("product", Named("Tea")), by="scheme")

    assert schemes.totals["scheme_cost"] == wanted
    assert claims.totals["scheme_cost"] == wanted
    assert sum(given(market).values()) == wanted
    parts = ("claimed", "to_claim", "own_cost")
    assert sum(int(claims.totals[one] or 0) for one in parts) == wanted
    assert {line.key for line in leaf.lines} == {"SCH-BILL", "SCH-LEAF", "SCH-MORE"}
    with market.database.read() as connection:
        _, open_ = count_open(connection, scope=EVERYTHING)
        rows = list_open(connection, scope=EVERYTHING)
    assert sum(row.amount for row in rows) == claims.totals["to_claim"]
    assert open_ == sum(row.amount for row in rows if row.amount > 0)


def test_who_sees_no_row_of_a_claim_cannot_make_read_or_move_it(market: Market) -> None:
    fund(market)
    _sell(market)
    made = claimed(market, "LEAF")
    acts, nobody = claims_of(market), Scope()
    (seller,) = market.rows("SELECT seller_id FROM claim")[0]
    (shop,) = market.rows("SELECT id FROM party WHERE code = 'C2'")[0]
    some = Scope(frozenset({seller}), frozenset({shop}), narrowed=True)

    refusals = [
        acts.make(ToMake("HIVE", TODAY), key="k", by=BY, scope=nobody),
        acts.move(made.id, "sent", by=BY, scope=nobody),
        acts.short(made.id, [ShortLine(1, 1)], why="x", by=BY, scope=nobody),
        acts.make(ToMake("HIVE", TODAY), key="k", by=BY, scope=some),
        acts.move(made.id, "sent", by=BY, scope=some),
    ]
    with market.database.read() as connection:
        listed = list_claims(connection, Wanted(NEWEST), scope=nobody)
        open_ = list_open(connection, scope=nobody)
        of_some = list_claims(connection, Wanted(NEWEST), scope=some)

    assert all(isinstance(one, Refused) for one in refusals)
    assert listed.rows == of_some.rows == ()
    assert open_ == []


def test_invoices_of_before_there_were_claims_are_read_once(market: Market) -> None:
    fund(market)
    invoice = _sell(market)
    billed(market, delivered(market, ("TEA", 10)))
    market.change("DELETE FROM scheme_given")
    market.change(
        "INSERT INTO setting (key, value) SELECT 'claims_unread', max(id) FROM invoice "
        "WHERE true ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    )
    credited(market, invoice, Credited(back={1: 4}))

    while claims_of(market).gather():
        pass
    once = given(market)
    again = GatherGiven(market.hub.transactions, market.hub.desk, market.clock)
    assert not again()

    assert once[("SCH-LEAF", "LEAF")] == 6_000 + 10_000
    assert given(market) == once
    assert (
        json.loads(market.rows("SELECT value FROM setting WHERE key = 'claims_unread'")[0][0]) == 0
    )
    assert market.broken() == set()


@pytest.mark.parametrize("what", TAMPERED_CLAIMS)
def test_a_tampered_row_of_a_claim_is_named_by_its_promise(market: Market, what: str) -> None:
    claim_all(market)
    assert market.broken() == set()
    statement, promises = TAMPERED_CLAIMS[what]

    market.change(statement)

    assert promises <= market.broken()
    assert promises <= {
        *("given_billed", "given_worth", "claimed_once", "claim_lines", "claim_owed"),
        *("claim_shorts", "claim_series"),
    }
