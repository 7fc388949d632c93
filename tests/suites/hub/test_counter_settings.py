"""Which payments a counter takes, and from where on it asks once more: set, told, kept."""

from typing import Any

import pytest

from broker.contract import Config, ConfigData, counter_hash, decode_down
from hub.base import history
from hub.base.access import EVERYTHING, Actor, Scope
from hub.base.fields import Refused
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import CounterSettings, payments_of, read_counter_settings
from hub.desk.terminals.reads.cards import read_cards
from hub.desk.terminals.reads.counters import read_counter
from hub.desk.terminals.reads.machines.groups import list_groups, read_group
from tests.builders.market import Market
from tests.suites.hub.test_wire_beside_orders import status

USUAL = ("credit", "cash", "advance")


def set_counter(market: Market, terminal: str = "shop-2", **fields: str) -> object:
    return market.hub.ground.part(EnrolmentActs).set_counter(
        terminal, fields, by="asha", why="new terms", scope=EVERYTHING
    )


def told(market: Market, terminal: str = "shop-2", **said: Any) -> list[ConfigData]:
    """Hear a terminal; gives the configurations that it is sent for it."""
    sent = market.hears(status(terminal=terminal, **said))
    messages = [decode_down(one.payload) for one in sent if one.kind == "cmd"]
    return [one.data for one in messages if isinstance(one, Config)]


@pytest.mark.parametrize(
    ("terminal", "payments"), [("shop-1", []), ("shop-2", []), ("shop-4", ["cash", "advance"])]
)
def test_a_counter_takes_what_its_customer_s_credit_allows(
    market: Market, terminal: str, payments: list[str]
) -> None:
    (config,) = told(market, terminal)

    assert (config.payments, config.ask_quantity, config.ask_amount) == (payments, 1_000, 0)


def test_what_is_set_is_told_and_kept_with_who_and_why(market: Market) -> None:
    set_counter(market, payments="Cash, credit", ask_quantity="240", ask_amount="50,000.00")
    set_counter(market, payments="cash,credit", ask_quantity="240", ask_amount="50000.00")

    (config,) = told(market)

    assert (config.payments, config.ask_quantity, config.ask_amount) == (
        ["cash", "credit"],
        240,
        5_000_000,
    )
    with market.database.read() as connection:
        changes = history.read(connection, "counter", "shop-2")
    assert [(one.field, one.old, one.new, one.who, one.why) for one in changes] == [
        ("payments", "", "cash,credit", "asha", "new terms"),
        ("ask_quantity", None, 240, "asha", "new terms"),
        ("ask_amount", None, 5_000_000, "asha", "new terms"),
    ]


def test_a_terminal_is_told_again_until_it_has_what_was_set(market: Market) -> None:
    (config,) = told(market)
    has = {
        "catalogue": config.catalogue.hash,
        "pack": config.pack.hash,
        "facts": "f" * 64,
    }
    before = counter_hash(config.payments, ask_quantity=1_000, ask_amount=0)
    set_counter(market, payments="cash")

    after = counter_hash(["cash"], ask_quantity=1_000, ask_amount=0)
    assert [one.payments for one in told(market, counter=before, **has)] == [["cash"]]
    assert [one.payments for one in told(market, counter=after, **has)] == [["cash"]]  # its facts


def test_what_is_not_understood_sets_nothing(market: Market) -> None:
    refused = set_counter(market, payments="cash,gold", ask_quantity="-1", ask_amount="much")

    assert isinstance(refused, Refused)
    assert {reason.field for reason in refused.reasons} == {
        "payments",
        "ask_quantity",
        "ask_amount",
    }
    assert told(market)[0].payments == []


def test_a_terminal_of_another_seller_is_set_by_nobody(market: Market) -> None:
    acts = market.hub.ground.part(EnrolmentActs)

    done = acts.set_counter("shop-2", {}, by="x", why="", scope=Scope(sellers=frozenset({9_999})))

    assert isinstance(done, Refused)
    assert [reason.code for reason in done.reasons] == ["counter_unknown"]


def codes(done: object) -> list[str]:
    """Name why an act was refused; nothing where it was done."""
    return [one.code for one in done.reasons] if isinstance(done, Refused) else []


def test_a_group_counts_where_a_counter_has_nothing_set_itself(market: Market) -> None:
    groups = market.hub.ground.part(EnrolmentActs).groups
    asha: dict[str, Any] = {"by": "asha", "scope": EVERYTHING}
    set_counter(market, ask_quantity="24")
    done = groups.add({"code": "vans", "name": "Vans", "payments": "cash"}, **asha)
    put = groups.put_in("shop-2", "vans", why="a van", **asha)
    wanted = {"name": "All vans", "payments": "cash", "ask_quantity": "240", "ask_amount": "900"}
    changed = groups.change("vans", wanted, why="new terms", **asha)

    (config,) = told(market)
    with market.database.read() as connection:
        row = read_counter(connection, "shop-2", scope=EVERYTHING)
        group = read_group(connection, "vans", scope=EVERYTHING)
        changes = history.read(connection, "counter", "shop-2")

    assert [codes(one) for one in (done, put, changed)] == [[], [], []]
    assert (config.payments, config.ask_quantity, config.ask_amount) == (["cash"], 24, 90_000)
    assert row is not None
    assert row.group is not None
    assert (row.group.code, row.settings.payments, row.counts.payments) == ("vans", (), ("cash",))
    assert group is not None
    assert [(one.terminal, one.differs) for one in group.counters] == [
        ("shop-2", ("ask_quantity",))
    ]
    assert [(one.field, one.old, one.new, one.who, one.why) for one in group.changes][-3:] == [
        ("name", "Vans", "All vans", "asha", "new terms"),
        ("ask_quantity", None, 240, "asha", "new terms"),
        ("ask_amount", None, 90_000, "asha", "new terms"),
    ]
    assert [(one.field, one.new, one.why) for one in changes][-1] == ("group", "vans", "a van")


def test_a_terminal_says_whether_it_runs_what_its_group_says(market: Market) -> None:
    groups = market.hub.ground.part(EnrolmentActs).groups
    asha: dict[str, Any] = {"by": "asha", "scope": EVERYTHING}
    groups.add({"code": "vans", "name": "Vans"}, **asha)
    groups.put_in("shop-2", "vans", why="", **asha)

    def runs() -> str:
        with market.database.read() as connection:
            group = read_group(connection, "vans", scope=EVERYTHING)
        assert group is not None
        return group.counters[0].runs

    seen = [runs()]
    told(market, counter=counter_hash([], ask_quantity=1_000, ask_amount=0))
    seen.append(runs())
    groups.change("vans", {"name": "Vans", "payments": "advance"}, why="", **asha)
    seen.append(runs())
    told(market, counter=counter_hash(["advance"], ask_quantity=1_000, ask_amount=0))
    seen.append(runs())

    assert seen == ["unknown", "current", "behind", "current"]


def test_a_group_is_refused_with_what_is_wrong_of_it(market: Market) -> None:
    groups = market.hub.ground.part(EnrolmentActs).groups
    asha: dict[str, Any] = {"by": "asha", "scope": EVERYTHING}
    other: dict[str, Any] = {"by": "x", "scope": Scope(sellers=frozenset({9_999}))}
    vans = {"code": "vans", "name": "Vans"}
    groups.add(vans, **asha)
    groups.put_in("shop-2", "vans", why="", **asha)

    refusals = [
        groups.add({"code": "a/b", "name": "", "payments": "gold"}, **asha),
        groups.add(vans, **asha),
        groups.add({**vans, "code": "cars", "seller": "nobody"}, **asha),
        groups.change("vans", {"name": "Mine"}, why="", **other),
        groups.drop("vans", why="", **asha),
        groups.put_in("shop-99", "vans", why="", **asha),
        groups.put_in("shop-1", "cars", why="", **asha),
        groups.put_in("shop-2", "", why="", **other),
    ]

    assert [codes(one) for one in refusals] == [
        ["cell_reserved", "cell_empty", "cell_not_choice"],
        ["group_there"],
        ["group_seller"],
        ["group_unknown"],
        ["group_used"],
        ["group_terminal"],
        ["group_unknown"],
        ["group_terminal"],
    ]
    with market.database.read() as connection:
        assert [(one.code, one.count) for one in list_groups(connection, scope=EVERYTHING)] == [
            ("vans", 1)
        ]
        assert list_groups(connection, scope=other["scope"]) == []
    assert codes(groups.put_in("shop-2", "", why="", **asha)) == []
    assert codes(groups.drop("vans", why="over", **asha)) == []
    assert told(market)[0].ask_quantity == 1_000


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("written", "payments"),
    [("", ()), ("cash", ("cash",)), ("cash,advance,credit,cash", ("cash", "credit", "advance"))],
)
def test_the_first_payment_is_the_usual_one(written: str, payments: tuple[str, ...]) -> None:
    assert read_counter_settings({"payments": written}) == CounterSettings(payments)
    assert payments_of(CounterSettings(payments), "cash_only") == (payments or ("cash", "advance"))


def test_a_group_says_whether_an_operator_is_needed_and_which_notices_print(
    market: Market,
) -> None:
    """What a counter has set itself counts before it; setting its payments leaves the cards be."""
    acts = market.hub.ground.part(EnrolmentActs)
    asha: dict[str, Any] = {"by": "asha", "scope": EVERYTHING}
    staff = Actor("asha", (), EVERYTHING)
    group = {"name": "Vans", "operator_needed": "yes", "notices": "changes"}
    acts.groups.add({"code": "vans", **group}, **asha)
    acts.groups.put_in("shop-2", "vans", why="", **asha)

    (by_group,) = told(market)
    acts.cards.need_operator("shop-2", needed=False, why="alone", by=staff)
    set_counter(market, payments="cash", notices="no_invoices")
    (by_itself,) = told(market)
    acts.cards.need_operator("shop-2", needed=None, why="", by=staff)
    with market.database.read() as connection:
        cards = read_cards(connection, "shop-2", scope=EVERYTHING)
        row = read_counter(connection, "shop-2", scope=EVERYTHING)

    assert (by_group.operator_needed, by_group.notices) == (True, "changes")
    assert (by_itself.operator_needed, by_itself.notices) == (False, "no_invoices")
    assert cards is not None
    assert (cards.needed, cards.said, cards.group) == (True, None, "Vans")
    assert row is not None
    assert (row.settings.operator_needed, row.counts.operator_needed) == (None, True)
    assert [(one.new, one.why) for one in row.changes if one.field == "operator_needed"] == [
        (False, "alone"),
        (None, ""),
    ]


def test_a_counter_is_told_the_gstin_of_its_seller_and_customer(market: Market) -> None:
    """Where the letterhead changes, terminals that are there hear of it at once."""
    acts = market.hub.ground.part(InvoiceActs)
    told(market)
    market.wire.hear.tell_changes()
    seller = market.rows("SELECT code FROM party WHERE sells")[0][0]
    acts.set_letterhead(seller, {"gstin": "27AAPFU0939F1ZV"}, by="asha", scope=EVERYTHING)

    sent = [decode_down(one.payload) for one in market.wire.hear.tell_changes()]

    assert {one.data.gstin for one in sent if isinstance(one, Config)} == {"27AAPFU0939F1ZV"}
