"""Orders are decided exactly: amounts, stock, credit and schemes, on both engines."""

from tests.builders.market import FILES, Market, packed, told


def test_an_order_within_stock_and_credit_is_confirmed_with_batches_and_what_is_left(
    market: Market,
) -> None:
    answer = market.place(("TEA", 5), terminal="shop-1")

    assert answer.status == "confirmed"
    assert answer.totals is not None
    assert (answer.totals.net, answer.totals.tax, answer.totals.payable) == (50_000, 5_000, 55_000)
    assert [(b.batch, b.qty, b.expiry) for b in answer.lines[0].batches] == [
        ("T-EARLY", 5, "2027-01-31")
    ]
    assert answer.credit_left == 100_000 - 10_000 - 55_000
    assert answer.business_date == "2026-11-21"


def test_stock_is_taken_from_what_expires_first_and_never_from_what_has_expired(
    market: Market,
) -> None:
    answer = market.place(("TEA", 60))

    assert [(b.batch, b.qty) for b in answer.lines[0].batches] == [("T-EARLY", 10), ("T-LATE", 50)]
    assert market.rows("SELECT code, reserved FROM batch WHERE reserved > 0 ORDER BY code") == [
        ("T-EARLY", 10),
        ("T-LATE", 50),
    ]


def test_what_stock_does_not_allow_is_cut_and_said(market: Market) -> None:
    answer = market.place(("TEA", 200))

    assert answer.status == "confirmed_changed"
    assert (answer.lines[0].ordered, answer.lines[0].qty) == (200, 110)
    assert any(reason.line == 1 for reason in answer.reasons)


def test_without_a_quote_there_is_nothing_to_compare_prices_with(market: Market) -> None:
    answer = market.place(("SOAP", 1))

    assert (answer.status, answer.reasons) == ("confirmed", [])


def test_an_order_quoted_at_the_same_prices_is_confirmed(market: Market) -> None:
    quote = market.quote(("TEA", 2))

    answer = market.place(("TEA", 2), quote=quote)

    assert (answer.status, answer.reasons) == ("confirmed", [])


def test_an_order_quoted_at_other_prices_says_both_totals(market: Market) -> None:
    quote = market.quote(("TEA", 2))

    answer = market.place(("TEA", 3), quote=quote)

    assert answer.status == "confirmed_changed"
    assert answer.reasons[0].code == "price_changed"
    assert answer.reasons[0].text == "the total is 330.00, the counter showed 220.00"


def test_an_order_cut_below_its_quote_says_both_totals_and_why(market: Market) -> None:
    quote = market.quote(("TEA", 110))
    market.place(("TEA", 100))

    answer = market.place(("TEA", 110), quote=quote)

    assert answer.status == "confirmed_changed"
    assert answer.reasons[0].code == "total_changed"
    assert answer.reasons[0].text == "the total is 1,100.00, the counter showed 12,100.00"
    assert len(answer.reasons) > 1


def test_credit_may_be_used_to_the_last_unit_and_not_beyond(market: Market) -> None:
    at_limit = market.place(("SOAP", 5), ("RICE", 17), terminal="shop-1")
    above = market.place(("SOAP", 1), terminal="shop-1")

    assert (at_limit.status, at_limit.credit_left) == ("confirmed", 0)
    assert (above.status, above.reasons[0].code) == ("held", "credit_limit_exceeded")


def test_a_held_order_reserves_nothing_and_adds_no_exposure(market: Market) -> None:
    answer = market.place(("TEA", 50), terminal="shop-1")

    assert answer.status == "held"
    assert all(not line.batches for line in answer.lines)
    assert market.rows("SELECT count(*) FROM allocation") == [(0,)]
    assert market.rows("SELECT max(reserved) FROM batch") == [(0,)]
    assert market.rows(
        "SELECT exposure FROM customer_account a JOIN party c "
        "ON c.id = a.customer_id WHERE c.code = 'C1'"
    ) == [(10_000,)]


def test_a_cash_order_adds_nothing_to_what_is_owed(market: Market) -> None:
    answer = market.place(("TEA", 5), terminal="shop-1", payment="cash")

    assert answer.status == "confirmed"
    assert answer.credit_left == 90_000


def test_a_customer_who_pays_cash_only_is_not_sold_on_credit(market: Market) -> None:
    on_credit = market.place(("SOAP", 1), terminal="shop-4")
    in_cash = market.place(("SOAP", 1), terminal="shop-4", payment="cash")

    assert on_credit.status in ("held", "rejected")
    assert on_credit.reasons[0].code == "cash_only"
    assert in_cash.status == "confirmed"


def test_a_blocked_customer_is_rejected(market: Market) -> None:
    answer = market.place(("SOAP", 1), terminal="shop-3")

    assert (answer.status, answer.reasons[0].code) == ("rejected", "customer_blocked")


def test_an_unknown_product_rejects_the_order(market: Market) -> None:
    answer = market.place(("SOAP", 1), ("NOTHING", 1))

    assert answer.status == "rejected"
    assert [(r.code, r.line) for r in answer.reasons] == [("product_unknown", 2)]


def test_a_product_without_a_price_holds_the_order_and_is_never_sold_at_zero(
    market: Market,
) -> None:
    answer = market.place(("OIL", 1))

    assert (answer.status, answer.reasons[0].code) == ("held", "line_unpriced")
    assert market.broken() == set()


def test_an_order_for_somebody_else_is_rejected_and_kept(market: Market) -> None:
    other = market.place(("SOAP", 1), customer="C1")
    nobody = market.place(("SOAP", 1), customer="C99")

    assert (other.status, other.reasons[0].code) == ("rejected", "customer_not_served")
    assert (nobody.status, nobody.reasons[0].code) == ("rejected", "customer_unknown")
    assert market.rows("SELECT count(*) FROM order_") == [(2,)]
    assert market.broken() == set()


def test_goods_given_by_a_scheme_are_allocated_too(market: Market) -> None:
    answer = market.place(("RICE", 20))

    assert [(f.sku, f.qty, f.batches[0].batch) for f in answer.free] == [("HONEY", 2, "H1")]
    assert market.rows("SELECT reserved FROM batch WHERE code = 'H1'") == [(2,)]


def test_a_scheme_with_a_limit_is_never_given_more_often_in_one_group(market: Market) -> None:
    orders = [market.order(("SOAP", 10)) for _ in range(3)]

    market.replies(*orders)

    given = market.rows("SELECT count(*) FROM order_revision WHERE discount > 0")
    assert given == [(1,)]
    assert market.broken() == set()


def test_orders_of_one_group_never_share_the_last_stock(market: Market) -> None:
    orders = [market.order(("TEA", 60)) for _ in range(3)]

    market.replies(*orders)

    sold = market.rows("SELECT quantity FROM order_line ORDER BY order_id")
    assert sold == [(60,), (50,), (0,)]
    assert market.broken() == set()


def test_an_order_of_500_lines_is_decided(market: Market) -> None:
    answer = market.place(*[("SOAP", 1)] * 500)

    assert answer.status == "confirmed"
    assert len(answer.lines) == 500
    assert market.broken() == set()


def test_a_group_may_order_more_products_than_a_statement_holds_values(market: Market) -> None:
    skus = [f"S{number}" for number in range(4_500)]
    products = "".join(f"{sku},,Thing,,,none,PCS,\n" for sku in skus)
    batches = "".join(f"MAIN,{sku},B,,,2026-01-01,5\n" for sku in skus)
    market.load(products=FILES["products.csv"] + products, batches=FILES["batches.csv"] + batches)
    orders = [
        market.order(*((sku, 1) for sku in skus[start : start + 500]))
        for start in range(0, len(skus), 500)
    ]

    replies = market.replies(*orders, market.order(("TEA", 1)))

    assert [told(reply).status for reply in replies] == ["held"] * 9 + ["confirmed"]


def test_the_business_date_is_the_day_where_the_distributor_is(market: Market) -> None:
    market.clock.ms += 12 * 3_600_000  # 19:00 UTC is half past midnight in Kolkata

    answer = market.place(("SOAP", 1))

    assert answer.business_date == "2026-11-22"


def test_a_new_pack_decides_the_next_order(market: Market) -> None:
    before = market.place(("SOAP", 1))
    market.publish(packed(version=2, soap="12.00"))

    after = market.place(("SOAP", 1))

    assert (before.totals and before.totals.payable, after.totals and after.totals.payable) == (
        1_000,
        1_200,
    )
    assert after.pack_version == 2
    assert market.broken() == set()
