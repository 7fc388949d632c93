"""What schemes gave on the lines of a document, and how that changes."""

from hypothesis import given as drawn
from hypothesis import strategies as st

from hub.desk.claims.model import (
    Given,
    GivenKey,
    KeptLine,
    ShortLine,
    Worth,
    changes_of,
    faults_of_shorts,
    given_on,
    read_shorts,
)
from rules import FreeGift, Gift, Gifts, Minor, UnitPrice

GIFTS = Gifts(
    (Gift("A", 1, Minor(800)), Gift("B", 1, Minor(200))),
    (FreeGift("C", 1, "HONEY", UnitPrice(800_000)),),
)
LEFT = Gifts((Gift("A", 1, Minor(400)),), GIFTS.free)


def test_the_discount_that_is_left_is_shared_by_what_is_still_earned() -> None:
    whole = given_on([KeptLine(1, 1, free=False, quantity=10, discount=1000)], GIFTS,
                     kept=GIFTS, worth={})  # fmt: skip
    half = given_on([KeptLine(1, 1, free=False, quantity=5, discount=400)], GIFTS,
                    kept=LEFT, worth={})  # fmt: skip
    unseen = given_on([KeptLine(1, 1, free=False, quantity=5, discount=500)], GIFTS,
                      kept=Gifts((), ()), worth={})  # fmt: skip

    assert {key.scheme: one.amount for key, one in whole.items()} == {"A": 800, "B": 200}
    assert {key.scheme: one.amount for key, one in half.items()} == {"A": 400}
    assert {key.scheme: one.amount for key, one in unseen.items()} == {"A": 400, "B": 100}


def test_free_goods_count_at_their_worth_and_without_one_at_nothing() -> None:
    lines = [KeptLine(4, 1, free=True, quantity=3, discount=0)]

    worth = given_on(lines, GIFTS, kept=GIFTS, worth={4: Worth(612_550, "cost")})
    nothing = given_on(lines, GIFTS, kept=GIFTS, worth={})

    key = GivenKey(4, "C", "goods")
    assert worth == {key: Given(3, 18_377, "cost", 612_550)}  # 183.765, half up
    assert nothing == {key: Given(3, 0, "list")}


@drawn(
    discount=st.integers(0, 10**9),
    parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=5),
    later=st.integers(0, 10**9),
)
def test_what_is_shared_is_all_of_it_and_differences_add_up(
    discount: int, parts: list[int], later: int
) -> None:
    gifts = Gifts(tuple(Gift(f"S{n}", 1, Minor(one)) for n, one in enumerate(parts)), ())

    def of(amount: int) -> dict[GivenKey, Given]:
        line = KeptLine(1, 1, free=False, quantity=1, discount=amount)
        return given_on([line], gifts, kept=gifts, worth={})

    first, second = of(discount), of(later)
    changes = dict(changes_of(second, first))

    assert sum(one.amount for one in first.values()) == discount
    assert sum(one.amount for one in changes.values()) == later - discount
    assert dict(changes_of(second, second)) == {}


def test_what_is_not_paid_is_read_by_line_and_is_no_more_than_is_left_of_it() -> None:
    shorts, faults = read_shorts({"short.3": "12.50", "short.4": "", "why": "x"})
    _, wrong = read_shorts({"short.3": "much"})
    _, nothing = read_shorts({"why": "x"})
    refused = list(faults_of_shorts([ShortLine(3, 1_250), ShortLine(9, 1)], {3: 1_249}))

    assert (shorts, faults) == ([ShortLine(3, 1_250)], [])
    assert [one.field for one in wrong] == ["short.3"]
    assert [one.code for one in nothing] == ["claim_short_nothing"]
    assert [one.code for one in refused] == ["claim_short_above", "claim_line_unknown"]
