"""Webhooks for programs: read, tested, turned on and off, a new secret, messages sent again.

An endpoint is told what its owner may see, so that a person makes it, at a page or by a command.
"""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.webhooks.acts.keep_webhook import KeptWebhook
from hub.desk.webhooks.reads import list_webhooks, read_webhook
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/webhooks")
Changer = Annotated[Session, Depends(token_for("webhooks.change"))]
Acts = Annotated[WebhookActs, Depends(acts_of(WebhookActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 500


class ToChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of an endpoint is to be another."""

    name: str | None = None
    url: str | None = None
    kinds: tuple[str, ...] | None = None


@router.get("")
def webhooks(site: SiteOf, session: Changer) -> JSONResponse:
    """Give the endpoints; a secret is told once, when it is made."""
    with site.ground.database.read() as connection:
        rows = list_webhooks(connection, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/{number}")
def webhook(site: SiteOf, session: Changer, *, number: int) -> JSONResponse:
    """Give one endpoint with its newest messages, 500 at most."""
    return JSONResponse(_document(site, session, number))


@router.post("/{number}")
def change(site: SiteOf, session: Changer, *, acts: Acts, number: int, body: Body) -> JSONResponse:
    """Give an endpoint another name, address or other kinds; what is left out stays."""
    said = read_said(body, ToChange)
    done = acts.keep.change(
        number, said.name, url=said.url, kinds=said.kinds, by=session.user, scope=session.scope
    )
    return _document_of(site, session, done)


@router.post("/{number}/test")
def test(site: SiteOf, session: Changer, *, acts: Acts, number: int) -> JSONResponse:
    """Have an endpoint told of a test."""
    return _document_of(site, session, acts.keep.test(number, by=session.user, scope=session.scope))


@router.post("/{number}/rotate")
def rotate(session: Changer, *, acts: Acts, number: int) -> JSONResponse:
    """Give an endpoint a new secret, which is told here and nowhere again."""
    done = acts.keep.rotate(number, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse({"id": number, "secret": done.secret})


@router.post("/{number}/on")
def turn_on(site: SiteOf, session: Changer, *, acts: Acts, number: int) -> JSONResponse:
    """Have an endpoint told of what happens from now on."""
    done = acts.keep.turn(number, on=True, by=session.user, scope=session.scope)
    return _document_of(site, session, done)


@router.post("/{number}/off")
def turn_off(site: SiteOf, session: Changer, *, acts: Acts, number: int) -> JSONResponse:
    """Have an endpoint told of nothing any more."""
    done = acts.keep.turn(number, on=False, by=session.user, scope=session.scope)
    return _document_of(site, session, done)


@router.post("/{number}/deliveries/{delivery}/again")
def again(
    site: SiteOf, session: Changer, *, acts: Acts, number: int, delivery: int
) -> JSONResponse:
    """Have a message sent once more, under its own id."""
    done = acts.keep.again(number, delivery, by=session.user, scope=session.scope)
    return _document_of(site, session, done)


def _document_of(site: Site, session: Session, done: KeptWebhook | Refused) -> JSONResponse:
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse(_document(site, session, done.id))


def _refusal(done: Refused) -> ApiError:
    first = done.reasons[0]
    unknown = first.code == "webhook_unknown"
    status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.CONFLICT
    return ApiError(status, first.code, sentence(first))


def _document(site: Site, session: Session, number: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_webhook(connection, number, most=_MOST, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "webhook_unknown", "there is no such webhook")
    told = asdict(found)
    told["deliveries"] = [{**asdict(one), "message": one.message} for one in found.deliveries]
    return msgspec.to_builtins(told)
