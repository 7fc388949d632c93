"""Webhooks of low stock, messages that are deleted, and endpoints that are changed."""

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.stock.acts import StockActs
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.webhooks.acts.keep_webhook import KeptWebhook
from hub.desk.webhooks.model import KEPT_DAYS
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.receivers import Receiver
from tests.suites.hub.test_addresses import HERE, keep, placed
from tests.suites.hub.test_webhooks import acts, endpoint, market, receiver, shown, told, work

__all__ = ["market", "receiver"]


def look_at_stock(market: Market) -> None:
    """Have stock looked at, a minute later, and what was found told."""
    market.clock.ms += 60_000
    market.hub.ground.part(StockActs).watch()
    work(market)


def set_level(market: Market, sku: str, reorder: int) -> None:
    """Say at how much of a product in the warehouse more is to be ordered."""
    act = market.hub.ground.part(StockActs).set_level
    texts = {"reorder": str(reorder), "maximum": ""}
    assert act("MAIN", sku, texts, by="asha", scope=EVERYTHING) is None


def test_a_program_is_told_once_of_a_product_that_becomes_low_and_again_after_it_was_not(
    market: Market, receiver: Receiver
) -> None:
    endpoint(market, receiver.url, ("stock.low",))
    set_level(market, "TEA", 5)
    look_at_stock(market)
    before = told(receiver)
    set_level(market, "TEA", 1_000_000)

    look_at_stock(market)
    look_at_stock(market)
    once = told(receiver)
    set_level(market, "TEA", 5)
    look_at_stock(market)
    set_level(market, "TEA", 1_000_000)
    look_at_stock(market)

    assert before == []
    ((kind, data),) = once
    assert kind == "stock.low"
    assert (data["product"], data["warehouse"], data["reorder"]) == ("TEA", "MAIN", 1_000_000)
    assert type(data["available"]) is int
    assert data["available"] + data["inbound"] <= data["reorder"]
    assert len(told(receiver)) == 2
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 2


def test_a_program_is_told_each_time_that_an_order_goes_to_another_address(
    market: Market, receiver: Receiver
) -> None:
    keep(market, "GODOWN", HERE)
    order = placed(market, "")
    endpoint(market, receiver.url, ("order.changed",))

    for ship_to in ("GODOWN", "", "GODOWN", "GODOWN"):
        market.clock.ms += 60_000
        market.orders.redirect(order, ship_to, by="asha", why="painting")
    work(market)

    assert sorted((kind, data["cause"], data["ship_to"]) for kind, data in told(receiver)) == [
        ("order.changed", "redirected", ""),
        ("order.changed", "redirected", "GODOWN"),
        ("order.changed", "redirected", "GODOWN"),
    ]


def test_whoever_may_see_no_stock_any_more_is_told_of_none_that_is_low(
    market: Market, receiver: Receiver
) -> None:
    people = market.hub.ground.part(PeopleActs)
    Shelves(market.database).user("meena", "owner")
    meena = people.sign_in.find_account("meena")
    assert meena is not None
    kept = endpoint(market, receiver.url, ("stock.low",), by="meena")
    people.change.end(meena.id, why="left", by=OPERATOR)
    set_level(market, "TEA", 1_000_000)

    look_at_stock(market)

    assert told(receiver) == []
    assert [one.state for one in shown(market, kept.id).deliveries] == ["dropped"]


def test_messages_are_deleted_after_the_told_time_but_not_one_that_waits(
    market: Market, receiver: Receiver
) -> None:
    kept = endpoint(market, receiver.url, ("order.placed",))
    market.place(("TEA", 1))
    work(market)
    forget = market.hub.ground.part(WebhookActs).forget
    market.place(("TEA", 2))  # nobody sends it: it waits

    market.clock.ms += (KEPT_DAYS - 1) * 86_400_000
    forget()
    both = [one.state for one in shown(market, kept.id).deliveries]
    market.clock.ms += 2 * 86_400_000
    forget()

    assert both == ["waiting", "sent"]
    assert [one.state for one in shown(market, kept.id).deliveries] == ["waiting"]
    assert market.rows("SELECT count(*) FROM webhook_event") == [(1,)]


def test_a_message_that_has_the_number_of_one_that_was_deleted_is_sent(
    market: Market, receiver: Receiver
) -> None:
    kept = endpoint(market, receiver.url, ("order.placed",))
    market.place(("TEA", 1))
    work(market)
    market.clock.ms += (KEPT_DAYS + 1) * 86_400_000
    market.hub.ground.part(WebhookActs).forget()

    market.place(("TEA", 2))  # SQLite numbers it as the one before
    work(market)

    assert [one.state for one in shown(market, kept.id).deliveries] == ["sent"]


def test_an_endpoint_is_changed_in_what_is_named_and_the_history_tells_it(
    market: Market, receiver: Receiver
) -> None:
    kept = endpoint(market, receiver.url, ("order.placed",))

    done = acts(market).change(kept.id, kinds=("stock.low",), by="asha", scope=EVERYTHING)
    wrong = acts(market).change(kept.id, url="ftp://erp", by="asha", scope=EVERYTHING)

    found = shown(market, kept.id)
    assert isinstance(done, KeptWebhook)
    assert isinstance(wrong, Refused)
    assert (found.row.name, found.row.url, found.row.kinds) == ("ERP", receiver.url, ("stock.low",))
    newest = found.history[-1]
    assert (newest.field, newest.old, newest.new) == ("kinds", "order.placed", "stock.low")
