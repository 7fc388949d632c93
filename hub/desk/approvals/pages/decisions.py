"""Release a held order, refuse it, or offer something else: from the order's own page."""

from typing import Annotated, Literal

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import offer_of, read_waiting
from hub.desk.orders.model.events import Refused
from hub.desk.orders.pages.orders import done_page, see_order
from hub.desk.orders.reads.order import read_order
from hub.web.noun import Router
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import Payment

router = Router()
Decider = Annotated[Session, Depends(signed_in_for("approvals.decide"))]
Acts = Annotated[ApprovalActs, Depends(acts_of(ApprovalActs))]
Content = Annotated[str, Form(pattern="^[0-9a-f]{64}$")]
"""The hash of what the person looked at: an approval is of that and of nothing else."""
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
Then = Annotated[Literal["", "inbox"], Form()]
"""Where the word was said, and where to go on: in the inbox, or at the order."""
Quantities = Annotated[list[int], Form(max_length=500)]


def approver_of(session: Session) -> Approver:
    """Give the person of a session as an approver: in every role that is that person's."""
    return Approver(session.user, session.roles)


def read_panel(connection: Connection, key: str, session: Session, *, now_ms: int) -> object:
    """Read what an order's page shows of its approvals."""
    if not session.may("approvals.read"):
        return None
    reader = approver_of(session)
    return read_waiting(connection, key, reader, now_ms=now_ms, scope=session.scope)


@router.post("/orders/{uuid}/release")
def release(
    request: Request,
    site: SiteOf,
    session: Decider,
    *,
    acts: Acts,
    uuid: str,
    content: Content,
    why: Why = "",
    then: Then = "",
) -> Response:
    """Say yes to a held order as it was shown."""
    see_order(site, session, uuid)
    done = acts.release(uuid, by=approver_of(session), content=content, why=why.strip())
    return _onward(request, site, session, uuid=uuid, done=done, then=then)


@router.post("/orders/{uuid}/refuse")
def refuse(
    request: Request,
    site: SiteOf,
    session: Decider,
    *,
    acts: Acts,
    uuid: str,
    content: Content,
    why: Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")],
    then: Then = "",
) -> Response:
    """Say no to a held order, for a reason that the shop will read."""
    see_order(site, session, uuid)
    done = acts.refuse(uuid, by=approver_of(session), content=content, why=why)
    return _onward(request, site, session, uuid=uuid, done=done, then=then)


def _onward(
    request: Request, site: Site, session: Session, *, uuid: str, done: object, then: str
) -> Response:
    """Go back to where the word was said: the inbox, or the order."""
    if then == "inbox" and not isinstance(done, Refused):
        return RedirectResponse("/approvals", 303)
    return done_page(request, site, session, uuid=uuid, done=done)


@router.post("/orders/{uuid}/offer")
def offer(
    request: Request,
    site: SiteOf,
    session: Decider,
    *,
    acts: Acts,
    uuid: str,
    content: Content,
    line: Quantities,
    quantity: Quantities,
    payment: Annotated[Payment, Form()],
    why: Why = "",
) -> Response:
    """Offer less, or another payment, instead of a yes; `quantity` is of each `line`, in turn."""
    with site.ground.database.read() as connection:
        found = read_order(connection, uuid, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    change = offer_of(found, dict(zip(line, quantity, strict=False)), payment)
    done = acts.offer(uuid, change, by=approver_of(session), content=content, why=why.strip())
    return done_page(request, site, session, uuid=uuid, done=done)
