"""The audit names the promise that was broken, whatever row was changed behind the hub's back."""

import ast
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.base.access import EVERYTHING
from hub.base.fields import Change, Kept
from hub.desk.accounts.promises import CHECK as ACCOUNTS
from hub.desk.approvals.model import Approver
from hub.desk.invoices.promises import CHECK as INVOICES
from hub.desk.parties.acts import CustomerActs
from hub.desk.partners.acts import PartnerActs
from hub.desk.payments.promises import CHECK as PAYMENTS
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.returns.model import Back
from tests.builders.bank import confirm, taken
from tests.builders.claims import claim_all
from tests.builders.delivered import deliver_some
from tests.builders.field_team import work_a_day
from tests.builders.market import Market, packed
from tests.builders.money import billed, move_money
from tests.builders.money_breaks import TAMPERED_MONEY
from tests.builders.planted import PLANTED_ELSEWHERE
from tests.builders.portal import with_portal, work
from tests.builders.stock_moves import move_stock
from tests.suites.hub.test_kept_sums import keep_past_days
from tests.suites.hub.test_returns import taken_back
from tests.suites.hub.test_targets import put
from tests.suites.hub.test_wire_beside_orders import status

TAMPERED = {
    "an order's inbox row is gone": ("DELETE FROM inbox WHERE seq = 1", {"order_once"}),
    "an order was moved to another number": (
        "UPDATE order_ SET source_key = 'shop-1/9' WHERE source_key = 'shop-1/1'",
        {"order_once"},
    ),
    "an answer is told as of a revision that is not there": (
        "UPDATE outbox SET revision = 9 WHERE id = (SELECT min(id) FROM outbox)",
        {"answered"},
    ),
    "an answer went to another terminal": (
        "UPDATE outbox SET terminal = 'shop-1' WHERE revision = 2",
        {"answered_its_own", "answers_equal", "waits_at_its_own"},
    ),
    "a batch has more reserved than allocated": (
        "UPDATE batch SET reserved = reserved + 1 WHERE code = 'T-LATE'",
        {"stock_reserved"},
    ),
    "stock appeared from nowhere": (
        "UPDATE batch SET on_hand = on_hand + 1 WHERE code = 'T-LATE'",
        {"stock_moves"},
    ),
    "a movement was changed": (
        "UPDATE stock_movement SET quantity = quantity + 1 WHERE id = 1",
        {"stock_moves"},
    ),
    "an allocation was taken to an expired batch": (
        (
            "UPDATE allocation SET batch_id = (SELECT id FROM batch WHERE code = 'T-OLD') "
            "WHERE line = 1 AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"stock_fresh", "stock_reserved"},
    ),
    "a cancelled order holds stock again": (
        (
            "DELETE FROM allocation WHERE quantity < 0 AND order_id IN "
            "(SELECT id FROM order_ WHERE status = 'cancelled')"
        ),
        {"stock_given_back", "stock_reserved"},
    ),
    "a line promises more than is allocated": (
        (
            "UPDATE order_line SET quantity = quantity + 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"stock_promised", "answers_equal"},
    ),
    "the sums of a day leave an order out": (
        "DELETE FROM order_sum WHERE id = (SELECT min(id) FROM order_sum)",
        {"sums"},
    ),
    "an order was split from none": (
        "UPDATE order_ SET split_of = 999999 WHERE id = (SELECT min(id) FROM order_)",
        {"split_of_order"},
    ),
    "an order goes to an address of nobody": (
        "UPDATE order_ SET ship_to_id = 999999 WHERE id = (SELECT min(id) FROM order_)",
        {"address_of_customer"},
    ),
    "a customer owes less": (
        "UPDATE customer_account SET exposure = exposure - 1 WHERE exposure > 20000",
        {"exposure"},
    ),
    "an order adds less than its total": (
        "UPDATE order_revision SET exposure = exposure - 1 WHERE exposure > 0",
        {"exposure_posted", "exposure_of_order"},
    ),
    "a line was made cheaper": (
        (
            "UPDATE order_line SET net = net - 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"amounts", "answers_equal"},
    ),
    "an order was made cheaper": (
        (
            "UPDATE order_revision SET payable = payable - 1, round_off = round_off - 1 "
            "WHERE exposure > 0"
        ),
        {"exposure_of_order", "recomputes", "answers_equal", "content_hash"},
    ),
    "a line lost its price": (
        (
            "UPDATE order_line SET unit_price = NULL WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"never_free"},
    ),
    "a scheme was used once more": (
        "UPDATE scheme_counter SET used = used + 1 WHERE scope = 'total'",
        {"scheme_counters"},
    ),
    "the evidence is gone": (
        "UPDATE decision SET inputs = :bytes WHERE order_id = (SELECT min(id) FROM order_)",
        {"recomputes"},
    ),
    "the result was changed": (
        "UPDATE decision SET result_hash = 'x' WHERE order_id = (SELECT min(id) FROM order_)",
        {"recomputes"},
    ),
    "an answer's bytes were cut": (
        "UPDATE outbox SET payload = :bytes WHERE id = (SELECT min(id) FROM outbox)",
        {"answers_equal"},
    ),
    "a pack's bytes were changed": (
        "UPDATE snapshot SET body = :bytes WHERE kind = 'pack'",
        {"pack_stored", "recomputes"},
    ),
    "a pack was made a draft again": (
        "UPDATE rule_pack SET published_at = NULL, starts_at = NULL",
        {"pack_published"},
    ),
    "a pack's start was moved behind the orders": (
        "UPDATE rule_pack SET starts_at = starts_at + 3600000",
        {"pack_published"},
    ),
    "the publisher was made the author": (
        "UPDATE rule_pack SET origin = 'added'",
        {"pack_two_persons"},
    ),
    "a posting is gone": ("DELETE FROM posting WHERE kind = 'order'", {"exposure"}),
    "an opening amount was changed": (
        "UPDATE customer_account SET opening_outstanding = 1 WHERE opening_outstanding > 1",
        {"opening"},
    ),
    "a revision is gone": (
        "DELETE FROM order_revision WHERE cause = 'cancelled'",
        {"revisions"},
    ),
    "an order stands otherwise than its newest revision": (
        "UPDATE order_ SET status = 'held' WHERE status = 'cancelled'",
        {"newest_revision"},
    ),
    "an order asks for something else": (
        (
            "UPDATE order_line SET ordered = ordered + 1 WHERE line = 1 AND NOT free "
            "AND order_id = (SELECT min(id) FROM order_)"
        ),
        {"content_hash"},
    ),
    "a given up order counts towards a scheme": (
        "DELETE FROM counter_change WHERE revision = 2",
        {"counters_given_back", "scheme_counters"},
    ),
    "the content of an order is gone": (
        "DELETE FROM decision WHERE order_id = (SELECT min(id) FROM order_)",
        {"content_kept"},
    ),
    "an approval is of something else": (
        "UPDATE approval_decision SET content_hash = 'x'",
        {"approval_bound"},
    ),
    "an approval was said to another hold": (
        "UPDATE approval_decision SET revision = revision + 1",
        {"approval_bound", "released_by_approval"},
    ),
    "an approval is gone": ("DELETE FROM approval_decision", {"released_by_approval"}),
    "whoever asked has approved": (
        (
            "UPDATE order_ SET requester_kind = 'user', requester = 'VIKRAM' "
            "WHERE id IN (SELECT order_id FROM approval_decision)"
        ),
        {"no_self_approval"},
    ),
    "whoever asked for a customer's limit has let it pass": (
        (
            "INSERT INTO party_request (party_id, kind, asked, asked_by, asked_at, why, state, "
            "decided_by, decided_at) SELECT id, 'change', '{}', 'vikram', 1, '', 'granted', "
            "'VIKRAM', 2 FROM party WHERE code = 'C1'"
        ),
        {"second_person"},
    ),
    "an amendment ended what staff held": (
        (
            "UPDATE order_revision SET cause = CASE revision WHEN 1 THEN 'held' ELSE 'amended' END "
            "WHERE order_id = (SELECT order_id FROM order_revision WHERE cause = 'released')"
        ),
        {"staff_hold_kept"},
    ),
    "a released order was made cheaper than its notice says": (
        ("UPDATE order_line SET net = net - 1 WHERE line = 1 AND NOT free AND revision = 2"),
        {"amounts", "answers_equal"},
    ),
    "the books were put back and no terminal was heard since": (
        (
            "INSERT INTO awaited (terminal, customer_id, since, why) "
            "SELECT id, customer_id, 9000000000000, 'restored' FROM terminal"
        ),
        {"heard_again"},
    ),
    "an order has another status than its answer": (
        "UPDATE order_revision SET changed = true WHERE exposure > 0",
        {"answers_equal"},
    ),
}


TAMPERED_STOCK = {
    "damaged stock appeared from nowhere": (
        "UPDATE batch SET damaged = damaged + 1 WHERE code = 'T-LATE'",
        {"stock_damaged"},
    ),
    "quarantined stock is gone": (
        "UPDATE batch SET quarantine = quarantine - 1 WHERE code = 'R1'",
        {"stock_quarantine"},
    ),
    "goods in transit are gone": (
        "UPDATE batch SET in_transit = in_transit - 1 WHERE code = 'S1'",
        {"stock_transit"},
    ),
    "a movement has lost its document": (
        "UPDATE stock_movement SET document_id = NULL WHERE kind = 'receipt'",
        {"stock_documented", "stock_posted"},
    ),
    "a document says more than it moved": (
        "UPDATE stock_document_line SET quantity = quantity + 1 WHERE from_bucket IS NULL",
        {"stock_posted"},
    ),
    "who counted let the count pass": (
        "UPDATE stock_document_line SET counted_by = 'vikram' WHERE counted_by IS NOT NULL",
        {"stock_two_persons"},
    ),
}
"""Breaks of what stock acts did beside orders."""

REFUSED = {
    "stock_bounds": (
        "UPDATE batch SET reserved = on_hand + 1 WHERE code = 'S1'",
        "ck_batch_reserved",
    ),
    "sequence_once": (
        (
            "UPDATE order_ SET source_key = (SELECT min(source_key) FROM order_) "
            "WHERE source_key = (SELECT max(source_key) FROM order_)"
        ),
        "(?i)unique",
    ),
}
"""Breaks that the database itself refuses: by promise, the statement and what is said of it."""


@pytest.fixture
def busy_market(market: Market) -> Market:
    """Give a market with a confirmed, a held and a cancelled order, and a lease."""
    market.hears(status(leases="0" * 64))
    confirmed = market.place(("TEA", 2), ("SOAP", 10), ("RICE", 10), terminal="shop-1", seq=1)
    market.place(("TEA", 50), terminal="shop-1", seq=2)
    cancelled = market.place(("TEA", 3), ("SOAP", 10), terminal="shop-2", seq=3)
    market.orders.cancel(cancelled.order, why="shop closed", by="asha")
    released = market.place(("TEA", 40), terminal="shop-1", seq=4)
    market.approvals.release(released.order, by=Approver("vikram", ("manager",)))
    assert confirmed.status == "confirmed"
    parties = market.hub.ground.part(CustomerActs)
    change = {"credit_limit": Change("1000.00", "9000.00")}
    asked = parties.change("C1", change, by="asha", scope=EVERYTHING)
    assert isinstance(asked, Kept)
    assert asked.request is not None
    assert parties.decide(asked.request, grant=False, by="vikram", scope=EVERYTHING) == Kept("C1")
    return market


def test_untouched_books_keep_every_promise(busy_market: Market, tmp_path: Path) -> None:
    move_stock(busy_market)
    deliver_some(busy_market)
    move_money(busy_market)
    work_a_day(busy_market)
    taken_back(busy_market, Back("SOAP", 1))
    busy_market.hub.ground.part(PartnerActs).invite("nina", ["C2"], by=OPERATOR)
    put(busy_market)
    claim_all(busy_market)
    keep_past_days(busy_market)
    busy_market.hears(status(leases="0" * 64))  # leases of the pack that claims came with
    with with_portal(busy_market, tmp_path):
        billed(busy_market, busy_market.place(("SOAP", 2)).order)
        work(busy_market)
    confirm(busy_market, taken(busy_market, "13/11/2026,A,,,5.00,5.00"), row_0="C2")

    report = busy_market.audit()

    assert report.is_clean, report
    assert [one.promise.name for one in report.kept if not one.checked] == ["retraces"]


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_row_is_named_by_its_promise(busy_market: Market, what: str) -> None:
    statement, promises = TAMPERED[what]

    values = {"bytes": b"["} if ":bytes" in statement else {}
    busy_market.change(statement, **values)

    assert promises <= busy_market.broken()


@pytest.mark.parametrize("what", TAMPERED_STOCK)
def test_a_tampered_row_of_a_stock_act_is_named_by_its_promise(market: Market, what: str) -> None:
    move_stock(market)
    assert market.broken() == set()
    statement, promises = TAMPERED_STOCK[what]

    market.change(statement)

    assert promises <= market.broken()


def test_every_tampered_row_of_money_is_named_by_its_promise(market: Market) -> None:
    move_money(market)
    assert market.broken() == set()

    for what, (statement, promises) in TAMPERED_MONEY.items():
        with market.database.write() as connection:
            connection.execute(text(statement))
            found = {
                one.promise.name
                for check in (ACCOUNTS, INVOICES, PAYMENTS)
                for one in check(connection, market.clock.ms)
                if one.faults
            }
            connection.rollback()
        assert promises <= found, what


def unbroken(promised: set[str]) -> set[str]:
    """Name the promises that no test breaks."""
    everything = {**TAMPERED, **TAMPERED_STOCK, **TAMPERED_MONEY}
    planted = set[str]().union(*(promises for _, promises in everything.values()))
    return promised - planted - REFUSED.keys() - PLANTED_ELSEWHERE.keys()


def test_every_promise_of_every_noun_has_a_break_that_names_it(busy_market: Market) -> None:
    promised = {one.promise.name for one in busy_market.audit().kept}

    assert unbroken(promised) == set()
    assert unbroken({*promised, "a_promise_of_a_new_noun"}) == {"a_promise_of_a_new_noun"}
    assert REFUSED.keys() | PLANTED_ELSEWHERE.keys() <= promised


@pytest.mark.parametrize("promise", PLANTED_ELSEWHERE)
def test_what_is_broken_elsewhere_is_named_there(promise: str) -> None:
    module, name = PLANTED_ELSEWHERE[promise].split()
    source = (Path(__file__).parent / module).read_text("utf-8")
    (test,) = (
        ast.unparse(node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )

    assert promise in test


@pytest.mark.parametrize("promise", REFUSED)
def test_the_database_itself_refuses_what_would_break_a_promise(
    busy_market: Market, promise: str
) -> None:
    statement, why = REFUSED[promise]

    with pytest.raises(IntegrityError, match=why):
        busy_market.change(statement)


def _decided_by_an_earlier_engine(market: Market) -> None:
    """Let every decision be one of the first engine, which came to another hash."""
    for order, revision, written in market.rows(
        "SELECT order_id, revision, inputs FROM decision WHERE length(inputs) > 0"
    ):
        *inputs, _engine, _delivery_date = json.loads(written)
        inputs.append(1)  # as it was written before orders said when goods are wanted
        market.change(
            "UPDATE decision SET inputs = :inputs, result_hash = 'x' "
            "WHERE order_id = :order AND revision = :revision",
            inputs=json.dumps(inputs).encode(),
            order=order,
            revision=revision,
        )


def test_decisions_of_an_earlier_engine_are_held_against_their_own_trace(
    busy_market: Market,
) -> None:
    _decided_by_an_earlier_engine(busy_market)

    report = busy_market.audit()

    assert report.is_clean
    checked = {one.promise.name: one.checked for one in report.kept}
    assert checked["retraces"] > 0


def test_a_decision_of_an_earlier_engine_that_was_changed_is_found(busy_market: Market) -> None:
    _decided_by_an_earlier_engine(busy_market)
    busy_market.change("UPDATE order_revision SET tax = tax + 1 WHERE exposure > 0")

    assert "retraces" in busy_market.broken()


def test_a_pack_set_up_by_one_person_is_noted(market: Market) -> None:
    assert market.audit().notes == (
        "rule pack version 1 was set up by load, without a second person",
    )


def test_content_slipped_into_a_roll_back_is_found(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))
    market.packs.roll_back(1, by="vikram")

    market.change("UPDATE rule_pack SET copy_of = 2 WHERE version = 3")

    assert market.broken() == {"pack_two_persons"}


def test_a_pack_set_up_after_others_is_found(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))

    market.change("UPDATE rule_pack SET origin = 'set_up', published_by = added_by")

    assert market.broken() == set()
    market.change("UPDATE rule_pack SET origin = 'added' WHERE version = 1")
    assert market.broken() == {"pack_two_persons"}


def test_an_order_confirmed_above_the_limit_is_found(busy_market: Market) -> None:
    above = busy_market.place(("TEA", 7), terminal="shop-1", payment="cash", seq=9)
    assert above.status == "confirmed"

    busy_market.change(
        "UPDATE order_revision SET payment = 'credit' "
        "WHERE order_id = (SELECT id FROM order_ WHERE uuid = :u)",
        u=above.order,
    )

    assert "credit_limit" in busy_market.broken()


def test_the_readme_names_every_promise_and_no_other(market: Market) -> None:
    readme = (Path(__file__).parents[3] / "hub" / "README.md").read_text("utf-8")
    section = readme.partition("\n## Promises\n")[2].partition("\n## ")[0]
    listed = section.partition("Notes break no promise")[0]

    named = set(re.findall(r"[a-z]+(?:_[a-z]+)*(?=[,.)\s])", listed.partition("each.")[2]))
    promised = {one.promise.name for one in market.audit().kept}

    assert promised - named == set()
    assert {word for word in named if "_" in word} - promised == set()
