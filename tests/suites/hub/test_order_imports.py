"""Orders from files: each whole or not at all, decided by the rules, and taken once."""

from collections import Counter
from collections.abc import Collection, Sequence

import pytest

from hub.base.access import EVERYTHING
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import RowOutcome
from hub.desk.imports.reads import each_outcome
from tests.builders.hub_records import Shelves
from tests.builders.market import Market

HEAD = "order,customer,sku,quantity,payment\n"


@pytest.fixture(autouse=True)
def importer(market: Market) -> None:
    """Have a user whose files are taken."""
    Shelves(market.database).user("asha", "manager")


def take(
    market: Market, body: str, *, chosen: Collection[int] | None = None
) -> Sequence[RowOutcome]:
    """Have a file of orders looked at and taken; what was told before is what becomes of it."""
    acts = market.hub.ground.part(ImportActs)
    run = acts.take("orders", HEAD + body, file="orders.csv", by="asha")
    acts.check.look(run, by="asha")
    looked = outcomes(market, run)
    acts.take.begin(run, by="asha", chosen=chosen)
    market.hub.jobs.run_due("test")
    taken = outcomes(market, run)
    if chosen is None:
        assert told(looked) == told(taken)
    return taken


def outcomes(market: Market, run: int) -> Sequence[RowOutcome]:
    """Read what becomes of each row."""
    with market.database.read() as connection:
        return list(each_outcome(connection, run, scope=EVERYTHING))


def told(rows: Sequence[RowOutcome]) -> list[tuple[int, str, str]]:
    """Say of each row what becomes of it, and the first reason."""
    return [(one.row, one.action, one.reasons[0].code if one.reasons else "") for one in rows]


def orders(market: Market) -> list[tuple[object, ...]]:
    """Read the orders of files: customer, source, how many lines."""
    return market.rows(
        "SELECT o.customer_code, o.source, count(*) FROM order_ o JOIN order_line l"
        " ON l.order_id = o.id AND l.revision = o.revision AND NOT l.free"
        " WHERE o.source = 'import' GROUP BY o.id, o.customer_code, o.source ORDER BY o.id"
    )


def test_orders_of_a_file_are_decided_and_taken_once(market: Market) -> None:
    body = "A1,C1,TEA,2,cash\nA1,,SOAP,1,\nA2,C2,TEA,1,cash\n"

    first = take(market, body)
    again = take(market, body)
    other = take(market, body.replace("A2,C2,TEA,1", "A2,C2,TEA,3"))

    assert Counter(one.action for one in first) == {"add": 3}
    assert {one.action for one in again} == {"same"}
    assert [(one.action, one.reasons[0].code) for one in other if one.reasons] == [
        ("refuse", "key_used")
    ]
    assert orders(market) == [("C1", "import", 2), ("C2", "import", 1)]
    assert market.broken() == set()


def test_an_order_of_which_any_row_is_wrong_is_not_taken(market: Market) -> None:
    rows = [
        *("B1,C1,TEA,2,cash", "B1,C1,NOPE,1,cash"),  # 2, 3: an unknown product
        *("B2,C1,TEA,1,cash", "B2,C1"),  # 4, 5: a broken row may be of either order beside it
        *("B3,C1,TEA,1,cash", "B4,C1,SOAP,1,cash", "B3,C1,SOAP,1,cash"),  # 6, 7, 8: apart
        *("B5,C1,TEA,1,cash", "B5,C2,SOAP,1,cash"),  # 9, 10: two customers
        *("B6,C1,TEA,1,cash", "B6,C1,TEA,1,cash"),  # 11, 12: one line twice
        "B7,C1,TEA,0,cash",
        "B8,NOBODY,TEA,1,cash",
        "B9,C1,TEA,1,cash",
    ]

    done = take(market, "\n".join(rows) + "\n")

    assert told(done) == [
        (2, "refuse", "row_beside"),
        (3, "refuse", "stock_product_unknown"),
        (4, "refuse", "row_beside"),
        (5, "refuse", "row_broken"),
        (6, "refuse", "rows_apart"),
        (7, "add", ""),
        (8, "refuse", "rows_apart"),
        (9, "refuse", "row_beside"),
        (10, "refuse", "row_differs"),
        (11, "refuse", "row_beside"),
        (12, "refuse", "row_twice"),
        (13, "refuse", "cell_not_count"),
        (14, "refuse", "customer_unknown"),
        (15, "add", ""),
    ]
    assert orders(market) == [("C1", "import", 1), ("C1", "import", 1)]


def test_an_order_is_left_out_with_any_row_of_it(market: Market) -> None:
    body = "D1,C1,TEA,2,cash\nD1,C1,SOAP,1,cash\nD2,C1,TEA,1,cash\n"

    done = take(market, body, chosen=[2, 4])

    assert [one.action for one in done] == ["leave", "leave", "add"]
    assert orders(market) == [("C1", "import", 1)]


def test_an_order_of_more_rows_than_are_taken_at_once_is_one_order(market: Market) -> None:
    rows = "".join(f"E{n},C1,TEA,1,cash\n" for n in range(49))
    long = "".join(f"LONG,C1,{sku},1,cash\n" for sku in ("TEA", "SOAP", "RICE"))

    done = take(market, rows + long)

    assert Counter(one.action for one in done)["refuse"] == 0
    assert orders(market)[-1] == ("C1", "import", 3)
