"""What programs ask for under `/api/`: who they are, and how they are told what was wrong."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Any, Final, NamedTuple, TypeVar

import msgspec
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.base.access import Permission, Session
from hub.base.fields import LONGEST_REASON
from hub.web.site import SiteOf

LARGEST_BODY: Final = 128 * 1024
"""Bytes of a request's body at most: a form, or an order of 500 lines."""
_ADDRESS: Final = "/api"
_SCHEME: Final = "bearer"
_DOCUMENT: Final = "application/json"
Said = TypeVar("Said")
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
"""The key under which a program sends something once: none, or a longer one, could not be kept."""
Why = Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)]
"""Why something is done, as long as histories keep it."""
RowId = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
"""The id of a row that a program names in a body."""


class _Fault(NamedTuple):
    """What programs are told by a status that no noun gave."""

    code: str
    text: str
    params: Mapping[str, Any] = MappingProxyType({})


_FAULTS: Final[Mapping[int, _Fault]] = MappingProxyType(
    {
        400: _Fault("request_invalid", "the request cannot be read"),
        404: _Fault("not_found", "there is no such address"),
        405: _Fault("method_not_allowed", "this address does not take this method"),
        413: _Fault(
            "body_too_large", f"a body has {LARGEST_BODY} bytes at most", {"most": LARGEST_BODY}
        ),
        421: _Fault(
            "host_unknown",
            "this hub is not known by that name; if it should be, set `hosts` in hub.toml",
        ),
        422: _Fault("parameters_invalid", "the address has parameters that make no sense here"),
        503: _Fault("database_away", "the database cannot be asked just now; ask again"),
        500: _Fault("failed", "something failed at the hub; nothing that was confirmed is lost"),
    }
)


class ApiError(Exception):
    """A program asked for something that was not done; it is told a code and a sentence."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        text: str,
        /,
        **params: Any,  # noqa: ANN401  # of any reason: one of them may be called `status`
    ) -> None:
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
    """Read what a program sent as JSON; raises ApiError.

    A body that says nothing of itself is taken for JSON. A program that left in the middle hears
    nothing of its error, and is no fault of the hub.
    """
    said = request.headers.get("content-type", _DOCUMENT).partition(";")[0].strip().lower()
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if not (said == _DOCUMENT or said.endswith("+json")) or coding != "identity":
        raise ApiError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "body_not_json",
            f"send JSON as it is, with Content-Type: {_DOCUMENT}",
            type=said,
            encoding=coding,
        )
    body = await bytes_of(request)
    if _NUL.search(body):
        text = "a text has the character \\u0000, which no text of the hub has"
        raise ApiError(HTTPStatus.BAD_REQUEST, "body_invalid", text)
    return body


async def bytes_of(request: Request) -> bytes:
    """Read a file that a program sent as it is, whatever it calls its type; raises ApiError."""
    try:
        return await request.body()
    except ClientDisconnect as error:
        text = "the request ended before its body did"
        raise ApiError(HTTPStatus.BAD_REQUEST, "body_cut", text) from error


def read_said(body: bytes, kind: type[Said], *, strict: bool = True) -> Said:
    """Read a body as what a program may say; raises ApiError that says where it is wrong.

    Without `strict`, `"12"` is read where a number is wanted.
    """
    try:
        return msgspec.json.decode(body, type=kind, strict=strict)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, "body_invalid", str(error)) from error


def is_for_programs(path: str) -> bool:
    """Say whether programs ask for what is at a path, so that they are told of errors as JSON."""
    return path == _ADDRESS or path.startswith(f"{_ADDRESS}/")


def tell_error(_request: Request, error: Exception) -> Response:
    """Answer a program that something was not done."""
    assert isinstance(error, ApiError)  # noqa: S101  # registered for no other
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    return _document(error, headers)


def tell_fault(
    status: int,
    *,
    headers: Mapping[str, str] | None = None,
    **params: Any,  # noqa: ANN401
) -> Response:
    """Answer a program with what a status says, and with the parameters that are known of it."""
    named = HTTPStatus(status)
    phrase = named.phrase.lower()
    fault = _FAULTS.get(status) or _Fault(re.sub(r"[^a-z]+", "_", phrase), phrase)
    told = {**fault.params, **params}
    return _document(ApiError(named, fault.code, fault.text, **told), headers)


def _document(error: ApiError, headers: Mapping[str, str] | None) -> Response:
    """Write the one form in which programs are told of errors."""
    written = {"code": error.code, "text": error.text, "params": error.params}
    return JSONResponse(written, error.status, headers)


class ErrorDocuments:
    """Has programs told every error as the one JSON document, also those of parts that know none.

    A body that is too large is refused, and so is a strange host, before any route is asked.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where the answer is an error without a document, write one."""
        if scope["type"] != "http" or not is_for_programs(scope["path"]):
            await self._app(scope, receive, send)
            return
        replaced = False

        async def send_document(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                replaced = message["status"] >= HTTPStatus.BAD_REQUEST and kind != _DOCUMENT
                if replaced:
                    await tell_fault(message["status"])(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_document)
