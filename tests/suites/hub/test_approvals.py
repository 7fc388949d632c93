"""Held orders are released, refused and countered by who may, once, and as they were seen."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.acts.release_order import KeptYes
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import read_waiting
from hub.desk.orders.deciding import Changed
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.market import FakeClock, Market, packed

ROUTES = """
approvals:
  - id: AP-LIMIT
    on: credit_limit_exceeded
    never: [requester]
    counter: {quantities: lower, payment: [advance, cash]}
    levels: [{in_order: [sales_desk, finance_head]}]
"""
HASTY = """
approvals:
  - id: AP-HASTY
    on: credit_limit_exceeded
    levels: [{role: sales_desk, escalate: [{after: 2h, expire: true}]}]
"""
HOUR_MS = 3_600_000
MEENA = Approver("meena", ("sales_desk",))
ASHA = Approver("asha", ("finance_head",))
OWNER = Approver("vikram", ("owner",))
DEADLINE_S = 60

Outcome = Changed | KeptYes | Refused


@pytest.fixture
def routed(market: Market) -> Market:
    """Give a market where the desk, then finance, release what is above the limit."""
    market.publish(packed(version=2, more=ROUTES))
    return market


def above_limit(market: Market) -> str:
    """Have a terminal order for 1,500.00 where 900.00 are left; gives the order's id."""
    answer = market.place(("RICE", 30), terminal="shop-1")
    assert (answer.status, [one.code for one in answer.reasons]) == (
        "held",
        ["credit_limit_exceeded"],
    )
    return answer.order


def code(outcome: Outcome) -> str:
    """Give the code of why somebody was refused."""
    assert isinstance(outcome, Refused), outcome
    return outcome.reason.code


def status(market: Market, order: str) -> tuple[str, int]:
    """Give an order's state and newest revision."""
    ((state, revision),) = market.rows(
        "SELECT status, revision FROM order_ WHERE uuid = :u", u=order
    )
    return state, revision


def test_an_order_goes_out_with_the_last_yes_of_its_route(routed: Market) -> None:
    order = above_limit(routed)

    first = routed.approvals.release(order, by=MEENA)
    between = status(routed, order)
    last = routed.approvals.release(order, by=ASHA)

    assert isinstance(first, KeptYes)
    assert first.roles == "finance_head"
    assert between == ("held", 1)
    assert isinstance(last, Changed)
    assert (last.status, last.revision) == ("allocated", 2)
    assert routed.broken() == set()


def test_a_shop_reads_the_lines_and_sums_of_what_was_released(routed: Market) -> None:
    order = above_limit(routed)
    routed.approvals.release(order, by=MEENA)
    routed.approvals.release(order, by=ASHA, why="pays on Friday")

    told = routed.newest_notice().data

    assert (told.status, told.reasons[0].code) == ("confirmed", "released")
    assert told.decision is not None
    assert (told.decision.revision, told.decision.reasons) == (2, [])
    assert [(one.sku, one.qty, one.net) for one in told.decision.lines] == [("RICE", 30, 150_000)]
    assert sum(pick.qty for pick in told.decision.lines[0].batches) == 30
    assert told.decision.totals is not None
    assert told.decision.totals.payable == sum(one.total for one in told.decision.lines)


def test_a_shop_reads_what_an_offer_made_of_its_order(routed: Market) -> None:
    order = above_limit(routed)
    routed.approvals.offer(order, Amendment(lines=(AskedLine("RICE", 10),)), by=MEENA)

    told = routed.newest_notice().data

    assert told.decision is not None
    assert [(one.sku, one.qty) for one in told.decision.lines] == [("RICE", 10)]


def test_a_shop_reads_line_by_line_what_was_made_of_its_order(routed: Market) -> None:
    order = above_limit(routed)
    change = Amendment(lines=(AskedLine("RICE", 10),), payment="cash")

    routed.approvals.offer(order, change, by=MEENA, why="for today")
    offered = routed.newest_notice().data
    more = (AskedLine("RICE", 10), AskedLine("TEA", 2))
    routed.orders.amend(order, Amendment(lines=more), by="sunil", why="by phone")
    amended = routed.newest_notice().data
    routed.orders.amend(order, Amendment(lines=(AskedLine("TEA", 2),)), by="sunil")
    less = routed.newest_notice().data

    assert offered.status == "confirmed_changed"
    assert [(one.line, one.text) for one in offered.reasons] == [
        (None, "meena offers this instead: for today"),
        (1, "10 instead of 30 of Rice"),
        (None, "payment: cash instead of credit"),
    ]
    assert offered.decision is not None
    assert offered.decision.payment == "cash"
    assert [(one.line, one.text) for one in amended.reasons][1:] == [(2, "2 of Tea added")]
    assert [(one.line, one.text) for one in less.reasons][1:] == [
        (1, "Rice taken off, 10 were ordered")
    ]
    assert routed.broken() == set()


@pytest.mark.parametrize(
    "change",
    [
        Amendment(lines=(AskedLine("RICE", 2),)),
        Amendment(lines=(AskedLine("RICE", 3),)),
        Amendment(payment="advance"),
    ],
    ids=["less", "the same", "paid ahead"],
)
def test_what_staff_held_stays_held_when_it_is_amended_until_somebody_releases_it(
    routed: Market, change: Amendment
) -> None:
    order = routed.place(("RICE", 3), terminal="shop-2").order
    routed.orders.hold(order, by="asha", why="the cheque bounced")

    routed.orders.amend(order, change, by="sunil")
    between = status(routed, order)
    told = [one.code for one in routed.newest_notice().data.reasons]
    own = routed.approvals.release(order, by=Approver("sunil", ("sales_desk",)))
    done = routed.approvals.release(order, by=OWNER)

    assert between == ("held", 3)
    assert "held_by_staff" in told
    assert code(own) == "role_not_asked"
    assert isinstance(done, Changed)
    assert status(routed, order) == ("allocated", 4)
    assert routed.broken() == set()


def test_a_shop_whose_order_is_refused_gets_the_reason_and_no_lines(routed: Market) -> None:
    order = above_limit(routed)
    routed.approvals.refuse(order, by=MEENA, why="pays late")

    told = routed.newest_notice().data

    assert (told.status, told.decision) == ("rejected", None)
    assert told.reasons[0].text == "refused by meena: pays late"


def test_who_is_not_asked_who_said_yes_and_who_comes_too_late_are_told_so(routed: Market) -> None:
    order = above_limit(routed)

    too_low = routed.approvals.release(order, by=OWNER)
    too_early = routed.approvals.release(order, by=ASHA)
    routed.approvals.release(order, by=MEENA)
    again = routed.approvals.release(order, by=MEENA)
    routed.approvals.release(order, by=ASHA)
    late = routed.approvals.release(order, by=ASHA)

    assert [code(one) for one in (too_low, too_early)] == ["role_not_asked", "role_not_asked"]
    assert code(again) in {"said_yes_already", "role_not_asked"}
    assert code(late) == "order_settled"
    assert status(routed, order) == ("allocated", 2)
    assert routed.broken() == set()


def test_one_no_rejects_an_order_for_its_reason(routed: Market) -> None:
    order = above_limit(routed)
    routed.approvals.release(order, by=MEENA)

    done = routed.approvals.refuse(order, by=ASHA, why="pays late")

    assert isinstance(done, Changed)
    assert done.status == "rejected"
    why = done.reasons[0]
    assert (why.code, why.params) == ("refused_by_approver", {"by": "asha", "why": "pays late"})
    assert routed.broken() == set()


def test_who_asked_for_an_order_does_not_release_it(routed: Market) -> None:
    asked = AskedOrder("k1", "staff", "C1", (AskedLine("RICE", 30),))
    placed = routed.orders.place(asked, by=Requester("user", "meena"), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)

    own = routed.approvals.release(placed.uuid, by=MEENA)
    other = routed.approvals.release(placed.uuid, by=Approver("ravi", ("sales_desk",)))

    assert code(own) == "self_approval"
    assert isinstance(other, KeptYes)
    assert routed.broken() == set()


def test_a_word_for_other_content_than_there_is_now_changes_nothing(routed: Market) -> None:
    order = above_limit(routed)
    ((seen,),) = routed.rows("SELECT content_hash FROM order_revision")
    routed.orders.amend(order, Amendment(lines=(AskedLine("RICE", 40),)), by="sunil")

    words = (
        routed.approvals.release(order, by=MEENA, content=seen),
        routed.approvals.refuse(order, by=MEENA, content=seen, why="too much"),
        routed.approvals.offer(order, Amendment(payment="cash"), by=MEENA, content=seen),
    )

    assert [code(one) for one in words] == ["order_changed"] * 3
    assert status(routed, order) == ("held", 2)
    assert routed.rows("SELECT count(*) FROM approval_decision") == [(0,)]


def test_a_yes_does_not_count_for_an_order_that_was_amended_since(routed: Market) -> None:
    order = above_limit(routed)
    routed.approvals.release(order, by=MEENA)
    routed.orders.amend(order, Amendment(lines=(AskedLine("RICE", 40),)), by="sunil")

    early = routed.approvals.release(order, by=ASHA)

    assert code(early) == "role_not_asked"
    assert status(routed, order) == ("held", 2)
    assert routed.broken() == set()


def test_a_yes_to_a_hold_of_before_does_not_count_for_the_hold_that_staff_set_since(
    routed: Market,
) -> None:
    order = routed.place(("RICE", 3), terminal="shop-2").order
    for why in ("the cheque bounced", "the second one too"):
        routed.orders.hold(order, by="sunil", why=why)
        between = status(routed, order)[0]

        done = routed.approvals.release(order, by=OWNER)

        assert between == "held"
        assert isinstance(done, Changed), done
        assert done.status == "allocated"
    assert routed.broken() == set()


def test_what_was_approved_before_staff_held_it_is_asked_for_anew(routed: Market) -> None:
    order = above_limit(routed)
    for one in (MEENA, ASHA):
        routed.approvals.release(order, by=one)
    routed.orders.hold(order, by="sunil", why="the cheque bounced")

    seen = routed.approvals.release(order, by=OWNER)
    again = [routed.approvals.release(order, by=one) for one in (MEENA, ASHA)]

    assert isinstance(seen, Changed)
    assert (seen.status, seen.reasons[0].code) == ("held", "release_not_enough")
    assert [type(one) for one in again] == [KeptYes, Changed]
    assert status(routed, order)[0] == "allocated"
    assert routed.broken() == set()


def test_a_page_shows_no_yes_of_a_hold_of_before(routed: Market) -> None:
    order = routed.place(("RICE", 3), terminal="shop-2").order
    routed.orders.hold(order, by="sunil", why="the cheque bounced")
    routed.approvals.release(order, by=OWNER)
    routed.orders.hold(order, by="sunil", why="the second one too")

    with routed.database.read() as connection:
        waiting = read_waiting(connection, order, OWNER, now_ms=routed.clock.ms, scope=EVERYTHING)

    assert waiting is not None
    assert [row.state.state for row in waiting.rows] == ["waiting"]
    assert waiting.may_decide
    assert [one.answer for one in waiting.words] == ["yes"]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (Amendment(lines=(AskedLine("RICE", 10),)), "allocated"),
        (Amendment(payment="cash"), "allocated"),
        (Amendment(lines=(AskedLine("RICE", 29),)), "held"),
    ],
    ids=["less", "cash", "not enough less"],
)
def test_an_offer_of_less_or_another_payment_is_decided_anew(
    routed: Market, change: Amendment, state: str
) -> None:
    order = above_limit(routed)

    done = routed.approvals.offer(order, change, by=MEENA, why="this I can do")

    assert isinstance(done, Changed)
    assert (done.status, done.revision) == (state, 2)
    assert done.reasons[0].code == "countered"
    assert routed.broken() == set()


@pytest.mark.parametrize(
    "change",
    [
        Amendment(lines=(AskedLine("RICE", 31),)),
        Amendment(lines=(AskedLine("TEA", 1),)),
        Amendment(lines=()),
        Amendment(),
    ],
    ids=["more", "other goods", "nothing", "the same"],
)
def test_an_offer_beyond_its_terms_changes_nothing(routed: Market, change: Amendment) -> None:
    order = above_limit(routed)

    done = routed.approvals.offer(order, change, by=MEENA)

    assert isinstance(done, Refused)
    assert status(routed, order) == ("held", 1)
    assert routed.rows("SELECT count(*) FROM approval_decision") == [(0,)]


def test_two_people_at_once_release_an_order_once(market: Market, tmp_path: Path) -> None:
    order = above_limit(market)

    outcomes = at_once(
        market,
        tmp_path,
        *(
            lambda acts, name=name: acts.release(order, by=Approver(name, ("manager",)))
            for name in ("meena", "ravi", "asha")
        ),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Changed", "Refused", "Refused"]
    assert status(market, order) == ("allocated", 2)
    assert market.rows("SELECT reserved FROM batch WHERE code = 'R1'") == [(30,)]
    assert market.broken() == set()


def test_a_yes_and_a_no_at_once_are_one_of_both(market: Market, tmp_path: Path) -> None:
    order = above_limit(market)

    outcomes = at_once(
        market,
        tmp_path,
        lambda acts: acts.release(order, by=Approver("meena", ("manager",))),
        lambda acts: acts.refuse(order, by=Approver("ravi", ("manager",)), why="no"),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Changed", "Refused"]
    assert status(market, order)[0] in {"allocated", "rejected"}
    assert market.broken() == set()


def at_once(
    market: Market, folder: Path, *acts: Callable[[ApprovalActs], Outcome]
) -> list[Outcome]:
    """Do each with a hub of its own, all starting at once."""
    start = threading.Barrier(len(acts))
    outcomes: list[Outcome] = []
    hubs = [
        build_hub(Settings(folder=folder, database=market.url), clock=FakeClock()) for _ in acts
    ]

    def work(one: Callable[[ApprovalActs], Outcome], approvals: ApprovalActs) -> None:
        start.wait(DEADLINE_S)
        outcomes.append(one(approvals))

    threads = [
        threading.Thread(target=work, args=(one, hub.ground.part(ApprovalActs)))
        for one, hub in zip(acts, hubs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for hub in hubs:
        hub.close()
    return outcomes


@pytest.fixture
def hasty(market: Market) -> Market:
    """Give a market where an approval ends after two hours in which nobody decides."""
    market.publish(packed(version=2, more=HASTY))
    return market


def looked_at(market: Market) -> int:
    """Do what is due; gives how many waits for an approval have been looked at so far."""
    market.hub.jobs.run_due("worker")
    looked = "SELECT count(*) FROM job WHERE kind = 'approvals.expire' AND done_at IS NOT NULL"
    return int(market.rows(looked)[0][0])


def test_an_order_that_nobody_decides_on_in_time_is_rejected_once_and_its_shop_is_told(
    hasty: Market,
) -> None:
    order = above_limit(hasty)

    hasty.clock.ms += 2 * HOUR_MS
    early = looked_at(hasty), status(hasty, order)
    hasty.clock.ms += HOUR_MS
    late = looked_at(hasty), status(hasty, order)

    assert early == (0, ("held", 1))
    assert late == (1, ("rejected", 2))
    assert looked_at(hasty) == 1
    assert code(hasty.approvals.release(order, by=MEENA)) == "order_settled"
    told = hasty.rows("SELECT payload FROM outbox ORDER BY id DESC LIMIT 1")[0][0]
    assert b"approval_expired" in bytes(told)
    assert hasty.broken() == set()


def test_a_yes_in_time_ends_the_wait_for_good(hasty: Market) -> None:
    order = above_limit(hasty)
    hasty.approvals.release(order, by=MEENA)

    hasty.clock.ms += 3 * HOUR_MS
    tried = looked_at(hasty)

    assert tried == 1
    assert status(hasty, order) == ("allocated", 2)
    assert hasty.broken() == set()


def test_an_amended_order_is_waited_for_anew(hasty: Market) -> None:
    order = above_limit(hasty)
    hasty.clock.ms += HOUR_MS
    hasty.orders.amend(order, Amendment(lines=(AskedLine("RICE", 40),)), by="sunil")

    hasty.clock.ms += HOUR_MS + HOUR_MS // 2
    between = looked_at(hasty), status(hasty, order)
    hasty.clock.ms += HOUR_MS
    last = looked_at(hasty), status(hasty, order)

    assert between == (1, ("held", 2))
    assert last == (2, ("rejected", 3))
    assert hasty.broken() == set()
