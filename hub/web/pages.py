"""Draws the pages: templates, what they may call, and the addresses of static files."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path
from types import CodeType
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape
from starlette.datastructures import URL

from hub.base import money
from hub.base.access import Permission, Session
from hub.base.fields import LONGEST_REASON
from hub.base.words import PageWords, grouped
from hub.web import formats, vendor
from hub.web.noun import MenuEntry
from rules import LANGUAGES

STATIC: Final = Path(__file__).parent / "static"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_FOLDERS: Final = {package.package: package.folder for package in vendor.PACKAGES}
_HTMX_CONFIG: Final = json.dumps(
    {
        "history": "reload",
        "includeIndicatorCSS": False,
        "noSwap": [204, 304, "4xx", "5xx"],
        "morphIgnore": ["data-htmx-powered", "open"],  # what a person unfolded stays so
    }
)
_LANGUAGE_COOKIE: Final = "orderwire_language"
_LANGUAGE_LASTS_S: Final = 400 * 24 * 60 * 60  # browsers keep no cookie longer (RFC 6265bis)
_WEIGHT: Final = re.compile(r"q=([01](?:\.\d{0,3})?)")
_SCRIPT_WORDS: Final = (
    "ago.now",
    "ago.s",
    "ago.min",
    "ago.h",
    "ago.d",
    "ago.wk",
    "live.connected",
    "live.again",
    "live.lost",
    "listing.new",
    "listing.chosen",
    "keys.sure",
)
"""What the scripts write by themselves."""


def draw(
    request: Request,
    template: str,
    *,
    session: Session | None,
    status: int = 200,
    **shown: object,
) -> HTMLResponse:
    """Draw a page, or the part of it that htmx asked for, for one user and in one language."""
    site = request.app.state.site
    distributor = site.distributor()
    words = words_of(request)
    page = request.app.state.environments[words.language].get_template(template)
    may = _permissions(session)
    menu = tuple(entry for entry in site.menu if may(entry.permission))
    at_hand = tuple(one for one in menu if one.at_hand_unless and not may(one.at_hand_unless))
    marked = _marked(request.url.path, menu, site.home)
    return HTMLResponse(
        page.render(
            session=session,
            may=may,
            distributor=distributor,
            home=site.home,
            menu=partial(
                _draw_frame, words.language, menu, home=site.home, marked=marked, at_hand=at_hand
            ),
            bells=() if is_part(request) else site.ring(session),
            now=site.now_ms(),
            path=request.url.path,
            part=is_part(request),
            shown_at=_address_to_get(request),
            **_timed(distributor.zone, site.now_ms(), words),
            **shown,
        ),
        status_code=status,
    )


def _marked(path: str, menu: Sequence[MenuEntry], home: str) -> frozenset[str]:
    """Give the addresses of the menu that are marked on a page."""
    marked = frozenset(entry.address for entry in menu if entry.is_at(path))
    return marked | {home} if path == home else marked


@lru_cache(maxsize=1_000)
def _draw_frame(
    language: str,
    menu: Sequence[MenuEntry],
    place: str,
    *,
    home: str,
    marked: frozenset[str],
    at_hand: Sequence[MenuEntry],
) -> Markup:
    """Draw what is alike on many pages, and was half the work of each: the menu, the list of keys.

    The menu stands at the `side` and in `more`, its first entries at the `bottom` of a phone;
    `keys` tells which letters lead where.
    """
    drawn = _frame_templates(language).get_template("menu.html")
    return Markup(drawn.render(menu=menu, home=home, marked=marked, place=place, at_hand=at_hand))  # noqa: S704


@cache
def _frame_templates(language: str) -> Environment:
    return _environment([_TEMPLATES], {}, PageWords(language))


def words_of(request: Request) -> PageWords:
    """Give the words of a request's page: in the language of whoever is signed in.

    For others it is the one that was chosen at this browser; before anybody chose, the one that the
    browser asks for first of those there are.
    """
    of_user = getattr(request.state, "language", None)
    chosen = of_user or request.cookies.get(_LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return PageWords(chosen)
    return PageWords(_best_language(request.headers.get("accept-language", "")))


def keep_language(request: Request, response: Response, language: str) -> None:
    """Have the browser remember in which language its pages are."""
    response.set_cookie(
        _LANGUAGE_COOKIE,
        language,
        max_age=_LANGUAGE_LASTS_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _best_language(accepted: str) -> str:
    """Choose by an Accept-Language header, such as `hi-IN,hi;q=0.9,en;q=0.5` (RFC 9110, 12.5.4)."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for one in accepted.lower().split(","):
        language, _, weight = one.partition(";")
        code = language.strip().partition("-")[0]
        if code in weights:
            weights[code] = max(weights[code], _weight(weight))
    return max(LANGUAGES, key=lambda language: weights[language])


def _weight(written: str) -> float:
    """Read `q=0.9`; 1 where nothing is written, 0 for what cannot be read."""
    found = _WEIGHT.fullmatch(written.replace(" ", "") or "q=1")
    return float(found[1]) if found else 0.0


def _address_to_get(request: Request) -> str:
    """Give the address that shows this page again: of what was sent, the page it was sent from."""
    asked = request.url if request.method == "GET" else URL(request.headers.get("referer", ""))
    return asked.path + (f"?{asked.query}" if asked.query else "")


def is_part(request: Request) -> bool:
    """Say whether htmx asks for a part of a page to swap in."""
    return request.headers.get("hx-request") == "true"


def with_camera(page: Response) -> Response:
    """Let a page use the camera, as a scanner of bar codes; other pages may not."""
    page.headers["Permissions-Policy"] = (
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
    )
    return page


def _permissions(session: Session | None) -> Any:  # noqa: ANN401 -- Jinja calls it untyped
    def may(permission: Permission) -> bool:
        return session is not None and session.may(permission)

    return may


def _timed(zone: ZoneInfo, now_ms: int, words: PageWords) -> Mapping[str, object]:
    """Give the templates their ways to write moments, bound to the distributor's zone."""

    def when(at_ms: int) -> Markup:
        local = formats.local(at_ms, zone)
        return Markup('<time datetime="{}" data-ago="{}" title="{}">{}</time>').format(
            local.isoformat(timespec="seconds"),
            at_ms,
            formats.exact(at_ms, zone, words),
            formats.ago(at_ms, now_ms, words),
        )

    def at(at_ms: int) -> Markup:
        local = formats.local(at_ms, zone)
        today = formats.local(now_ms, zone).date() == local.date()
        exact = formats.exact(at_ms, zone, words)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            local.isoformat(timespec="seconds"),
            exact,
            formats.clock(at_ms, zone) if today else exact,
        )

    def exactly(at_ms: int) -> Markup:
        local = formats.local(at_ms, zone)
        return Markup('<time datetime="{}">{}</time>').format(
            local.isoformat(timespec="seconds"), formats.exact(at_ms, zone, words)
        )

    return {"when": when, "at": at, "exactly": exactly}


class _CompiledOnce(BytecodeCache):
    """What templates were compiled to: the same in each language and for each hub of a process."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template the code that it was compiled to before, of the same source."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code that a template was compiled to."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED: Final = _CompiledOnce()


def make_environments(
    folders: Iterable[Path], words: Mapping[str, object]
) -> Mapping[str, Environment]:
    """Make what draws the frame's templates and those of the nouns, once for each language.

    Templates may call `words`, what nouns bring, besides what every page has.
    """
    places = [_TEMPLATES, *folders]
    return {language: _environment(places, words, PageWords(language)) for language in LANGUAGES}


def _environment(
    places: Sequence[Path], of_nouns: Mapping[str, object], words: PageWords
) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(places),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # each page would look whether any of its files is another by now
        bytecode_cache=_COMPILED,
    )
    environment.filters.update(said=_said, readable=formats.readable)
    environment.globals.update(
        asset=_asset,
        vendored=_vendored,
        htmx_config=_HTMX_CONFIG,
        money=money.money,
        number=money.number,
        short_money=partial(money.short_money, name_step=partial(words.named, "step")),
        unit_price=money.unit_price,
        longest_reason=LONGEST_REASON,
        count=grouped,
        **_worded(words),
        **of_nouns,
    )
    return environment


def _worded(words: PageWords) -> Mapping[str, object]:
    """Give the templates of one language their ways to say something; values are escaped."""

    def say(name: str, /, **values: object) -> Markup:
        if not values:
            return _plain(words.language, name)
        return escape(words.message(name)).format(**values)

    def say_counted(name: str, count: int, /, **values: object) -> Markup:
        return escape(words.counted_message(name, count)).format(count=grouped(count), **values)

    return {
        "language": words.language,
        "languages": {one: PageWords(one).text("language.name") for one in LANGUAGES},
        "say": say,
        "say_counted": say_counted,
        "named": words.named,
        "span": partial(formats.span, words=words),
        "day": partial(formats.day, words=words),
        "script_words": json.dumps({name: words.message(name) for name in _SCRIPT_WORDS}),
    }


@cache
def _plain(language: str, name: str) -> Markup:
    """Say what takes no values: most of a page's texts."""
    return escape(PageWords(language).message(name)).format()


def _said(text: str) -> Markup:
    """Show text that somebody else wrote: escaped, and kept from turning its surroundings.

    Of no text nothing is left, so that a template can say something else: `batch|said or hsn`.
    """
    return Markup("<bdi>{}</bdi>").format(escape(formats.readable(text))) if text else Markup()


@cache
def _asset(name: str) -> str:
    """Address a file of ours so that a browser keeps it until it changes."""
    kept = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={kept}"


def _vendored(package: str, name: str) -> str:
    """Address a vendored file; its folder carries its version."""
    return f"/static/vendor/{_FOLDERS[package]}/{name}"
