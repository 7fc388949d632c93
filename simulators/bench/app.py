"""The bench's web page: what a tester sees and does around one counter terminal."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from simulators.bench.live import Live
from simulators.bench.screen import watch
from simulators.bench.settings import BenchSettings
from simulators.bench.switches import RefusedError, Watching, add_switches, now_ms, refuse
from simulators.devices import Fault, Slip
from simulators.devices.drawing import draw, png
from simulators.devices.paper import Feed, QrCode
from simulators.devices.printer import Event, Printed

_STATIC: Final = Path(__file__).parent / "static"
_LONGEST_CODE: Final = 128
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_bench(settings: BenchSettings) -> FastAPI:
    """Make the application; it listens to the printer while it is served."""
    live = Live()
    watching = Watching(live, settings.terminal)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        live.attach()
        end = settings.printer.listen(live.from_printer)
        end_slips = settings.printer.listen(lambda event: _note_slip(event, live, watching))
        end_line = _watch_line(settings, live, watching)
        if settings.network is not None:
            live.tell("network", {"cut": settings.network.is_cut})
        look = settings.screen
        looking = (
            None
            if look is None
            else asyncio.create_task(watch(look, lambda state: live.tell("screen", state)))
        )
        try:
            yield
        finally:
            for stop in (end, end_slips, end_line):
                stop()
            if looking is not None:
                looking.cancel()

    app = FastAPI(title="Orderwire bench", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.live = live
    app.middleware("http")(_guard)
    _add_page(app, settings)
    _add_paper(app, settings)
    _add_actions(app, settings, live, watching=watching)
    add_switches(app, settings, live, watching=watching)
    return app


def _watch_line(settings: BenchSettings, live: Live, watching: Watching) -> Callable[[], None]:
    """Note what passes on the terminal's line; gives what ends that."""
    if settings.line is None:
        return lambda: None

    def see(packet: bytes) -> None:
        at_ms = now_ms()
        live.call(lambda: watching.passed(packet, at_ms))

    return settings.line(see)


def _note_slip(event: Event, live: Live, watching: Watching) -> None:
    """Note a slip about an order once it is cut, from the printer's thread."""
    match event:
        case Printed(slip, QrCode(content=content)):
            order = content.decode("ascii", "replace")
            live.call(lambda: watching.printed(order, f"slip {slip} on paper"))


async def _guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """Take requests from this page only, and send every answer with the strict headers."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    if not _is_address(urlsplit(f"//{host}").hostname or ""):
        # A foreign name that was made to point here would pass the check of the origin.
        response: Response = PlainTextResponse("the bench is reached by address\n", 403)
    elif request.method != "GET" and (origin is None or urlsplit(origin).netloc != host):
        response = PlainTextResponse("not from this page\n", 403)
    else:
        response = await go_on(request)
    response.headers.update(_HEADERS)
    return response


def _is_address(host: str) -> bool:
    if host in {"localhost", socket.gethostname().lower()}:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _add_page(app: FastAPI, settings: BenchSettings) -> None:
    """Serve the page and what stands on it."""
    app.mount("/static", StaticFiles(directory=_STATIC))

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(_STATIC / "index.html")

    @app.get("/bench.json")
    def bench() -> dict[str, object]:
        return {
            "title": settings.title,
            "hub_url": settings.hub_url,
            "sign_in": settings.sign_in_hint,
            "width": settings.printer.paper.width,
            "network": settings.network is not None,
            "terminal": settings.screen is not None,
            "others": [{"title": one.title, "url": one.url} for one in settings.others],
            "products": [
                {"code": p.code, "name": p.name, "group": p.group, "note": p.note}
                for p in settings.products
            ],
        }


def _add_paper(app: FastAPI, settings: BenchSettings) -> None:
    """Serve what was printed, whole and in strips."""
    printer = settings.printer

    def slip(number: int) -> Slip:
        paper = printer.paper
        known = (*paper.slips(), paper.hanging)
        if not 1 <= number <= len(known):
            raise HTTPException(404, "no such slip")
        return known[number - 1]

    @app.get("/paper/{number}.png")
    def picture(number: int) -> Response:
        return Response(slip(number).png(), media_type="image/png")

    @app.get("/paper/{number}.txt")
    def text(number: int) -> PlainTextResponse:
        return PlainTextResponse(slip(number).text)

    @app.get("/paper/{number}/{index}.png")
    def strip(number: int, index: int) -> Response:
        drawn = slip(number).drawn
        if not 0 <= index < len(drawn) or isinstance(drawn[index], Feed):
            raise HTTPException(404, "no such strip")
        picture = draw(drawn[index : index + 1], printer.paper.width)
        return Response(png(picture), media_type="image/png")


def _add_actions(app: FastAPI, settings: BenchSettings, live: Live, *, watching: Watching) -> None:
    """Serve what the tester's hands do, and the news of it."""
    hand = asyncio.Lock()
    printer, network = settings.printer, settings.network

    @app.get("/events")
    def events() -> StreamingResponse:
        return StreamingResponse(live.follow(), media_type="text/event-stream")

    @app.post("/scan", status_code=204)
    async def scan(request: Request) -> None:
        code = (await request.body())[:_LONGEST_CODE].decode("utf-8", "replace").strip()
        if not code:
            refuse(HTTPStatus.UNPROCESSABLE_ENTITY, "nothing to scan", "send a code as the body")
        began_ms = now_ms()
        try:
            async with hand:  # one after the other, in the order in which they were asked for
                await asyncio.to_thread(settings.scanner.scan, code)
        except OSError as error:
            raise RefusedError(
                HTTPStatus.CONFLICT,
                "nobody reads the scanner: is the terminal on?",
                "wait until the terminal is back, or start the demonstration again",
            ) from error
        watching.scanned(code, began_ms)

    @app.post("/printer/{fault}/{state}", status_code=204)
    def switch_printer(fault: Fault, state: str) -> None:
        (printer.fail if state == "on" else printer.repair)(fault)

    @app.post("/network/{state}", status_code=204)
    async def switch_network(state: str) -> None:
        if network is None:
            refuse(
                HTTPStatus.NOT_FOUND,
                "this bench has no network switch",
                "start `./orderwire demo`: its bench has",
            )
        await asyncio.to_thread(network.cut if state == "on" else network.restore)
        live.tell("network", {"cut": network.is_cut})

    @app.post("/tear", status_code=204)
    def tear() -> None:
        printer.tear_off()
