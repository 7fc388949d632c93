"""What programs ask for under `/api/`: who they are, and how they are told what was wrong."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from hub.base.access import Permission, Session
from hub.web.site import SiteOf

ADDRESS: Final = "/api/"
_SCHEME: Final = "bearer"


class ApiError(Exception):
    """A program asked for something that was not done; it is told a code and a sentence."""

    def __init__(self, status: HTTPStatus, code: str, text: str, **params: Any) -> None:  # noqa: ANN401
        super().__init__(text)
        self.status: Final = status
        self.code: Final = code
        self.text: Final = text
        self.params: Final = params


def token_for(permission: Permission) -> Callable[..., Session]:
    """Make the dependency that lets in programs whose token grants a permission."""

    def check(request: Request, site: SiteOf) -> Session:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = site.find_token(token.strip()) if scheme.lower() == _SCHEME else None
        if session is None:
            raise ApiError(
                HTTPStatus.UNAUTHORIZED,
                "token_unknown",
                "send the header Authorization: Bearer TOKEN with a token of `hub token add`",
            )
        if not session.may(permission):
            raise ApiError(
                HTTPStatus.FORBIDDEN,
                "not_permitted",
                f"the token of {session.user} does not grant {permission}",
                permission=permission,
            )
        return session

    return check


async def body_of(request: Request) -> bytes:
    """Read what a program sent; one that left in the middle hears nothing, and is no fault."""
    try:
        return await request.body()
    except ClientDisconnect as error:
        text = "the request ended before its body did"
        raise ApiError(HTTPStatus.BAD_REQUEST, "body_cut", text) from error


def tell_error(_request: Request, error: Exception) -> Response:
    """Answer a program that something was not done."""
    assert isinstance(error, ApiError)  # noqa: S101  # registered for no other
    answer = {"code": error.code, "text": error.text, "params": error.params}
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(answer, error.status, headers)


def tell_fault(status: HTTPStatus) -> Response:
    """Answer a program that asked for what is not there."""
    code = status.phrase.lower().replace(" ", "_").replace("-", "_")
    return JSONResponse({"code": code, "text": status.description or status.phrase}, status)
