"""Orders quoted with a pack that was replaced meanwhile: honoured for a while, then as declared."""

import msgspec
import pytest

from broker.contract import AnswerData
from tests.builders.market import Market, packed

pytestmark = pytest.mark.one_engine

HOUR = 3_600_000
HONOURED = "quotes: {honour_hours: 4}"
APPROVED = "quotes: {honour_hours: 4, otherwise: approve}"


def quoted_then(market: Market, head: str, *, after_ms: int = 1) -> AnswerData:
    """Quote soap at 10.00, publish it at 12.00, and order it a while after."""
    quote = market.quote(("SOAP", 1))
    market.publish(packed(version=2, soap="12.00", head=head))
    market.clock.ms += after_ms - 1
    return market.place(("SOAP", 1), quote=quote)


def payable(answer: AnswerData) -> int:
    """Give what an order is to pay."""
    assert answer.totals is not None
    return answer.totals.payable


def test_where_nothing_is_declared_the_hub_prices_again_and_says_what_changed(
    market: Market,
) -> None:
    answer = quoted_then(market, "")

    assert (answer.status, answer.pack_version, payable(answer)) == ("confirmed_changed", 2, 1_200)


def test_a_quote_is_honoured_until_its_hours_are_over(market: Market) -> None:
    answer = quoted_then(market, HONOURED, after_ms=4 * HOUR)

    assert (answer.status, answer.pack_version, payable(answer)) == ("confirmed", 1, 1_000)
    assert answer.reasons == []
    assert market.broken() == set()


def test_a_moment_later_it_is_not(market: Market) -> None:
    answer = quoted_then(market, HONOURED, after_ms=4 * HOUR + 1)

    assert (answer.status, answer.pack_version, payable(answer)) == ("confirmed_changed", 2, 1_200)


def test_what_was_captured_offline_before_the_change_keeps_its_price_for_longer(
    market: Market,
) -> None:
    quote, captured = market.quote(("SOAP", 1)), market.clock.ms
    head = "quotes: {honour_hours: 4, offline_hours: 48}"
    market.publish(packed(version=2, soap="12.00", head=head))
    market.clock.ms = captured + 48 * HOUR
    said = {"quote": quote, "captured_at": captured}

    distrusted = market.place(("SOAP", 1), **said, clock_trusted=False)
    kept = market.place(("SOAP", 1), **said)
    market.clock.ms += 1
    late = market.place(("SOAP", 1), **said)

    versions = [(one.pack_version, payable(one)) for one in (distrusted, kept, late)]
    assert versions == [(2, 1_200), (1, 1_000), (2, 1_200)]
    assert market.broken() == set()


def test_after_its_hours_an_order_at_other_prices_waits_for_a_person_where_so_declared(
    market: Market,
) -> None:
    late = quoted_then(market, APPROVED, after_ms=4 * HOUR + 1)
    without_a_quote = market.place(("SOAP", 1))

    assert (late.status, late.reasons[0].code) == ("held", "price_changed")
    assert without_a_quote.status == "confirmed"
    assert market.rows("SELECT sum(reserved) FROM batch") == [(1,)]
    assert market.broken() == set()


def test_orders_of_one_group_are_each_decided_with_their_own_pack(market: Market) -> None:
    quote = market.quote(("SOAP", 1))
    market.publish(packed(version=2, soap="12.00", head=HONOURED))

    market.replies(market.order(("SOAP", 1), quote=quote), market.order(("SOAP", 1)))

    assert market.rows(
        "SELECT r.pack_version, r.payable FROM order_ o JOIN order_revision r "
        "ON r.order_id = o.id AND r.revision = 1 WHERE o.status <> 'cancelled' ORDER BY o.id"
    ) == [(1, 1_000), (2, 1_200)]
    assert market.broken() == set()


def test_the_quotes_of_a_pack_that_was_gone_back_from_are_not_honoured(market: Market) -> None:
    market.publish(packed(version=2, soap="8.00", head=HONOURED))
    market.publish(packed(version=3, soap="1.00", head=HONOURED))
    wrong = market.quote(("SOAP", 1))

    market.packs.roll_back(2, by="vikram", why="soap was priced wrong")
    answer = market.place(("SOAP", 1), quote=wrong)

    assert (answer.status, answer.pack_version, payable(answer)) == ("confirmed_changed", 4, 800)


def test_a_limit_holds_over_both_packs(market: Market) -> None:
    quote = market.quote(("SOAP", 10))
    market.publish(packed(version=2, soap="12.00", head=HONOURED))

    first = market.place(("SOAP", 10))
    second = market.place(("SOAP", 10), quote=quote)

    assert [one.totals.discount for one in (first, second) if one.totals] == [500, 0]
    assert market.broken() == set()


def test_a_draft_is_never_quoted_from(market: Market) -> None:
    quote = market.quote(("SOAP", 1))
    market.publish(packed(version=2, soap="12.00", head=HONOURED))
    draft = market.packs.add(packed(version=3, soap="0.10"), by="asha")

    answer = market.place(("SOAP", 1), quote=msgspec.structs.replace(quote, pack=draft.hash))

    assert (answer.pack_version, payable(answer)) == (2, 1_200)
