"""Orders of schema 0011 become the hub's own: with revisions, books of differences and parties.

What is there afterwards is compared with the file as its hub left it, and with what that hub had
told the terminals; nothing of the hub's own reading of orders is asked, so that both can be wrong
only apart.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import inspect, text

from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import upgrade
from hub.desk.orders.model.life import wire_status
from hub.desk.orders.model.reasons import read_reasons
from hub.desk.orders.model.request import content_hash
from hub.desk.orders.words import sentence
from rules import Order, OrderLine, Quantity
from tests.builders.filled import fill

pytestmark = pytest.mark.slow
Row = tuple[Any, ...]
Edit = tuple[str, Mapping[str, Any]]
"""A statement with its values, for either engine."""

RENAMED: Final = {"customer": "party"}
GONE: Final = {"order_event", "alembic_version"}
CHANGED: Final = {"order_": {"status"}}
"""Columns that have another meaning now; what became of them is tested by itself."""
GROWN: Final = {
    "allocation": "SELECT count(*) FROM allocation WHERE state = 'released'",
    "counter_change": """
        SELECT count(*) FROM counter_change h JOIN order_ o ON o.id = h.order_id
        WHERE o.status = 'cancelled'
    """,
    "customer": "SELECT 1",
}
"""How many rows come to those that were there: what was given back, and the company."""

BOOKS: Final = {
    "reserved of each batch": """
        SELECT b.id FROM batch b WHERE b.reserved <> coalesce(
            (SELECT sum(a.quantity) FROM allocation a WHERE a.batch_id = b.id), 0)
    """,
    "exposure of each customer": """
        SELECT c.customer_id FROM customer_account c WHERE c.exposure <> coalesce(
            (SELECT sum(p.amount) FROM posting p WHERE p.customer_id = c.customer_id), 0)
    """,
    "opening amount of each customer": """
        SELECT c.customer_id FROM customer_account c WHERE c.opening_outstanding <> coalesce(
            (SELECT sum(p.amount) FROM posting p
             WHERE p.customer_id = c.customer_id AND p.kind = 'opening'), 0)
    """,
    "exposure of each revision": """
        SELECT r.order_id, r.revision FROM order_revision r WHERE r.exposure <> coalesce(
            (SELECT sum(p.amount) FROM posting p
             WHERE p.order_id = r.order_id AND p.revision <= r.revision), 0)
    """,
    "counters": """
        SELECT k.rule, k.scope FROM scheme_counter k LEFT JOIN counter_change h
            ON h.rule = k.rule AND h.scope = k.scope
        GROUP BY k.rule, k.scope, k.used, k.spent, k.bought, k.pieces
        HAVING k.used <> coalesce(sum(h.used), 0) OR k.spent <> coalesce(sum(h.spent), 0)
            OR k.bought <> coalesce(sum(h.bought), 0) OR k.pieces <> coalesce(sum(h.pieces), 0)
    """,
    "stock of cancelled orders": """
        SELECT o.id, a.batch_id FROM allocation a JOIN order_ o ON o.id = a.order_id
        WHERE o.status = 'cancelled' GROUP BY o.id, a.batch_id, a.line, a.free
        HAVING sum(a.quantity) <> 0
    """,
    "schemes of cancelled orders": """
        SELECT o.id, h.rule FROM counter_change h JOIN order_ o ON o.id = h.order_id
        WHERE o.status = 'cancelled' GROUP BY o.id, h.rule, h.scope
        HAVING sum(h.used) <> 0 OR sum(h.spent) <> 0 OR sum(h.bought) <> 0 OR sum(h.pieces) <> 0
    """,
    "rows of revisions that there are": """
        SELECT order_id, revision FROM (
            SELECT order_id, revision FROM allocation UNION SELECT order_id, revision FROM posting
            WHERE order_id IS NOT NULL UNION SELECT order_id, revision FROM counter_change
            UNION SELECT order_id, revision FROM outbox) x
        WHERE NOT EXISTS (SELECT 1 FROM order_revision r
                          WHERE r.order_id = x.order_id AND r.revision = x.revision)
    """,
    "revisions from 1 to the newest": """
        SELECT o.id FROM order_ o JOIN order_revision r ON r.order_id = o.id
        GROUP BY o.id, o.revision
        HAVING min(r.revision) <> 1 OR max(r.revision) <> o.revision OR count(*) <> o.revision
    """,
    "the newest revision's state": """
        SELECT o.id FROM order_ o LEFT JOIN order_revision r
            ON r.order_id = o.id AND r.revision = o.revision
        WHERE r.status IS NULL OR r.status <> o.status
    """,
}
"""Each finds what does not agree."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The rows of a database before and after it was brought up to date."""

    before: Database
    after: Database

    def was(self, query: str) -> list[Row]:
        """Read rows of before."""
        return rows(self.before, query)

    def now(self, query: str) -> list[Row]:
        """Read rows as they are."""
        return rows(self.after, query)

    def disagreements(self) -> dict[str, list[Row]]:
        """Find what does not agree with what, as it is."""
        found = {name: self.now(query) for name, query in BOOKS.items()}
        return {name: rows for name, rows in found.items() if rows}


def rows(database: Database, query: str) -> list[Row]:
    """Read rows with values that both engines spell alike."""
    with database.read() as connection:
        return [tuple(map(_plain, row)) for row in connection.execute(text(query))]


def _plain(value: object) -> object:
    if isinstance(value, memoryview | bytearray):
        return bytes(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


@contextmanager
def brought_up(url: str, folder: Path, *edits: Edit) -> Iterator[Upgraded]:
    """Fill a database as the hub of schema 0011 did, edit it, and bring it up to date."""
    as_it_was = f"sqlite:///{folder / 'as_it_was.db'}"
    for one in (as_it_was, url):
        fill(one, "0011", folder)
        with closing(open_database(one)) as database, database.write() as connection:
            for statement, values in edits:
                connection.execute(text(statement), values)
            connection.commit()
    with closing(open_database(as_it_was)) as before, closing(open_database(url)) as after:
        upgrade(after)
        yield Upgraded(before, after)


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))],
)
def upgraded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgraded]:
    """Give a database of schema 0011 as its hub left it, brought up to date; tests only read it."""
    folder = tmp_path_factory.mktemp("upgraded")
    url = f"sqlite:///{folder / 'hub.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgresql")()
    with brought_up(url, folder) as both:
        yield both


def test_every_row_is_there_with_its_values(upgraded: Upgraded) -> None:
    before, after = _columns(upgraded.before), _columns(upgraded.after)

    for table in sorted(before.keys() - GONE):
        named = RENAMED.get(table, table)
        kept = ", ".join(sorted(before[table] & after[named] - CHANGED.get(table, set())))
        was = Counter(upgraded.was(f"SELECT {kept} FROM {table}"))  # noqa: S608  # our own tables
        now = Counter(upgraded.now(f"SELECT {kept} FROM {named}"))  # noqa: S608  # likewise
        assert was - now == Counter(), table
        more = upgraded.was(GROWN.get(table, "SELECT 0"))
        assert [((now - was).total(),)] == more, table


def _columns(database: Database) -> dict[str, set[str]]:
    """Name the columns of each table, but those that a row is only numbered by."""
    with database.read() as connection:
        inspector = inspect(connection)
        return {
            table: {one["name"] for one in inspector.get_columns(table)}
            - ({"id"} if table in {"allocation", "customer_account"} else set())
            for table in inspector.get_table_names()
        }


def test_books_and_revisions_agree(upgraded: Upgraded) -> None:
    assert upgraded.disagreements() == {}


def test_what_an_order_came_to_is_in_all_its_revisions(upgraded: Upgraded) -> None:
    kept = (
        "payment, currency, scale, gross, discount, net, tax, round_off, payable, lines, "
        "pack_hash, pack_version, price_hash, quote_price_hash, quote_payable"
    )
    was = upgraded.was(f"SELECT id, {kept} FROM order_")  # noqa: S608  # a constant
    now = upgraded.now(f"SELECT order_id, {kept} FROM order_revision")  # noqa: S608  # likewise

    assert set(now) == set(was)
    assert upgraded.now("SELECT count(*), max(content) FROM order_revision") == [(67, 1)]


def test_open_orders_add_to_an_exposure_what_they_did_and_others_nothing(
    upgraded: Upgraded,
) -> None:
    newest = """
        SELECT o.id, r.exposure FROM order_ o
        JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
    """

    assert dict(upgraded.now(newest)) == dict(upgraded.was("SELECT id, exposure FROM order_"))


def test_each_revision_is_what_the_terminal_was_told_in_the_same_words(upgraded: Upgraded) -> None:
    told = {(order, revision): json.loads(one)["data"] for order, revision, one in _sent(upgraded)}
    query = """
        SELECT order_id, revision, status, changed, reasons, credit_left, scale FROM order_revision
    """

    found = {row[:2]: row[2:] for row in upgraded.now(query)}

    assert found.keys() == told.keys()
    for key, (status, changed, reasons, credit_left, scale) in found.items():
        message, read = told[key], read_reasons(reasons)
        if key[1] == 1:
            assert wire_status(status, changed=bool(changed)) == message["status"]
            assert credit_left == message["credit_left"]
        assert [sentence(one, scale) for one in read] == [one["text"] for one in message["reasons"]]
        assert [(one.code, one.rule, one.line) for one in read] == [
            (one["code"], one.get("rule", ""), one.get("line")) for one in message["reasons"]
        ]


def _sent(upgraded: Upgraded) -> list[Row]:
    return upgraded.was("SELECT order_id, revision, payload FROM outbox")


def test_confirmed_orders_with_all_their_stock_are_allocated(upgraded: Upgraded) -> None:
    became = {
        "confirmed": "allocated",
        "confirmed_changed": "allocated",
        "held": "held",
        "rejected": "rejected",
        "cancelled": "cancelled",
    }

    assert dict(upgraded.now("SELECT id, status FROM order_")) == {
        order: became[status] for order, status in upgraded.was("SELECT id, status FROM order_")
    }


def test_a_cancelled_order_was_placed_and_then_cancelled_by_whoever_did(upgraded: Upgraded) -> None:
    events = upgraded.was("SELECT order_id, actor, at FROM order_event WHERE kind = 'cancelled'")
    cancelled = """
        SELECT order_id, made_by, made_at FROM order_revision
        WHERE revision = 2 AND cause = 'cancelled' AND status = 'cancelled' AND exposure = 0
    """
    placed = """
        SELECT order_id, made_by, made_at FROM order_revision
        WHERE revision = 1 AND cause = 'placed'
    """
    decided = upgraded.was("SELECT id, 'hub', decided_at FROM order_")

    assert sorted(upgraded.now(cancelled)) == sorted(events)
    assert sorted(upgraded.now(placed)) == sorted(decided)


def test_content_hashes_are_those_of_the_evidence(upgraded: Upgraded) -> None:
    query = """
        SELECT r.content_hash, r.pack_hash, r.payable, o.seller_id, o.customer_code, d.inputs
        FROM order_revision r JOIN order_ o ON o.id = r.order_id
        JOIN decision d ON d.order_id = r.order_id AND d.revision = r.content
        WHERE length(d.inputs) > 0
    """

    found = upgraded.now(query)

    assert len(found) > len(upgraded.now("SELECT id FROM order_ WHERE status = 'allocated'"))
    for digest, pack, payable, seller, customer, inputs in found:
        order = _asked(customer, json.loads(inputs))
        assert digest == content_hash(seller, order, pack=pack, payable=payable)


def _asked(customer: str, evidence: Sequence[Any]) -> Order:
    """Write an order as its evidence has it, by position."""
    uuid, day, payment, lines = evidence[:4]
    return Order(
        id=uuid,
        customer=customer,
        business_date=date.fromisoformat(day),
        lines=tuple(
            OrderLine(number, sku, Quantity(quantity), unit, batch)
            for number, sku, quantity, unit, batch in ((*one, None, None)[:5] for one in lines)
        ),
        payment=payment,
        coupons=tuple(evidence[11]),
        choices=evidence[12],
    )


def test_coupons_and_choices_are_kept_with_the_order(upgraded: Upgraded) -> None:
    asked = {
        order: [json.loads(inputs)[11], json.loads(inputs)[12]]
        for order, inputs in upgraded.was(
            "SELECT order_id, inputs FROM decision WHERE length(inputs) > 0"
        )
    }

    kept = upgraded.now("SELECT order_id, coupons FROM order_revision WHERE revision = 1")

    assert {order: json.loads(one) for order, one in kept if order in asked} == asked
    assert any(codes for codes, _ in asked.values())
    assert any(choices for _, choices in asked.values())


def test_the_company_is_above_all_customers_and_owes_nothing(upgraded: Upgraded) -> None:
    ((house, *company),) = upgraded.now(
        "SELECT id, name, kind, sells, parent_id FROM party WHERE code = '@house'"
    )
    customers = [row[0] for row in upgraded.was("SELECT id FROM customer")]

    assert company == ["Corner Supplies", "company", 1, None]
    assert sorted(
        upgraded.now("SELECT id FROM party WHERE kind = 'retailer' AND sells = false")
    ) == sorted((one,) for one in customers)
    assert set(upgraded.now("SELECT ancestor_id, descendant_id, depth FROM party_closure")) == {
        (house, house, 0),
        *((one, one, 0) for one in customers),
        *((house, one, 1) for one in customers),
    }
    for table in ("warehouse", "terminal", "order_"):
        assert upgraded.now(f"SELECT DISTINCT seller_id FROM {table}") == [(house,)]  # noqa: S608
    query = f"SELECT customer_id FROM customer_account WHERE customer_id = {house}"  # noqa: S608
    assert upgraded.now(query) == []


def test_orders_come_from_their_terminals_and_their_warehouses(upgraded: Upgraded) -> None:
    was = """
        SELECT o.id, 'terminal', o.terminal || '/' || o.seq, 'terminal', o.terminal, o.decided_at,
            t.warehouse_id
        FROM order_ o JOIN terminal t ON t.id = o.terminal
    """
    now = """
        SELECT id, source, source_key, requester_kind, requester, placed_at, warehouse_id
        FROM order_
    """

    assert sorted(upgraded.now(now)) == sorted(upgraded.was(was))


def test_an_order_with_less_stock_than_promised_waits(database_url: str, tmp_path: Path) -> None:
    ((allocation, order, batch),) = stored_in_0011(
        tmp_path,
        "SELECT min(id), order_id, batch_id FROM allocation WHERE state = 'open' AND quantity > 1",
    )
    edits: Sequence[Edit] = (
        ("UPDATE batch SET reserved = reserved - 1 WHERE id = :id", {"id": batch}),
        ("UPDATE allocation SET quantity = quantity - 1 WHERE id = :id", {"id": allocation}),
    )

    with brought_up(database_url, tmp_path, *edits) as upgraded:
        assert upgraded.now("SELECT id FROM order_ WHERE status = 'confirmed'") == [(order,)]
        assert upgraded.disagreements() == {}


def test_an_order_that_was_told_of_three_times_has_three_revisions(
    database_url: str, tmp_path: Path
) -> None:
    ((order, terminal, payable),) = stored_in_0011(tmp_path, CANCELLED_ON_CREDIT)
    told = {
        "status": "confirmed_changed",
        "reasons": [{"code": "short_stock", "text": "one is broken", "line": 1, "rule": None}],
    }
    edits: Sequence[Edit] = (
        ("UPDATE outbox SET revision = 3 WHERE revision = 2 AND order_id = :id", {"id": order}),
        (
            "INSERT INTO outbox VALUES (900, :terminal, 'notice', :id, 2, :payload, 'acked', 5)",
            {
                "id": order,
                "terminal": terminal,
                "payload": json.dumps({"data": told}).encode(),
            },
        ),
        ("UPDATE order_ SET revision = 3 WHERE id = :id", {"id": order}),
    )
    query = f"""
        SELECT revision, cause, status, changed, exposure FROM order_revision
        WHERE order_id = {order} ORDER BY revision
    """  # noqa: S608  # a number

    with brought_up(database_url, tmp_path, *edits) as upgraded:
        assert upgraded.now(query) == [
            (1, "placed", "allocated", 0, payable),
            (2, "released", "allocated", 1, payable),
            (3, "cancelled", "cancelled", 1, 0),
        ]
        given_back = f"SELECT DISTINCT revision FROM posting WHERE order_id = {order}"  # noqa: S608
        assert sorted(upgraded.now(given_back)) == [(1,), (3,)]
        assert upgraded.disagreements() == {}


def test_an_order_whose_answer_is_gone_was_what_its_timeline_says(
    database_url: str, tmp_path: Path
) -> None:
    ((order, _, _),) = stored_in_0011(tmp_path, CANCELLED_ON_CREDIT)
    gone = ("DELETE FROM outbox WHERE revision = 1 AND order_id = :id", {"id": order})
    query = f"SELECT revision, status FROM order_revision WHERE order_id = {order}"  # noqa: S608

    with brought_up(database_url, tmp_path, gone) as upgraded:
        assert sorted(upgraded.now(query)) == [(1, "allocated"), (2, "cancelled")]
        assert upgraded.disagreements() == {}


def test_an_order_of_a_terminal_that_is_gone_keeps_some_warehouse_of_its_seller(
    database_url: str, tmp_path: Path
) -> None:
    gone: Edit = ("UPDATE order_ SET terminal = 'shop-gone' WHERE id = 1", {})

    with brought_up(database_url, tmp_path, gone) as upgraded:
        assert upgraded.now(
            "SELECT o.requester, w.seller_id = o.seller_id FROM order_ o "
            "JOIN warehouse w ON w.id = o.warehouse_id WHERE o.id = 1"
        ) == [("shop-gone", 1)]


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        ("DELETE FROM setting WHERE key = 'distributor'", "Orderwire"),
        ("UPDATE setting SET value = '' WHERE key = 'distributor'", "Orderwire"),
        ("UPDATE setting SET value = :long WHERE key = 'distributor'", "n" * 200),
    ],
    ids=["none", "empty", "long"],
)
def test_the_company_has_the_distributors_name_as_far_as_there_is_one(
    database_url: str, tmp_path: Path, edit: str, name: str
) -> None:
    with brought_up(database_url, tmp_path, (edit, {"long": "n" * 300})) as upgraded:
        assert upgraded.now("SELECT name FROM party WHERE code = '@house'") == [(name,)]


CANCELLED_ON_CREDIT: Final = """
    SELECT o.id, o.terminal, o.payable FROM order_ o JOIN allocation a ON a.order_id = o.id
    JOIN counter_change h ON h.order_id = o.id
    WHERE o.status = 'cancelled' AND o.payment = 'credit' ORDER BY o.id LIMIT 1
"""


def stored_in_0011(folder: Path, query: str) -> list[Row]:
    """Read rows of the file as its hub left it."""
    url = f"sqlite:///{folder / 'asked.db'}"
    fill(url, "0011", folder)
    with closing(open_database(url)) as database:
        return rows(database, query)
