"""Notices that a fast clock planned for days to come, planned anew once it is right again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from hub.base.jobs import PlannedJob, plan_anew, planned_ahead, withdraw
from hub.base.transaction import Transaction
from hub.desk.notices.model import due_of, slot_of
from hub.desk.notices.store.notices import (
    GATHER,
    TELL,
    DaysOf,
    To,
    gather,
    read_days,
    read_rule,
)
from hub.desk.parties.store.tree import business_zone

_GATHERS: Final = """
SELECT n.id, n.order_uuid, r.id FROM notice n
JOIN notice_rule r ON r.event = n.event AND r.channel = n.channel AND r.gather <> 'at_once'
WHERE n.gather_at = ? AND {receiver} = ? AND n.sent_at IS NULL AND n.failed IS NULL AND r.active
ORDER BY n.id, r.id
"""
_MOVE: Final = """
UPDATE notice SET gather_at = ?
WHERE gather_at = ? AND {receiver} = ? AND sent_at IS NULL AND failed IS NULL
"""


def find_ahead(t: Transaction) -> tuple[Sequence[PlannedJob], Sequence[PlannedJob]]:
    """Read what a fast clock planned: what is to be told, and the mails in which notices gather."""
    return planned_ahead(t, TELL), planned_ahead(t, GATHER)


def replan(t: Transaction, *, days_of: DaysOf) -> None:
    """Plan it anew, as if it had happened now: quiet hours and days are kept."""
    now = datetime.fromtimestamp(t.at_ms / 1_000, business_zone(t))
    tells, gathers = find_ahead(t)
    for job in tells:
        rule = read_rule(t, job.payload["rule"])
        due_ms = t.at_ms
        if rule is not None:
            days = read_days(t, [rule], job.payload["order"], days_of=days_of)
            due_ms = max(due_ms, _ms(due_of(rule, now, days)))
        plan_anew(t, job.id, due_at_ms=due_ms)
    for job in gathers:
        _regather(t, job, now, days_of=days_of)


def _regather(t: Transaction, job: PlannedJob, now: datetime, *, days_of: DaysOf) -> None:
    """Have a mail go at the first moment at which one of its notices would go now."""
    to, was_ms = To(job.payload["user"], job.payload["customer"]), int(job.payload["at"])
    if not withdraw(t, job.id):
        return
    receiver = "n.user_id" if to.user is not None else "n.customer_id"
    at = (was_ms, to.user if to.user is not None else to.customer)
    slots = [
        slot
        for _, order, rule_id in t.rows(_GATHERS.format(receiver=receiver), at)
        if (rule := read_rule(t, rule_id)) is not None
        and (slot := slot_of(rule, now, read_days(t, [rule], order, days_of=days_of))) is not None
    ]
    slot_ms = min(map(_ms, slots), default=t.at_ms)
    t.many(_MOVE.format(receiver=receiver.removeprefix("n.")), [(slot_ms, *at)])
    gather(t, to, slot_ms=slot_ms, key=f"{to}:{slot_ms}")


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000)
