"""What was said of held orders: read, and written, inside a given transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

import msgspec

from hub.base.transaction import Transaction
from hub.desk.approvals import tables
from hub.desk.approvals.model import (
    MANAGER,
    NOBODY_ABOVE,
    Approver,
    AskedFor,
    Said,
    Turn,
    Word,
    granted,
    measure_of,
    needs_of,
    standing_of,
    turn_of,
    who_decides,
)
from hub.desk.orders.deciding import LockedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.model.verdict import STAFF_HOLD, Need
from hub.desk.parties.store import business_day
from hub.desk.people.model.reporting import Above
from hub.desk.people.store.hands import read_hands
from hub.desk.people.store.standing import decider_above, stand_ins_on
from rules import ApprovalNeed, ApprovalState
from rules.stages.credit.approval_state import FINAL

_HELD: Final = """
SELECT r.made_at, r.reasons, d.needs FROM order_revision r
LEFT JOIN decision d ON d.order_id = r.order_id AND d.revision = r.revision
WHERE r.order_id = ? AND r.revision = ?
"""
_SAID: Final = """
SELECT code, rule, decided_by, role, answer, content_hash, at, offer_hash, instead_of
FROM approval_decision WHERE order_id = ? AND revision = ? AND content_hash = ? ORDER BY id
"""
_COLUMNS: Final = (
    "order_id",
    "revision",
    "content_hash",
    "code",
    "rule",
    "decided_by",
    "role",
    "answer",
    "offer_hash",
    "why",
    "at",
    "instead_of",
)
_ASK_WHO: Final = frozenset({"decided_already", "no_stand_in", "role_not_asked", "self_approval"})
"""Objections of which a person wants to know who decides instead."""
_needs: Final = msgspec.json.Decoder(tuple[ApprovalNeed, ...])


def asked_for(t: Transaction, order: LockedOrder) -> AskedFor:
    """Give what a held order asks its approvers for."""
    asked_at, reasons, written = t.rows(_HELD, (order.id, order.revision))[0]
    kept = _needs.decode(written) if written else ()
    told = read_reasons(bytes(reasons))
    code = told[0].code if told else STAFF_HOLD
    needs = needs_of(kept, code=code, payable=order.payable)
    requester = order.request.requester
    hands = read_hands(t.connection)
    return AskedFor(order.content_hash, needs, requester.id, asked_at, hands)


def said_of(t: Transaction, order: LockedOrder) -> Sequence[Said]:
    """Give what was said of an order's newest revision, oldest first.

    A yes to an earlier one was to another hold, even where the content is the same: an order that
    was released, and that staff held again, waits for a yes of its own.
    """
    return [
        Said(code, rule, by, role, answer, content, at, offer or "", instead or "")
        for code, rule, by, role, answer, content, at, offer, instead in t.rows(
            _SAID, (order.id, order.revision, order.content_hash)
        )
    ]


def keep_said(t: Transaction, order: LockedOrder, said: Sequence[Said], *, why: str) -> None:
    """Keep what somebody said of an order."""
    t.insert(
        tables.approval_decision,
        _COLUMNS,
        [
            (
                order.id,
                order.revision,
                one.content,
                one.code,
                one.rule,
                one.by,
                one.role,
                one.answer,
                one.offer or None,
                why,
                one.at,
                one.instead_of or None,
            )
            for one in said
        ],
    )


class Outcome(NamedTuple):
    """What a word came to: the needs that are granted by now, and the roles that decide next."""

    granted: frozenset[Need]
    roles: str


def say(
    t: Transaction, order: LockedOrder, asked: AskedFor, *, by: Approver, answer: Word, why: str
) -> Outcome | Refused:
    """Let a person's word count for each need that is that person's to decide, and keep it.

    A stand-in's word is that of whoever is stood in for, on the days of it. Refused is a word of
    whoever asked for the order, of a role that is not asked now, or of somebody who has said yes
    already; and any where the manager of who asked decides, and there is none who may.
    """
    day = business_day(t)
    by = replace(by, instead=stand_ins_on(t.connection, day).stood_in_by(by.name))
    before = list(said_of(t, order))
    spoken: list[Said] = []
    objections: list[str] = []
    unable: list[Reason] = []
    for need in asked.needs:
        state = standing_of(asked, need, before, now_ms=t.at_ms)
        if state.state in FINAL:
            continue
        above = _above(t, asked, need, state=state, day=day)
        if above.why:
            unable.append(Reason(above.why, {"who": asked.requester, "amount": need.amount}))
            continue
        turn = turn_of(state, by, asked=asked, need=need, above=above)
        word = _word_of(by, need, turn, answer=answer, content=order.content_hash, at_ms=t.at_ms)
        after = standing_of(asked, need, [*before, word], now_ms=t.at_ms)
        if len(after.void) > len(state.void):
            objections.append(after.void[-1][1])
        else:
            spoken.append(word)
    if not spoken and unable:
        return Refused(unable[0])
    if not spoken:
        code = objections[0] if objections else "decided_already"
        who = {"who": who_decides(asked.needs)} if code in _ASK_WHO else {}
        return Refused(Reason(code, who))
    keep_said(t, order, spoken, why=why)
    # An offer is a yes to what it makes of the order.
    said = [*before, *(one._replace(answer="no" if answer == "no" else "yes") for one in spoken)]
    states = {
        (need.code, need.rule): standing_of(asked, need, said, now_ms=t.at_ms)
        for need in asked.needs
    }
    waiting = [state.roles for state in states.values() if state.state not in FINAL]
    return Outcome(
        granted(states),
        "; ".join(" or ".join(roles) for roles in waiting),
    )


def _above(
    t: Transaction, asked: AskedFor, need: ApprovalNeed, *, state: ApprovalState, day: date
) -> Above:
    """Find who above the person that asked decides, where the need is for that one."""
    if MANAGER not in state.roles:
        return NOBODY_ABOVE
    measure = measure_of(need)
    return decider_above(t.connection, asked.requester, measure, amount=need.amount, day=day)


def _word_of(
    by: Approver,
    need: ApprovalNeed,
    turn: Turn | None,
    *,
    answer: Word,
    content: str,
    at_ms: int,
) -> Said:
    """Write what a person says of a need, as that person decides next."""
    role, instead_of = turn or Turn(next(iter(by.roles), "none"))
    # What an offer will make of the order is not known yet: any other hash than its own.
    offer = "offered" if answer == "counter" else ""
    return Said(need.code, need.rule, by.name, role, answer, content, at_ms, offer, instead_of)
