"""What waits for approvers is counted and paged by the database as it is one by one."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from hub.base.access import EVERYTHING
from hub.base.engine import Connection
from hub.base.listing import Slice, Sorting, Wanted
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import MINE, HeldRow, Inbox, open_inbox, read_held
from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.engine import answer_report
from tests.builders.market import Market, packed

ROUTES = """
approvals:
  - id: AP-LIMIT
    on: credit_limit_exceeded
    levels:
      - role: sales_desk
        escalate:
          - {after: 2h, reassign: finance_head}
          - {after: 1d, notify: owner}
"""
HOUR_MS = 3_600_000
READERS = (
    Approver("meena", ("sales_desk",)),
    Approver("asha", ("finance_head",)),
    Approver("shop-1", ("sales_desk",)),
    Approver("vikram", ("owner", "manager")),
)
SORTS = ("urgency", "customer", "amount", "waiting")


def inbox_page(connection: Connection, inbox: Inbox, wanted: Wanted) -> Slice[HeldRow]:
    """Read a page for somebody who sees everything."""
    return inbox.page(connection, wanted, scope=EVERYTHING)


@pytest.fixture
def waiting(market: Market) -> Market:
    """Give orders held for three reasons over three days, and a first yes to one of them."""
    market.publish(packed(version=2, more=ROUTES))
    for hours in (0, 22, 26, 27):
        market.clock.ms += hours * HOUR_MS
        market.place(("RICE", 30), terminal="shop-1")
        market.place(("OIL", 1))
        market.place(("RICE", 1), terminal="shop-4", payment="credit")
    market.clock.ms += HOUR_MS
    return market


def test_counts_and_pages_are_those_of_the_orders_one_by_one(waiting: Market) -> None:
    now_ms = waiting.clock.ms
    with waiting.database.read() as connection:
        for reader in READERS:
            rows = read_held(connection, reader, now_ms=now_ms, scope=EVERYTHING)
            inbox = open_inbox(connection, reader, now_ms=now_ms, scope=EVERYTHING)
            counts = inbox.counts()
            of_role = {
                role: {row.id for row in rows if role in row.deciders}
                for role in {role for row in rows for role in row.deciders}
            }
            of_role[MINE] = {row.id for row in rows if row.mine}
            pages = {
                who: {
                    row.id
                    for row in inbox_page(
                        connection, inbox, Wanted(Sorting("urgency"), "", {"who": (who,)})
                    ).rows
                }
                for who in of_role
            }
            by_urgency = [
                row.id for row in inbox_page(connection, inbox, Wanted(Sorting("urgency"))).rows
            ]

            assert pages == of_role, reader.name
            assert {who: counts[who] for who in of_role} == {
                who: len(ids) for who, ids in of_role.items()
            }
            assert counts[""] == len(rows)
            assert by_urgency == [row.id for row in rows]


def test_the_report_on_approvals_has_those_for_the_readers_own_word(waiting: Market) -> None:
    request, now_ms = ReportRequest("approvals", (("mine", True),)), waiting.clock.ms
    found: dict[str, set[str]] = {}
    with waiting.database.read() as connection:
        for reader in READERS:
            asked = ask(
                request, reader=reader.name, roles=reader.roles, now_ms=now_ms, zone=ZoneInfo("UTC")
            )
            answer = answer_report(connection, asked, scope=EVERYTHING)
            by_area = replace(asked, request=replace(request, group_by="area"))
            grouped = answer_report(connection, by_area, scope=EVERYTHING)
            rows = read_held(connection, reader, now_ms=now_ms, scope=EVERYTHING)
            found[reader.name] = {line.code for line in answer.lines}

            assert found[reader.name] == {row.number for row in rows if row.mine}
            assert answer.count == grouped.totals["held"] == len(answer.lines)

    assert 0 < len(found["meena"]) < len(found["meena"] | found["asha"] | found["vikram"])


def test_pages_turn_by_key_in_every_order_of_the_rows(waiting: Market) -> None:
    reader, now_ms = READERS[0], waiting.clock.ms
    with waiting.database.read() as connection:
        inbox = open_inbox(connection, reader, now_ms=now_ms, scope=EVERYTHING)
        for sort in SORTS:
            whole = [
                row.id
                for row in inbox_page(
                    connection, inbox, Wanted(Sorting(sort, descending=True))
                ).rows
            ]
            turned, place = [], None
            while True:
                wanted = Wanted(Sorting(sort, descending=True), place=place, size=5)
                page = inbox_page(connection, inbox, wanted)
                turned += [row.id for row in page.rows]
                place = page.after
                if place is None:
                    break
            assert turned == whole, sort


@pytest.mark.one_engine
def test_a_search_and_a_reason_narrow_what_waits(waiting: Market) -> None:
    with waiting.database.read() as connection:
        inbox = open_inbox(connection, READERS[0], now_ms=waiting.clock.ms, scope=EVERYTHING)
        wanted = Wanted(Sorting("urgency"), "first shop", {"reason": ("credit_limit_exceeded",)})
        found = inbox_page(connection, inbox, wanted).rows

    assert {row.customer for row in found} == {"First Shop"}
    assert {row.code for row in found} == {"credit_limit_exceeded"}
    assert len(found) == 4
