"""Two processes that serve one hub's database, and phones that send to both at the same moment."""

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final

from tests.builders.market import Market

PATIENCE_S: Final = 60
_FORKING: Final = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a phone asks of the hub: whose session it has, the path, and what it sends."""

    cookie: str
    path: str
    json: dict[str, Any] | None = None
    content: bytes | None = None


class _Server:
    """A process that serves, and what is said to it and hears from it."""

    def __init__(self, market: Market, start: Barrier) -> None:
        self._said, theirs = _FORKING.Pipe()
        folder = market.hub.settings.folder
        self.process: BaseProcess = _FORKING.Process(
            target=_serve, args=(market.url, folder, start, theirs)
        )
        self.process.start()
        theirs.close()

    def say(self, sent: Sequence[Sent] | None) -> None:
        """Have the process serve what phones send, one after another; None ends it."""
        self._said.send(sent)

    def hear(self) -> list[Any]:
        """Wait for the answers; a process that is gone says so by EOFError."""
        assert self._said.poll(PATIENCE_S)
        answers: list[Any] = self._said.recv()
        return answers


@dataclass(frozen=True, slots=True)
class Rivals:
    """Both processes."""

    servers: tuple[_Server, _Server]

    def send(self, one: Sequence[Sent], other: Sequence[Sent]) -> tuple[list[Any], list[Any]]:
        """Send to both: the first of each at the same moment, and so each next one."""
        assert len(one) == len(other)
        for server, sent in zip(self.servers, (one, other), strict=True):
            server.say(sent)
        first, second = (server.hear() for server in self.servers)
        return first, second


@contextmanager
def rivals_of(market: Market) -> Iterator[Rivals]:
    """Start both processes on a market's database, and end them."""
    start = _FORKING.Barrier(2)
    servers = (_Server(market, start), _Server(market, start))
    try:
        for one in servers:
            assert one.hear() == ["ready"]
        yield Rivals(servers)
    finally:
        for one in servers:
            with contextlib.suppress(BrokenPipeError):  # it has failed, and has said so
                one.say(None)
            one.process.join(PATIENCE_S)
            if one.process.is_alive():
                one.process.kill()


def _serve(url: str, folder: Path, start: Barrier, said: Connection) -> None:
    """Be one process of the hub, whose pages are asked without a socket."""
    from fastapi.testclient import TestClient  # noqa: PLC0415  # whoever starts one need not know

    from hub.run.bootstrap import frame_of  # noqa: PLC0415
    from hub.web.app import create_app  # noqa: PLC0415
    from tests.builders.market import open_loaded  # noqa: PLC0415

    with open_loaded(url, folder) as market:
        app = create_app(frame_of(market.hub))
        with TestClient(app, base_url="http://hub.test") as client:
            said.send(["ready"])
            try:
                while (sent := said.recv()) is not None:
                    said.send([_ask(client, one, start) for one in sent])
            except BaseException:
                start.abort()  # the other is not to wait for one that has failed
                raise


def _ask(client: Any, sent: Sent, start: Barrier) -> Any:
    headers = {"Cookie": f"orderwire_session={sent.cookie}", "Origin": "http://hub.test"}
    start.wait(PATIENCE_S)
    answer = client.post(sent.path, headers=headers, json=sent.json, content=sent.content)
    answer.raise_for_status()
    return answer.json()
