"""What every answer carries and every request must show."""

import ipaddress
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from typing import Any, Final, get_type_hints
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.programs import is_for_programs

_CHARSET: Final = b"utf-8"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Tabler draws its ticks and arrows as data: images.
_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # `no-referrer` would also blank the Origin of our own forms.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cache-Control", "no-store"),
)
_LONGEST_NUMBER: Final = 18
"""Digits of a number in an address: any number of so many fits into a column."""


async def check_address(request: Request) -> None:
    """See that numbers of an address can be looked for, and that no text in it has a NUL.

    No row has such a number or such a name, so there is nothing there: raises HTTPException 404.
    Of a name with a NUL, programs are told by the noun what it is that is not there; one that they
    look for makes no sense: raises HTTPException 422.
    """
    asked = request.query_params.multi_items()
    given = (*request.path_params.items(), *asked)
    numbers = _numbers_of(request.scope["endpoint"])
    is_too_long = any(name in numbers and len(value) > _LONGEST_NUMBER for name, value in given)
    has_nul = any("\0" in value for _, value in given)
    if is_too_long or (has_nul and not is_for_programs(request.url.path)):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if any("\0" in value for _, value in asked):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)


@cache
def _numbers_of(endpoint: Callable[..., Any]) -> frozenset[str]:
    """Name the parameters of an endpoint that are whole numbers, as they stand in addresses."""
    told = get_type_hints(endpoint, include_extras=True)
    return frozenset(
        next((one.alias for one in getattr(told[name], "__metadata__", ()) if _alias(one)), name)
        for name, kind in get_type_hints(endpoint).items()
        if kind is int
    )


def _alias(said: object) -> bool:
    return bool(getattr(said, "alias", None))


class SecurityHeaders:
    """Adds the security headers, and forbids keeping what does not say that it may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_dressed if scope["type"] == "http" else send)


class KnownHost:
    """Refuses requests to a host by a name that is not the hub's.

    A page of another site can have its own name lead to our address, and would then count as ours.
    An address in figures leads nowhere else, so it is always good; names are good that are `hosts`.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.casefold() for host in hosts) | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked of us; refuse the rest with 421."""
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope).getlist("host")):
            text = "This hub is not known by that name. If it should be: set `hosts` in hub.toml.\n"
            refusal = PlainTextResponse(text, HTTPStatus.MISDIRECTED_REQUEST)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, named: Collection[str]) -> bool:
        if len(named) != 1:
            return False
        try:
            host = urlsplit(f"//{next(iter(named))}").hostname or ""
        except ValueError:
            return False
        if host in self._hosts:
            return True
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True


class SameOrigin:
    """Refuses unsafe requests that another site's page may have made with our user's cookie.

    Under `/api/` no cookie counts, and the token that does is none that a browser sends by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is safe or comes from our own pages; refuse the rest with 403."""
        of_pages = scope["type"] == "http" and not is_for_programs(scope["path"])
        if of_pages and scope["method"] not in _SAFE:
            headers = Headers(scope=scope)
            if not comes_from_us(headers, scheme=scope["scheme"]):
                refusal = PlainTextResponse("This request came from another site.", 403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


class WholeTexts:
    """Refuses a form in which a text has a NUL, which nobody types and no database keeps."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked; while a form is read, see that its texts are whole."""
        looks = _looks_for_nul(Headers(scope=scope)) if scope["type"] == "http" else None
        if looks is None:
            await self._app(scope, receive, send)
            return

        async def read() -> Message:
            """Read on; raises HTTPException 422 where a NUL comes."""
            message = await receive()
            if looks(message.get("body", b"")):
                raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
            return message

        await self._app(scope, read, send)


def _looks_for_nul(headers: Headers) -> Callable[[bytes], bool] | None:
    """Give what finds a NUL in the texts of a form, as its bytes come; None for what is no form."""
    kind, options = parse_options_header(headers.get("content-type", ""))
    if kind == b"application/x-www-form-urlencoded":
        return _TypedTexts()
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        return None
    # Browsers send UTF-8; in another set of characters a NUL may be letters: `+AAA-` in UTF-7.
    if options.get(b"charset", _CHARSET).lower() != _CHARSET:
        return lambda _: True
    try:
        return _TextParts(options[b"boundary"])
    except FormParserError:
        return None  # the line between its parts is none: whoever reads the form refuses it


class _TypedTexts:
    """Finds a NUL in a form of texts alone, where it may be written as `%00`."""

    def __init__(self) -> None:
        self._end = b""

    def __call__(self, content: bytes) -> bool:
        """Say whether one came with these bytes."""
        seen = self._end + content
        self._end = seen[-2:]
        return b"%00" in seen or b"\0" in seen


class _TextParts:
    """Finds a NUL in the parts of a form that are no files; a file may well have some."""

    def __init__(self, boundary: bytes) -> None:
        self._found = self._is_file = False
        self._name = self._head = b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._read_name,
                "on_header_value": self._read_head,
                "on_header_end": self._end_head,
                "on_part_data": self._look,
            },
        )

    def __call__(self, content: bytes) -> bool:
        """Say whether one came so far; what cannot be read is refused by whoever reads the form."""
        with suppress(FormParserError):
            self._parser.write(content)
        return self._found

    def _begin(self) -> None:
        self._is_file = False

    def _read_name(self, content: bytes, start: int, end: int) -> None:
        self._name += content[start:end]

    def _read_head(self, content: bytes, start: int, end: int) -> None:
        self._head += content[start:end]

    def _end_head(self) -> None:
        """Say what a part is by the one head that whoever reads the form goes by."""
        if self._name.lower() == b"content-disposition":
            _, options = parse_options_header(self._head)
            self._is_file = b"filename" in options
        self._name = self._head = b""

    def _look(self, content: bytes, start: int, end: int) -> None:
        self._found = self._found or (not self._is_file and b"\0" in content[start:end])


def comes_from_us(headers: Headers, *, scheme: str) -> bool:
    """Say whether a browser vouches that our own page sent the request, which came by `scheme`.

    Browsers send `Sec-Fetch-Site` to HTTPS and localhost, and `Origin` with every form. A request
    with neither is no browser's form, and so is refused too.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return origin.casefold() == f"{scheme}://{headers.get('host', '')}".casefold()
    return site is not None


def dress(headers: MutableHeaders) -> None:
    """Add the security headers that are not there yet."""
    for name, value in _HEADERS:
        headers.setdefault(name, value)
