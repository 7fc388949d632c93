"""What the pages read, over orders that the hub really decided, on both engines."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from broker.contract import Status, StatusData, uuid7
from hub.base.access import EVERYTHING
from hub.base.listing import Sorting, Wanted
from hub.desk.orders.reads.listing import (
    NEWEST_FIRST,
    count_held,
    list_orders,
    tally_orders,
)
from hub.desk.orders.reads.order import OrderDetail, read_order
from hub.desk.orders.words import sentence
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.tables import customer_profile, party
from hub.desk.terminals.model import RefusedMessage
from hub.desk.terminals.reads.messages import count_refused, list_refused
from hub.desk.terminals.reads.snapshots import read_secret, read_snapshot
from hub.desk.terminals.reads.terminals import (
    LOST_AFTER_MS,
    TerminalRow,
    count_by_presence,
    list_remarks,
    list_terminals,
    read_up_to_date,
)
from hub.desk.terminals.reads.told import read_told
from tests.builders.market import Market

TODAY = date(2026, 11, 21)


def _order(market: Market, uuid: str) -> OrderDetail:
    with market.database.read() as connection:
        found = read_order(connection, uuid, scope=EVERYTHING)
    assert found is not None
    return found


def _wanted(text: str = "", /, **chosen: str | tuple[str, ...]) -> Wanted:
    """Want the newest orders first, of what is chosen."""
    values = {name: (one,) if isinstance(one, str) else one for name, one in chosen.items()}
    return Wanted(NEWEST_FIRST, text, values)


def _numbers(market: Market, wanted: Wanted, since: date | None = None) -> list[str]:
    with market.database.read() as connection:
        page = list_orders(connection, wanted, since=since, scope=EVERYTHING)
    return [row.number for row in page.rows]


def _amounts(market: Market) -> list[int | None]:
    with market.database.read() as connection:
        return [row.payable for row in list_orders(connection, _wanted(), scope=EVERYTHING).rows]


def _terminal(market: Market, name: str) -> TerminalRow:
    with market.database.read() as connection:
        page = list_terminals(
            connection,
            Wanted(Sorting("terminal"), name),
            now_ms=market.clock.now_ms(),
            best=read_up_to_date(connection, market.clock.ms),
            scope=EVERYTHING,
        )
    (row,) = page.rows
    return row


def test_a_decided_order_is_shown_with_the_amounts_that_were_answered(market: Market) -> None:
    answer = market.place(("TEA", 12), ("RICE", 20))

    order = _order(market, answer.order)

    assert answer.totals is not None
    assert order.newest.payable == answer.totals.payable
    assert (order.newest.currency, order.newest.scale) == ("INR", 2)
    assert order.head.customer == "Second Shop"
    assert [line.total for line in order.newest.lines] == [line.total for line in answer.lines]
    assert [(line.sku, line.quantity) for line in order.newest.free] == [("HONEY", 2)]
    assert order.trace
    assert [(one.cause, one.made_by) for one in order.revisions] == [("placed", "hub")]


def test_the_steps_of_a_decision_are_told_stage_by_stage_and_line_by_line(market: Market) -> None:
    answer = market.place(("TEA", 1), ("RICE", 10), ("SOAP", 2))

    trace = _order(market, answer.order).trace

    assert [step.line for step in trace if step.stage == "price"] == [1, 2, 3]
    stages = list(dict.fromkeys(step.stage for step in trace))
    assert stages[0] == "price"
    assert stages[-1] == "allocation"


def test_the_batches_of_a_line_are_shown_with_their_expiry(market: Market) -> None:
    answer = market.place(("TEA", 12))

    (line,) = _order(market, answer.order).newest.lines

    assert [(pick.batch, pick.quantity, pick.expiry) for pick in line.picks] == [
        ("T-EARLY", 10, date(2027, 1, 31)),
        ("T-LATE", 2, date(2027, 12, 31)),
    ]


def test_why_an_order_was_held_is_shown_in_words(market: Market) -> None:
    answer = market.place(("OIL", 1))

    order = _order(market, answer.order)

    told = [reason.text for reason in answer.reasons]
    assert order.head.status == "held"
    assert told
    (line,) = order.newest.lines
    assert [sentence(one, 2) for one in (*order.reasons, *line.reasons)] == told
    assert line.unit_price is None


def test_a_cancelled_order_shows_what_was_given_back_and_why(market: Market) -> None:
    answer = market.place(("TEA", 1))
    market.orders.cancel(answer.order, by="sunil", why="shop closed")

    order = _order(market, answer.order)

    assert order.head.status == "cancelled"
    assert all(pick.released for line in order.newest.lines for pick in line.picks)
    with market.database.read() as connection:
        told = read_told(connection, answer.order, scope=EVERYTHING)
    assert [(one.kind, one.revision) for one in told] == [("answer", 1), ("notice", 2)]
    assert "shop closed" in sentence(order.reasons[0], 2)
    assert (order.newest.cause, order.newest.made_by) == ("cancelled", "sunil")


def test_an_order_turned_away_before_the_rules_can_be_shown(market: Market) -> None:
    answer = market.place(("TEA", 1), customer="C999")

    order = _order(market, answer.order)

    assert (order.head.customer, order.head.customer_code) == (None, "C999")
    assert (order.newest.priced, order.trace) == (False, ())
    assert [(line.sku, line.ordered) for line in order.newest.lines] == [("TEA", 1)]
    assert _amounts(market) == [None]
    assert order.reasons[0].code == "customer_unknown"


def test_nothing_is_found_under_an_unknown_id(market: Market) -> None:
    with market.database.read() as connection:
        assert read_order(connection, "nothing", scope=EVERYTHING) is None


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (_wanted(), ["shop-2-2", "shop-1-1", "shop-2-1"]),
        (_wanted(status="held"), ["shop-2-2"]),
        (_wanted(status=("held", "allocated")), ["shop-2-2", "shop-1-1", "shop-2-1"]),
        (_wanted(public="processing"), ["shop-1-1", "shop-2-1"]),
        (_wanted(reason="line_unpriced"), ["shop-2-2"]),
        (_wanted(reason="line_unprice"), []),
        (_wanted(customer="c1"), ["shop-1-1"]),
        (_wanted(customer="First"), ["shop-1-1"]),
        (_wanted(source="staff"), []),
        (_wanted(payment="cash"), []),
        (_wanted(payable=("1", "")), ["shop-1-1", "shop-2-1"]),
        (_wanted(placed=("2026-11-22", "")), []),
        (_wanted(placed=("", "2026-11-21")), ["shop-2-2", "shop-1-1", "shop-2-1"]),
        (_wanted("FIRST"), ["shop-1-1"]),
        (_wanted("c1"), ["shop-1-1"]),
        (_wanted("Shop-2"), ["shop-2-2", "shop-2-1"]),
        (_wanted("p-2-1"), ["shop-2-1"]),
        (_wanted("oil"), ["shop-2-2"]),
        (_wanted("%"), []),
    ],
)
def test_the_list_finds_by_what_is_chosen_and_by_what_is_typed(
    market: Market, wanted: Wanted, numbers: list[str]
) -> None:
    market.place(("SOAP", 1))
    market.place(("SOAP", 1), terminal="shop-1")
    market.place(("OIL", 1))

    assert _numbers(market, wanted) == numbers
    assert _numbers(market, wanted, since=date(2026, 11, 22)) == []


def test_an_order_is_found_by_its_shops_phone_number_as_a_caller_says_it(market: Market) -> None:
    market.place(("SOAP", 1))
    market.place(("SOAP", 1), terminal="shop-1")
    with market.database.write() as connection:
        shop = select(party.c.id).where(party.c.code == "C1").scalar_subquery()
        profile = update(customer_profile).where(customer_profile.c.party_id == shop)
        connection.execute(profile.values(phone="+919812300001"))
        connection.commit()

    assert _numbers(market, _wanted("98123 00001")) == ["shop-1-1"]


def test_pages_of_a_search_show_each_order_once_and_end(market: Market) -> None:
    for _ in range(5):
        market.place(("SOAP", 1))
        market.place(("SOAP", 1), terminal="shop-1")
    wanted = replace(_wanted("SHOP-2"), size=2)

    with market.database.read() as connection:
        pages = [list_orders(connection, wanted, scope=EVERYTHING)]
        while pages[-1].after:
            at = replace(wanted, place=pages[-1].after)
            pages.append(list_orders(connection, at, scope=EVERYTHING))

    numbers = [row.number for page in pages for row in page.rows]
    assert numbers == [f"shop-2-{number}" for number in range(5, 0, -1)]


def test_an_order_is_found_by_its_amount(market: Market) -> None:
    answer = market.place(("SOAP", 3))
    assert answer.totals is not None
    payable = answer.totals.payable

    written = f"{payable // 100:,}.{payable % 100:02}"

    assert _numbers(market, _wanted(written)) == ["shop-2-1"]


@pytest.mark.parametrize("by", ["placed", "customer", "payable", "lines", "status", "date"])
@pytest.mark.parametrize("descending", [False, True], ids=["rising", "falling"])
def test_pages_of_any_order_show_each_row_once_and_lead_back(
    market: Market, by: str, *, descending: bool
) -> None:
    for number in range(1, 4):
        market.place(("SOAP", number))
        market.place(("SOAP", number), terminal="shop-1")
    wanted = Wanted(Sorting(by, descending), size=2)

    with market.database.read() as connection:
        pages = [list_orders(connection, wanted, scope=EVERYTHING)]
        while pages[-1].after:
            at = replace(wanted, place=pages[-1].after)
            pages.append(list_orders(connection, at, scope=EVERYTHING))
        assert pages[1].before is not None
        back = list_orders(connection, replace(wanted, place=pages[1].before), scope=EVERYTHING)

    assert len(pages) == 3
    assert len({row.id for page in pages for row in page.rows}) == 6
    assert back.rows == pages[0].rows
    assert back.before is None


def test_totals_are_of_the_whole_filter_and_of_orders_with_a_price(market: Market) -> None:
    first, second = market.place(("SOAP", 1)), market.place(("SOAP", 2), terminal="shop-1")
    market.place(("OIL", 1))
    assert first.totals is not None
    assert second.totals is not None

    with market.database.read() as connection:
        tally = tally_orders(connection, _wanted(), scope=EVERYTHING)
        held = count_held(connection, scope=EVERYTHING)

    count, (amount,) = tally.total(_wanted())
    assert count == 3
    assert amount.amount == first.totals.payable + second.totals.payable
    assert held == {"line_unpriced": 1}


def test_counts_go_by_the_search_and_not_by_the_state(market: Market) -> None:
    market.place(("SOAP", 1))
    market.place(("OIL", 1))
    market.place(("SOAP", 1), terminal="shop-1")

    with market.database.read() as connection:
        tally = tally_orders(connection, _wanted("shop-2", status="held"), scope=EVERYTHING)

    assert tally.counts == {"allocated": 1, "held": 1}
    assert tally.total(_wanted(status="held"))[0] == 1


def test_the_distributor_is_named_in_its_own_zone(market: Market) -> None:
    with market.database.read() as connection:
        distributor = read_distributor(connection)

    assert (distributor.name, str(distributor.zone)) == ("Corner Supplies", "Asia/Kolkata")


def test_a_terminal_is_shown_as_it_described_itself(market: Market) -> None:
    answer = market.place(("SOAP", 1))
    with market.database.read() as connection:
        wanted = read_up_to_date(connection, market.clock.ms)
    said = StatusData(
        state="online", queued=2, oldest_ms=9_000, pack=wanted.pack, catalogue="0" * 64
    )
    now = market.clock.now_ms()
    status = Status(id=uuid7(now, bytes(10)), term="shop-2", boot=3, at=now, data=said)
    market.hears(status)

    fresh = _terminal(market, "shop-2")
    market.clock.ms += LOST_AFTER_MS + 1
    silent = _terminal(market, "shop-2")

    assert (fresh.presence, fresh.queued, fresh.oldest_ms) == ("online", 2, 9_000)
    assert (fresh.pack, fresh.catalogue) == ("current", "behind")
    assert fresh.last_order is not None
    assert fresh.last_order.uuid == answer.order
    assert silent.presence == "lost"


def test_a_terminal_that_never_spoke_is_known_all_the_same(market: Market) -> None:
    row = _terminal(market, "shop-4")

    assert (row.presence, row.customer, row.last_order) == ("never", "Fourth Shop", None)


@pytest.mark.parametrize(
    ("text", "presence", "names"),
    [
        ("", (), ["shop-1", "shop-2", "shop-3", "shop-4"]),
        ("", ("never",), ["shop-2", "shop-3", "shop-4"]),
        ("", ("online",), ["shop-1"]),
        ("", ("lost",), []),
        ("THIRD", (), ["shop-3"]),
        ("c4", (), ["shop-4"]),
        ("_", (), []),
    ],
)
def test_terminals_are_found_by_presence_id_and_customer(
    market: Market, text: str, presence: tuple[str, ...], names: list[str]
) -> None:
    now = market.clock.now_ms()
    online = Status(
        id=uuid7(now, bytes(10)), term="shop-1", boot=1, at=now, data=StatusData(state="online")
    )
    market.hears(online)

    with market.database.read() as connection:
        best = read_up_to_date(connection, market.clock.ms)
        wanted = Wanted(Sorting("terminal"), text, {"presence": presence} if presence else {})
        page = list_terminals(connection, wanted, now_ms=now, best=best, scope=EVERYTHING)
        counts = count_by_presence(connection, now, scope=EVERYTHING)

    assert [row.id for row in page.rows] == names
    assert counts == {"online": 1, "never": 3}


def test_remarks_are_none_at_first(market: Market) -> None:
    with market.database.read() as connection:
        assert list_remarks(connection, scope=EVERYTHING) == ()


def test_a_refused_message_is_counted_and_kept(market: Market) -> None:
    refused = RefusedMessage(
        terminal="shop-2", topic="t", payload=b"\xff{", code="malformed", text="not JSON"
    )
    for _ in range(2):
        market.wire.refuse([refused])

    with market.database.read() as connection:
        counts = count_refused(connection, scope=EVERYTHING)
        kept, others = (
            list_refused(
                connection, Wanted(Sorting("received"), chosen={"code": (code,)}), scope=EVERYTHING
            ).rows
            for code in ("malformed", "too_large")
        )

    assert [(one.code, one.count) for one in counts] == [("malformed", 2)]
    assert [(one.terminal, bytes(one.payload)) for one in kept] == [("shop-2", b"\xff{")] * 2
    assert others == ()


def test_snapshots_in_force_can_be_fetched_and_secrets_checked(market: Market) -> None:
    with market.database.read() as connection:
        wanted = read_up_to_date(connection, market.clock.ms)
        pack = read_snapshot(connection, wanted.pack or "")
        catalogue = read_snapshot(connection, wanted.catalogue or "")
        secrets = [read_secret(connection, name) for name in ("shop-1", "nobody")]

    assert pack is not None
    assert catalogue is not None
    assert catalogue.startswith(b'{"format":1')
    assert len(secrets[0] or "") == 64
    assert secrets[1] is None
