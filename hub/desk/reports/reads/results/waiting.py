"""Held orders as what reports are made from, with those that wait for the reader's own word."""

from dataclasses import replace

from sqlalchemy import Connection, false

from hub.base.access import Scope
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import MINE, open_inbox
from hub.desk.orders.tables import order_
from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.rows.orders import orders
from hub.desk.reports.reads.sources import AnswerAsked, Asked, Source


def find_waiting(
    connection: Connection, asked: Asked, *, answer: AnswerAsked, scope: Scope
) -> Asked:
    """Find the orders that wait for the reader's word, as the inbox has them, where asked about."""
    del answer
    if asked.request.find("mine") is None or is_decided(asked.request):
        return asked
    reader = Approver(asked.reader, asked.roles)
    inbox = open_inbox(connection, reader, now_ms=asked.now_ms, scope=scope)
    return replace(asked, waiting=inbox.keys(MINE, scope=scope))


def is_decided(request: ReportRequest) -> bool:
    """Say whether a report on approvals is of what was decided: so where days are asked about."""
    return request.find("status") in {"approved", "rejected"} or request.period is not None


def waiting(asked: Asked) -> Source:
    """Give the orders that wait for a person; the reader's are those for the reader's own word."""
    source, keys = orders(asked, kept="held"), asked.waiting
    is_mine = false() if keys is None else order_.c.id.in_(keys.correlate(None))
    return replace(source, filters={**source.filters, "mine": lambda _: is_mine})
