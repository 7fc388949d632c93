"""One order that cannot be decided or stored never stops the others."""

from tests.builders.market import Market, refused, told


def refuse(market: Market, table: str, condition: str) -> None:
    """Have the database refuse rows of a table: what no check of ours foresaw."""
    if market.database.is_sqlite:
        market.change(
            f"CREATE TRIGGER poison BEFORE INSERT ON {table} WHEN NEW.{condition} "
            "BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )
    else:
        market.change(f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK (NOT ({condition}))")


def soap_batch(market: Market) -> int:
    """Find the batch of soap."""
    return int(market.rows("SELECT id FROM batch WHERE code = 'S1'")[0][0])


def test_an_order_whose_reservation_fails_is_held_and_the_others_are_confirmed(
    market: Market,
) -> None:
    refuse(market, "allocation", f"batch_id = {soap_batch(market)}")
    orders = [market.order(("TEA", 1)), market.order(("SOAP", 1)), market.order(("TEA", 2))]

    answers = [told(reply) for reply in market.replies(*orders)]

    assert [answer.status for answer in answers] == ["confirmed", "held", "confirmed"]
    assert answers[1].reasons[0].code == "decision_not_stored"
    assert market.rows("SELECT sum(reserved) FROM batch") == [(3,)]
    assert market.broken() == set()


def test_an_order_that_cannot_even_be_held_is_refused_and_the_others_are_confirmed(
    market: Market,
) -> None:
    refuse(market, "order_line", "sku = 'SOAP'")
    orders = [
        market.order(("TEA", 1)),
        market.order(("SOAP", 1), terminal="shop-1"),
        market.order(("TEA", 2)),
    ]

    replies = market.replies(*orders)

    assert [told(replies[n]).status for n in (0, 2)] == ["confirmed", "confirmed"]
    assert refused(replies[1]) == "invalid"
    assert market.rows("SELECT count(*) FROM order_") == [(2,)]
    assert market.broken() == set()


def test_a_held_poison_order_gets_its_answer_again(market: Market) -> None:
    refuse(market, "allocation", f"batch_id = {soap_batch(market)}")
    poison = market.order(("SOAP", 1))
    first = market.answer(poison)

    again = market.answer(poison)

    assert again == first
    assert first.status == "held"


def test_what_a_poison_order_would_have_taken_is_there_for_the_next(market: Market) -> None:
    refuse(market, "order_revision", "changed")
    greedy = market.order(("TEA", 500))
    modest = market.order(("TEA", 110))

    answers = [told(reply) for reply in market.replies(greedy, modest)]

    assert [answer.status for answer in answers] == ["held", "confirmed"]
    assert answers[1].lines[0].qty == 110
    assert market.broken() == set()
