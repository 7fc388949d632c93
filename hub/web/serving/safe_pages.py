"""How a phone comes to trust the hub: the authority to install, and where pages are safe then."""

from fastapi import HTTPException, Request, Response
from markupsafe import Markup

from hub.base.papers import draw_code
from hub.web.noun import Router
from hub.web.pages import draw
from hub.web.site import SafePages, Site, SiteOf

router = Router()


@router.get("/https")
def show(request: Request, site: SiteOf) -> Response:
    """Show what is to be done on a phone, once; 404 where the hub serves no HTTPS itself."""
    safe = _safe(site)
    here = str(request.url)
    return draw(
        request,
        "https.html",
        session=None,
        safe=safe,
        address=address_of(safe, request.url.hostname or ""),
        here=here,
        code=Markup(draw_code(here)),  # noqa: S704  # it holds digits and paths alone
    )


@router.get("/https/ca.crt")
def authority(site: SiteOf) -> Response:
    """Give the authority as a file that phones install."""
    headers = {"Content-Disposition": 'attachment; filename="orderwire-ca.crt"'}
    content = _safe(site).authority
    return Response(content, media_type="application/x-x509-ca-cert", headers=headers)


def address_of(safe: SafePages, asked: str) -> str:
    """Give where the pages are safe: by the name that the phone used, if it is a certified one."""
    name = asked if asked in safe.names else safe.names[0]
    return f"https://{f'[{name}]' if ':' in name else name}:{safe.port}/"


def _safe(site: Site) -> SafePages:
    if site.safe is None:
        raise HTTPException(404)
    return site.safe
