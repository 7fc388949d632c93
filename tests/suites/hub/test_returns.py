"""Goods taken back: of which invoices, onto which shelf, and what follows in the three books."""

from collections.abc import Sequence

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.base.listing import Wanted
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from hub.desk.returns.pages.listing import read_list
from hub.desk.returns.reads import NEWEST, read_return
from tests.builders.claims import fund
from tests.builders.delivered import buckets, recorded, sent
from tests.builders.market import Market, new_uuid, packed
from tests.builders.money import BY, account_of, billed, delivered, open_of


def taken_back(
    market: Market,
    *back: Back,
    key: str = "",
    charge: bool = False,
    scope: Scope = EVERYTHING,
) -> Taken | Refused:
    """Take goods of the second shop back."""
    take = market.hub.ground.part(ReturnActs).take
    return take("C2", back, key=key or new_uuid(), why="torn", charge=charge, by=BY, scope=scope)


def notes_of(market: Market, taken: Taken | Refused) -> Sequence[tuple[str, str, int, int]]:
    """Give the lines of a return: invoice, SKU, base units, what is credited."""
    assert isinstance(taken, Taken), taken
    with market.hub.ground.database.read() as connection:
        found = read_return(connection, taken.id, scope=EVERYTHING)
    assert found is not None
    return [(one.invoice_number, one.sku, one.quantity, one.total) for one in found.lines]


def assert_books_agree(market: Market) -> None:
    """Have the audit say what is broken, where something is."""
    assert [fault for one in market.audit().kept for fault in one.faults] == []


def test_goods_come_back_over_the_last_invoices_onto_their_shelves(market: Market) -> None:
    first = billed(market, delivered(market, ("TEA", 6)))
    last = billed(market, delivered(market, ("TEA", 4), ("SOAP", 5)))
    before = buckets(market, "T-EARLY"), buckets(market, "S1")
    key = new_uuid()
    goods = (Back("TEA", 5), Back("TEA", 1, "damaged"), Back("SOAP", 2, "expired"))

    taken = taken_back(market, *goods, key=key)
    again = taken_back(market, *goods, key=key)

    assert isinstance(again, Taken)
    assert again.again
    assert sorted(notes_of(market, taken)) == [
        (first.number, "TEA", 2, 22_000),
        (last.number, "SOAP", 2, 2_000),
        (last.number, "TEA", 4, 44_000),
    ]
    assert open_of(market, last.number) == 3_000
    assert account_of(market)[0] == 4 * 11_000 + 3_000
    tea, soap = buckets(market, "T-EARLY"), buckets(market, "S1")
    assert (tea[0] - before[0][0], tea[3] - before[0][3]) == (5, 1)
    assert soap == before[1]  # what is expired is kept apart from what is sold
    assert_books_agree(market)


def test_a_gift_that_is_not_earned_any_more_is_asked_for_or_charged(market: Market) -> None:
    invoice = billed(market, delivered(market, ("RICE", 10)))

    refused = taken_back(market, Back("RICE", 4))
    taken = taken_back(market, Back("RICE", 4), charge=True)

    assert isinstance(refused, Refused)
    assert refused.reasons[0].code == "credit_goods_owed"
    assert refused.reasons[0].field == "HONEY"
    assert notes_of(market, taken) == [
        (invoice.number, "RICE", 4, 20_000),
        (invoice.number, "HONEY", 1, -8_000),
    ]
    assert account_of(market)[0] == 38_000
    assert_books_agree(market)


def test_a_gift_that_comes_back_is_of_the_goods_that_came_with_it(market: Market) -> None:
    fund(market)
    soaps = billed(market, delivered(market, ("SOAP", 20)))
    rice = billed(market, delivered(market, ("RICE", 10), ("TEA", 1)))

    refused = taken_back(market, Back("SOAP", 1), Back("TEA", 1))
    taken = taken_back(market, Back("SOAP", 1), Back("HONEY", 1), Back("TEA", 1))
    charged = taken_back(market, Back("RICE", 2), charge=True)

    assert isinstance(refused, Refused)
    assert refused.reasons[0].params == {"product": "Honey", "quantity": 1, "order": "shop-2-1"}
    assert sorted(one[:3] for one in notes_of(market, taken)) == [
        (soaps.number, "HONEY", 1),
        (soaps.number, "SOAP", 1),
        (rice.number, "TEA", 1),
    ]
    assert (rice.number, "HONEY", 1) in [one[:3] for one in notes_of(market, charged)]
    assert_books_agree(market)


def test_only_the_gift_of_what_came_back_is_charged(market: Market) -> None:
    fund(market)
    soaps = billed(market, delivered(market, ("SOAP", 20)))
    billed(market, delivered(market, ("RICE", 10), ("TEA", 1)))

    taken = taken_back(market, Back("SOAP", 12), Back("TEA", 1), charge=True)

    gifts = [one[:3] for one in notes_of(market, taken) if one[1] == "HONEY"]
    assert gifts == [(soaps.number, "HONEY", 1)]
    assert_books_agree(market)


SAME = """
schemes:
  - {id: SCH-SAME, when: {sku: TEA}, free: {every: 10, give: 1, item: same}}
"""


def test_a_gift_of_the_same_product_is_among_what_came_back_and_no_more_than_has_to(
    market: Market,
) -> None:
    market.publish(packed(version=2, more=SAME))
    billed(market, delivered(market, ("TEA", 20)))

    few = taken_back(market, Back("TEA", 4, "damaged"))
    more = taken_back(market, Back("TEA", 7))

    # Of 20 with 2 free: 17 that are kept have one, so 1 of 4 is a gift; then 11 with one.
    assert sorted((one[2], one[3]) for one in notes_of(market, few)) == [(1, 0), (3, 33_000)]
    assert sorted((one[2], one[3]) for one in notes_of(market, more)) == [(7, 77_000)]
    assert buckets(market, "T-EARLY")[3] + buckets(market, "T-LATE")[3] == 4
    assert_books_agree(market)


def test_a_gift_of_the_same_product_may_still_be_charged(market: Market) -> None:
    market.publish(packed(version=2, more=SAME))
    billed(market, delivered(market, ("TEA", 10)))

    taken = taken_back(market, Back("TEA", 4), charge=True)

    assert sorted((one[2], one[3]) for one in notes_of(market, taken)) == [
        (1, -11_000),
        (4, 44_000),
    ]
    assert_books_agree(market)


ODD = """
schemes:
  - id: SCH-ODD
    stage: order
    slabs: [{from: 20.00, percent: 7}, {from: 150.00, percent: 11}]
"""


IN_TURN = (("TEA", 1), ("SOAP", 1), ("TEA", 1), ("SOAP", 1), ("SOAP", 1))
SOAP_FIRST = (("SOAP", 1), ("SOAP", 1), ("SOAP", 1), ("TEA", 1), ("TEA", 1))


@pytest.mark.parametrize(
    ("discounts", "steps", "credited"),
    [
        ("recompute", IN_TURN, [9_230, 928, 10_090, 997, 997]),
        ("keep", IN_TURN, [9_790, 887, 9_790, 888, 887]),
        ("recompute", SOAP_FIRST, [887, 888, 887, 9_350, 10_230]),
        ("keep", SOAP_FIRST, [887, 888, 887, 9_790, 9_790]),
    ],
)
def test_what_comes_back_piece_by_piece_is_in_all_what_was_paid(
    market: Market, discounts: str, steps: Sequence[tuple[str, int]], credited: list[int]
) -> None:
    head = f"returns: {{discounts: {discounts}}}"
    market.publish(packed(version=2, soap="9.97", head=head, more=ODD))
    before = account_of(market)[0]
    invoice = billed(market, delivered(market, ("TEA", 2), ("SOAP", 3)))
    paid = open_of(market, invoice.number)

    given = [
        sum(line[3] for line in notes_of(market, taken_back(market, Back(sku, quantity))))
        for sku, quantity in steps
    ]

    # Of 229.91 less 11 %: 195.80 and 26.62. Without one TEA 7 %: 102.30 and 27.82 are kept.
    assert given == credited
    assert sum(given) == paid == 22_242
    assert (open_of(market, invoice.number), account_of(market)[0]) == (0, before)
    assert_books_agree(market)


def test_goods_that_were_billed_before_they_came_go_back_by_their_note(market: Market) -> None:
    order = market.place(("TEA", 6), ("SOAP", 3), terminal="shop-2").order
    early = billed(market, order)
    wave = sent(market, order)
    recorded(market, wave.notes[0], AskedOutcome(receiver="Asha"))
    other = billed(market, delivered(market, ("TEA", 5)))
    ((note,),) = market.rows("SELECT min(id) FROM delivery")

    taken = market.hub.ground.part(ReturnActs).take(
        *("C2", [Back("TEA", 2)]),
        key=new_uuid(),
        why="torn",
        delivery=note,
        by=BY,
        scope=EVERYTHING,
    )

    assert notes_of(market, taken) == [(early.number, "TEA", 2, 22_000)]
    assert other.number != early.number
    assert_books_agree(market)


def test_nobody_takes_back_what_was_not_sold_or_is_not_theirs(market: Market) -> None:
    billed(market, delivered(market, ("TEA", 2)))

    too_many = taken_back(market, Back("TEA", 3))
    other = taken_back(market, Back("TEA", 1), scope=Scope())

    assert isinstance(too_many, Refused)
    assert too_many.reasons[0].code == "return_not_sold"
    assert isinstance(other, Refused)
    assert other.reasons[0].code == "payment_customer_unknown"
    assert market.rows("SELECT count(*) FROM goods_return") == [(0,)]


def test_the_audit_names_a_return_without_its_credit_notes(market: Market) -> None:
    billed(market, delivered(market, ("TEA", 6)))
    taken_back(market, Back("TEA", 1))

    market.change("DELETE FROM goods_return_note")

    assert market.broken() == {"return_notes"}


def test_the_list_counts_all_that_it_shows_not_only_its_page(market: Market) -> None:
    billed(market, delivered(market, ("TEA", 6)))
    for _ in range(3):
        taken_back(market, Back("TEA", 1))
    wanted = Wanted(NEWEST, size=2)

    with market.database.read() as connection:
        listed = read_list(connection, wanted, scope=EVERYTHING)

    assert (len(listed.page.rows), listed.count) == (2, 3)
