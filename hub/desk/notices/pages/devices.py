"""The addresses by which a phone or browser has a person's notices shown by itself."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Response
from fastapi.responses import FileResponse

from hub.base.access import Session
from hub.base.jobs.pushing import read_browser
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.model import Device
from hub.web.noun import Router
from hub.web.pages import STATIC
from hub.web.sessions import signed_in
from hub.web.site import acts_of

router = Router()
Anybody = Annotated[Session, Depends(signed_in)]
Acts = Annotated[NoticeActs, Depends(acts_of(NoticeActs))]
Endpoint = Annotated[str, Form(max_length=1_000)]
Key = Annotated[str, Form(max_length=200)]
_HEADERS: Final = {"Service-Worker-Allowed": "/notices", "Cache-Control": "no-cache"}


@router.get("/notices/worker.js")
def worker() -> Response:
    """Give the script that shows a notice when the browser is told of one."""
    return FileResponse(STATIC / "push-worker.js", media_type="text/javascript", headers=_HEADERS)


@router.post("/notices/devices")
def add(session: Anybody, *, acts: Acts, endpoint: Endpoint, point: Key, secret: Key) -> Response:
    """Have this device show the reader's notices from now on; said again, it stays so."""
    device = Device(endpoint, point, secret)
    if not device.is_address or read_browser(point, secret) is None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    acts.devices.add(device, by=session)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/notices/devices/drop")
def drop(session: Anybody, *, acts: Acts, endpoint: Endpoint) -> Response:
    """Have this device show the reader's notices no more."""
    if not acts.devices.drop(endpoint, by=session):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(status_code=HTTPStatus.NO_CONTENT)
