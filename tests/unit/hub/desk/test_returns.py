"""Which invoices goods that came back are of."""

from typing import Final

from hub.desk.invoices.model.crediting import Credited, Piece
from hub.desk.returns.model import Back, SoldLine, count_as_gift, read_back, spread

SOLD: Final = (
    SoldLine(9, "INV-9", 1, "TEA", "Tea", free=False, left=8, batches={"A": 3, "B": 5}),
    SoldLine(9, "INV-9", 2, "TEA", "Tea", free=True, left=1, batches={"B": 1}),
    SoldLine(4, "INV-4", 1, "TEA", "Tea", free=False, left=20, batches={"A": 20}),
)


def test_goods_are_of_the_last_invoices_first_and_gifts_after_what_was_paid() -> None:
    asked, faults = spread([Back("TEA", 12)], SOLD)

    assert faults == []
    assert {one: dict(credit.back) for one, credit in asked.items()} == {9: {1: 8, 2: 1}, 4: {1: 3}}


def test_a_batch_that_was_read_is_of_the_invoices_that_have_it() -> None:
    asked, faults = spread([Back("TEA", 5, "damaged", "A")], SOLD)

    assert faults == []
    assert [
        (invoice, line, piece.quantity, piece.shelf, piece.batch)
        for invoice, credit in asked.items()
        for line, pieces in credit.pieces.items()
        for piece in pieces
    ] == [(9, 1, 3, "damaged", "A"), (4, 1, 2, "damaged", "A")]


def test_more_than_was_sold_is_told_with_what_can_come_back() -> None:
    _, faults = spread([Back("TEA", 20), Back("TEA", 20, "expired"), Back("OIL", 1)], SOLD)

    assert [(one.code, one.field, one.params["quantity"]) for one in faults] == [
        ("return_not_sold", "TEA", 9),
        ("return_not_sold", "OIL", 0),
    ]


def test_what_is_typed_is_read_by_product_and_shelf() -> None:
    back, faults = read_back({"good.TEA": "2", "damaged.A.B": "1", "batch.TEA": "L1", "good.X": ""})

    assert faults == []
    assert back == [Back("TEA", 2, "good", "L1"), Back("A.B", 1, "damaged")]
    assert read_back({"customer": "C1"})[1][0].code == "return_nothing"


def test_some_of_what_came_back_is_counted_as_the_gift_of_its_product_by_its_batch() -> None:
    paid, gift, _ = SOLD
    credit = Credited(back={1: 3}, pieces={1: (Piece(2, "damaged", "A"), Piece(1, "good", "B"))})

    one = count_as_gift({9: credit}, gift, [paid], count=1)
    two = count_as_gift({9: credit}, gift, [paid], count=2)

    assert one is not None
    assert dict(one[9].back) == {1: 2, 2: 1}
    assert one[9].pieces == {1: (Piece(2, "damaged", "A"),), 2: (Piece(1, "good", "B"),)}
    assert two is None


def test_what_is_counted_as_a_gift_may_be_of_another_invoice_and_charges_stay() -> None:
    _, gift, earlier = SOLD
    asked = {4: Credited(back={1: 1}), 9: Credited(back={1: 2}, charged={3: 1})}

    found = count_as_gift(asked, gift, [earlier], count=1)

    assert found is not None
    assert 4 not in found  # nothing of it is left there
    assert (dict(found[9].back), found[9].charged) == ({1: 2, 2: 1}, {3: 1})
