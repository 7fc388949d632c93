"""Draws the pages: templates, what they may call, and the addresses of static files."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from hub.base import money
from hub.base.access import Permission, Session
from hub.web import formats, vendor

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


def draw(
    request: Request,
    template: str,
    *,
    session: Session | None,
    status: int = 200,
    **shown: object,
) -> HTMLResponse:
    """Draw a page, or the part of it that htmx asked for, for one user."""
    site = request.app.state.site
    distributor = site.distributor()
    page = request.app.state.environment.get_template(template)
    return HTMLResponse(
        page.render(
            session=session,
            may=_permissions(session),
            distributor=distributor,
            home=site.home,
            menu=site.menu,
            now=site.now_ms(),
            path=request.url.path,
            **_timed(distributor.zone, site.now_ms()),
            **shown,
        ),
        status_code=status,
    )


def is_part(request: Request) -> bool:
    """Say whether htmx asks for a part of a page to swap in."""
    return request.headers.get("hx-request") == "true"


def _permissions(session: Session | None) -> Any:  # noqa: ANN401 -- Jinja calls it untyped
    def may(permission: Permission) -> bool:
        return session is not None and session.may(permission)

    return may


def _timed(zone: ZoneInfo, now_ms: int) -> Mapping[str, object]:
    """Give the templates their ways to write moments, bound to the distributor's zone."""

    def when(at_ms: int) -> Markup:
        local = formats.local(at_ms, zone)
        return Markup('<time datetime="{}" data-ago="{}" title="{}">{}</time>').format(
            local.isoformat(timespec="seconds"),
            at_ms,
            formats.exact(at_ms, zone),
            formats.ago(at_ms, now_ms),
        )

    def at(at_ms: int) -> Markup:
        local = formats.local(at_ms, zone)
        today = formats.local(now_ms, zone).date() == local.date()
        words = formats.clock(at_ms, zone) if today else formats.exact(at_ms, zone)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            local.isoformat(timespec="seconds"), formats.exact(at_ms, zone), words
        )

    def exactly(at_ms: int) -> Markup:
        local = formats.local(at_ms, zone)
        return Markup('<time datetime="{}">{}</time>').format(
            local.isoformat(timespec="seconds"), formats.exact(at_ms, zone)
        )

    return {"when": when, "at": at, "exactly": exactly}


def make_environment(folders: Iterable[Path], words: Mapping[str, object]) -> Environment:
    """Make what draws the frame's templates and those of the nouns, which may call `words`."""
    environment = Environment(
        loader=FileSystemLoader([_TEMPLATES, *folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(said=_said, readable=formats.readable)
    environment.globals.update(
        asset=_asset,
        vendored=_vendored,
        htmx_config=_HTMX_CONFIG,
        money=money.money,
        number=money.number,
        short_money=money.short_money,
        unit_price=money.unit_price,
        count=lambda value: money.group(value, indian=False),
        span=formats.span,
        day=formats.day,
        **words,
    )
    return environment


def _said(text: str) -> Markup:
    """Show text that somebody else wrote: escaped, and kept from turning its surroundings."""
    return Markup("<bdi>{}</bdi>").format(escape(formats.readable(text)))


@cache
def _asset(name: str) -> str:
    """Address a file of ours so that a browser keeps it until it changes."""
    kept = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={kept}"


def _vendored(package: str, name: str) -> str:
    """Address a vendored file; its folder carries its version."""
    return f"/static/vendor/{_FOLDERS[package]}/{name}"
