"""The orders that wait for a person, by who decides; what a decision is; and the next one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final, cast

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import ROLES, Session
from hub.base.engine import Connection
from hub.base.ground import Ground
from hub.base.listing import Sorting, Wanted
from hub.base.money import money
from hub.base.words import PageWords
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.pages.decisions import approver_of
from hub.desk.approvals.reads import (
    MINE,
    HeldRow,
    Waiting,
    among_keys,
    list_decided,
    open_inbox,
    read_held,
)
from hub.desk.orders.model.events import Refused
from hub.desk.orders.reads.entry import past_of
from hub.desk.orders.reads.listing import OrderRow, read_rows
from hub.desk.orders.words import sentence
from hub.web.frames.cells import Amount, Moment, Text
from hub.web.frames.filters import Asking, Choice, Option
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.frames.records import Action, Actions
from hub.web.noun import Foreseen, Router, WorkItem
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf
from rules import REGISTRY

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("approvals.read"))]
_DECIDED: Final = 8
PAST_MS: Final = 90 * 86_400_000
"""For how long back the shop's orders are counted."""


def _who(asking: Asking) -> Sequence[Option]:
    mine = Option(MINE, asking.words.text("approvals.mine"))
    return [mine, *(Option(role, asking.words.named("role", role)) for role in ROLES)]


def _reasons(asking: Asking) -> Sequence[Option]:
    codes = sorted(code for code, one in REGISTRY.items() if one.severity == "holds")
    return [Option(code, asking.words.named("label", code)) for code in codes]


def name_roles(roles: Sequence[str], words: PageWords) -> str:
    """Name the roles of which any may decide: `manager or owner`."""
    return words.named("list", "or").join(words.named("role", role) for role in roles)


HELD: Final[ListFrame[HeldRow]] = ListFrame(
    name="approvals",
    address="/approvals",
    title="approvals.title",
    icon="hand-stop",
    columns=(
        Column(
            "number",
            "word.order",
            lambda row, _: Text(row.number, href=f"/orders/{row.uuid}"),
            phone="bare",
        ),
        Column(
            "customer",
            "word.customer",
            lambda row, _: Text(row.customer),
            sort="customer",
            phone="lead",
        ),
        Column(
            "reason",
            "approvals.reason",
            lambda row, words: Text(words.named("label", row.code)),
            phone="lead",
        ),
        Column(
            "who",
            "approvals.who",
            lambda row, words: Text(
                words.text("approval.you_decide") if row.mine else name_roles(row.deciders, words)
            ),
            phone="lead",
        ),
        Column(
            "by", "word.placed_by", lambda row, _: Text(row.requester), phone="desk", usual=False
        ),
        Column(
            "amount",
            "approvals.amount",
            lambda row, _: Amount(row.amount, row.currency, row.scale),
            sort="amount",
            phone="end",
            figures=True,
        ),
        Column(
            "limit",
            "approvals.limit",
            lambda row, _: Amount(row.limit, row.currency, row.scale),
            phone="desk",
            figures=True,
        ),
        Column(
            "exposure",
            "approvals.exposure",
            lambda row, _: Amount(row.exposure, row.currency, row.scale),
            phone="end",
            figures=True,
            usual=False,
        ),
        Column(
            "due",
            "approvals.due",
            lambda row, _: Moment(row.due_at),
            sort="urgency",
            phone="desk",
            figures=True,
            usual=False,
        ),
        Column(
            "waiting",
            "approvals.waiting",
            lambda row, _: Moment(row.held_at, ago=True),
            sort="waiting",
            phone="corner",
            figures=True,
        ),
    ),
    key=lambda row: row.uuid,
    sort=Sorting("urgency"),
    topics=("orders",),
    empty="approvals.none",
    search="approvals.search",
    tabs="who",
    filters=(
        Choice("who", "approvals.who", _who),
        Choice("reason", "approvals.reason", _reasons),
    ),
    above="approvals_first.html",
    below="approvals_decided.html",
)


@router.get("/approvals")
def held(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the orders that wait for a person: the reader's most urgent one as a whole."""
    shown: dict[str, object] = {}

    def read(connection: Connection, wanted: Wanted) -> Listed[HeldRow]:
        reader, now_ms = approver_of(session), site.now_ms()
        inbox = open_inbox(connection, reader, now_ms=now_ms, scope=session.scope)
        page, counts = inbox.page(connection, wanted, scope=session.scope), inbox.counts()
        first = next(iter(inbox.most_urgent(connection, 1, scope=session.scope)), None)
        past = None
        if first is not None:
            past = past_of(
                connection,
                first.customer_code,
                since=now_ms - PAST_MS,
                without=first.uuid,
                scope=session.scope,
            )
        decided = list_decided(connection, most=_DECIDED, scope=session.scope)
        shown.update(first=first, past=past, decided=decided)
        return Listed(page, counts=counts, tabs=frozenset({MINE}))

    return show_list(request, site, session, frame=HELD, read=read, shown=shown)


@router.get("/approvals/next")
def next_held(
    site: SiteOf, session: Reader, *, after: Annotated[str, Query(max_length=36)] = ""
) -> Response:
    """Go to the order that is the most urgent for the reader's word, or to the list."""
    reader = approver_of(session)
    with site.ground.database.read() as connection:
        inbox = open_inbox(connection, reader, now_ms=site.now_ms(), scope=session.scope)
        urgent = inbox.most_urgent(connection, 2, scope=session.scope)
        mine = [row for row in urgent if row.uuid != after]
    return RedirectResponse(f"/orders/{mine[0].uuid}" if mine else "/approvals", 303)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page what waits for the reader's own word."""
    reader = approver_of(session)
    inbox = open_inbox(connection, reader, now_ms=now_ms, scope=session.scope)
    mine = inbox.counts()[MINE]
    if not mine:
        return None
    return WorkItem(mine, words.counted("approvals.work", mine), f"/approvals?who={MINE}")


def offer_actions(it: object, session: Session, words: PageWords) -> Actions:
    """Offer an order's page what can be decided: the yes, what may be said instead, or by whom."""
    waiting = cast("Waiting", it)
    if not waiting.is_held:
        onward = words.text("approvals.next")
        address = f"/approvals/next?after={waiting.uuid}"
        return Actions(beside=(Action(onward, "chevron-right", address=address, key="n"),))
    roles = dict.fromkeys(role for row in waiting.rows for role in row.state.roles)
    who = name_roles(tuple(roles), words)
    if waiting.may_decide and session.may("approvals.decide"):
        return _decisions(waiting, words)
    if not waiting.has_price and session.may("approvals.decide"):
        again = words.text("approval.decide_again")
        return Actions(_release(waiting, again, icon="refresh"))
    why = "approval.own" if waiting.own else "approval.not_yours"
    return Actions(waits=words.text(why, who=who))


def _decisions(waiting: Waiting, words: PageWords) -> Actions:
    yes = words.text("approval.release" if waiting.has_price else "approval.decide_again")
    who = words.text("approval.you_decide")
    beside = [Action(words.text("approval.refuse"), "x", opens="refuse", danger=True, key="r")]
    if waiting.offer and waiting.has_price:
        beside.insert(0, Action(words.text("approval.offer"), "refresh", opens="offer", key="o"))
    release = replace(_release(waiting, yes, icon="check"), who=who, key="a")
    return Actions(release, beside=tuple(beside))


def _release(waiting: Waiting, words: str, *, icon: str) -> Action:
    address = f"/orders/{waiting.uuid}/release"
    return Action(words, icon, address=address, fields=(("content", waiting.content),))


def foresee(
    connection: Connection,
    keys: Sequence[str],
    session: Session,
    *,
    ground: Ground,
    words: PageWords,
    now_ms: int,
) -> Sequence[Foreseen]:
    """Tell which of the orders the reader may decide, and of the others why not."""
    del ground
    reader = approver_of(session)
    chosen = among_keys(keys)
    rows = read_held(connection, reader, now_ms=now_ms, scope=session.scope, among=chosen)
    held_ones = {row.uuid: row for row in rows}
    decided = read_rows(connection, keys, scope=session.scope)
    return [
        *(_foreseen(key, held_ones[key], words) for key in keys if key in held_ones),
        *(_decided(one, words) for one in decided if one.uuid not in held_ones),
    ]


def _decided(one: OrderRow, words: PageWords) -> Foreseen:
    """Name an order that somebody decided meanwhile."""
    address, why_not = f"/orders/{one.uuid}", words.text("approvals.not_held")
    return Foreseen(one.uuid, one.number, one.customer, "", address=address, why_not=why_not)


def _foreseen(key: str, row: HeldRow, words: PageWords) -> Foreseen:
    why_not = ""
    if not row.mine:
        why_not = words.text("approval.not_yours", who=name_roles(row.deciders, words))
    elif not row.has_price:
        why_not = words.text("approval.no_price")
    return Foreseen(
        key,
        row.number,
        row.customer,
        words.text(
            "approvals.effect",
            reason=words.named("label", row.code),
            amount=money(row.amount, row.currency, row.scale),
        ),
        address=f"/orders/{row.uuid}",
        token=row.content,
        why_not=why_not,
    )


def release_row(
    ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords
) -> str:
    """Say yes to one order of several."""
    by = approver_of(session)
    done = ground.part(ApprovalActs).release(row.key, by=by, content=row.token, why=why)
    return _why_not(done, words)


def refuse_row(
    ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords
) -> str:
    """Say no to one order of several."""
    by = approver_of(session)
    done = ground.part(ApprovalActs).refuse(row.key, by=by, content=row.token, why=why)
    return _why_not(done, words)


def _why_not(done: object, words: PageWords) -> str:
    return sentence(done.reason, language=words.language) if isinstance(done, Refused) else ""
