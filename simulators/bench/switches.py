"""The bench's documented calls: faults by name, the timeline, and a recording to play again."""

import time
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, NoReturn

from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field
from starlette.requests import Request

from simulators.bench.live import Live
from simulators.bench.recording import Act, Recording
from simulators.bench.settings import BenchSettings, Faults
from simulators.bench.timeline import Timeline
from simulators.errors import ScenarioError

_NAME: Final = "a recording"


class BenchProblem(BaseModel):
    """Why something was not done, and what to do instead."""

    detail: str
    fix: str = ""


class FaultState(BaseModel):
    """One fault that can be brought about at this bench."""

    name: str
    part: str = Field(description="what it strikes: line, broker, hub, terminals, strangers")
    purpose: str
    lasts_s: float = Field(description="how long it lasts in a fleet at most; 0: over at once")
    on: bool


class RecordingState(BaseModel):
    """Whether what is done is being kept."""

    on: bool


_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": BenchProblem},
    409: {"model": BenchProblem},
}


class RefusedError(Exception):
    """A call that was not done; the page and programs are told why, and what to do."""

    def __init__(self, status: HTTPStatus, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = BenchProblem(detail=detail, fix=fix)


def refuse(status: HTTPStatus, detail: str, fix: str) -> NoReturn:
    """End a call that cannot be done."""
    raise RefusedError(status, detail, fix)


def tell_refusal(_: Request, error: Exception) -> JSONResponse:
    """Answer a call that was not done."""
    assert isinstance(error, RefusedError)  # noqa: S101  # registered for no other
    return JSONResponse(error.problem.model_dump(), error.status)


def now_ms() -> int:
    """Give the time, in Unix ms."""
    return time.time_ns() // 1_000_000


class Watching:
    """What is seen and kept around one bench; lives in the bench's loop."""

    def __init__(self, live: Live, terminal: str) -> None:
        self._live = live
        self.timeline = Timeline(terminal)
        self.recording = Recording(terminal)

    def scanned(self, code: str, at_ms: int) -> None:
        """Note a scan with the moment at which it began."""
        self.recording.note(Act("scan", code))
        self.tell(self.timeline.scanned(code, at_ms))

    def struck(self, kind: str, *, on: bool) -> None:
        """Note a fault that begins or ends."""
        self.recording.note(Act("fault" if on else "end", kind))
        self.tell(self.timeline.struck(f"{kind} {'begins' if on else 'ends'}", now_ms()))

    def passed(self, packet: bytes, at_ms: int) -> None:
        """Note what passes on the line."""
        self.tell(self.timeline.passed(packet, at_ms))

    def printed(self, order: str, heading: str) -> None:
        """Note a slip."""
        self.tell(self.timeline.printed(order, heading, now_ms()))

    def tell(self, entries: list[Any]) -> None:
        """Tell the open pages."""
        for _ in entries:
            self._live.tell_once("timeline", {})


def add_switches(app: FastAPI, settings: BenchSettings, live: Live, *, watching: Watching) -> None:
    """Serve the calls."""
    app.add_exception_handler(RefusedError, tell_refusal)
    _add_faults(app, settings, live, watching=watching)
    _add_recording(app, watching)

    @app.get("/timeline.json", tags=["events"], summary="What happened, oldest first")
    def timeline() -> list[dict[str, Any]]:
        return [dict(entry) for entry in watching.timeline.documents()]


def _add_faults(app: FastAPI, settings: BenchSettings, live: Live, *, watching: Watching) -> None:
    def found() -> Faults:
        if settings.faults is None:
            refuse(
                HTTPStatus.NOT_FOUND,
                "this bench has no faults to bring about",
                "start `./orderwire demo`: its bench has",
            )
        return settings.faults

    @app.get("/faults", tags=["faults"], summary="The faults that can be brought about here")
    def faults() -> list[FaultState]:
        if settings.faults is None:
            return []
        going = settings.faults.going()
        return [
            FaultState(
                name=kind.name,
                part=kind.part,
                purpose=kind.purpose,
                lasts_s=kind.lasts_s,
                on=kind.name in going,
            )
            for kind in settings.faults.kinds()
        ]

    @app.post(
        "/faults/{kind}/{state}",
        status_code=204,
        tags=["faults"],
        summary="Begin a fault, or end it; a fault that is left on ends after two minutes",
        responses=_PROBLEMS,
    )
    def switch(kind: str, state: Literal["on", "off"]) -> None:
        here = found()
        if kind not in {one.name for one in here.kinds()}:
            known = ", ".join(one.name for one in here.kinds())
            refuse(HTTPStatus.NOT_FOUND, f"there is no fault {kind} here", f"one of {known}")
        try:
            (here.begin if state == "on" else here.end)(kind)
        except ScenarioError as error:
            refuse(HTTPStatus.CONFLICT, str(error), "wait until it is over, then try again")
        live.call(lambda: watching.struck(kind, on=state == "on"))
        live.call(lambda: live.tell("going", sorted(here.going())))


def _add_recording(app: FastAPI, watching: Watching) -> None:
    recording = watching.recording

    @app.get("/recording", tags=["recording"], summary="Whether what is done is being kept")
    def state() -> RecordingState:
        return RecordingState(on=recording.is_on)

    @app.post("/recording/{state}", tags=["recording"], summary="Keep what is done, or stop")
    def switch(state: Literal["on", "off"]) -> RecordingState:
        (recording.start if state == "on" else recording.stop)()
        return RecordingState(on=recording.is_on)

    @app.get(
        "/recording.yaml",
        tags=["recording"],
        summary="The recording as a scenario for `sim run`",
        response_class=PlainTextResponse,
    )
    def written(
        name: Annotated[str, Query(min_length=1, max_length=80)] = _NAME,
    ) -> PlainTextResponse:
        return PlainTextResponse(
            recording.write(name),
            headers={"Content-Disposition": 'attachment; filename="recording.yaml"'},
        )
