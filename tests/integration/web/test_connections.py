"""The pages' server keeps answering, whatever holds connections to it."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from hub.desk.people.store.passwords import HASHED_AT_ONCE, HASHING
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from hub.web.serving import connections
from hub.web.serving.server import WebServer
from tests.builders.hub_records import PASSWORD
from tests.fixtures.browser import Role, Site

DEADLINE_S = 60
FEW = 20
MORE_THAN_THREADS = 60
"""More than the hub has threads for its pages."""
MACHINES = 4
"""From how many addresses connections come: one that tries too often is told to wait."""
SignIn = Callable[[Role], TestClient]


@contextlib.contextmanager
def holding(address: str, count: int, said: bytes = b"") -> Iterator[list[socket.socket]]:
    """Hold connections that have said so much and no more."""
    place = urlsplit(address)
    with contextlib.ExitStack() as stack:
        held = []
        for number in range(count):
            own = (f"127.0.0.{2 + number % MACHINES}", 0)
            line = socket.create_connection((place.hostname, place.port), DEADLINE_S, own)
            held.append(stack.enter_context(line))
            line.sendall(said)
        yield held


def other_end(line: socket.socket) -> socket.socket:
    """Find the server's end of a connection among what this process has open."""
    for place in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found = socket.socket(fileno=os.dup(int(place.name)))
            with contextlib.suppress(OSError):
                if found.getpeername() == line.getsockname():
                    return found
            found.close()
    raise AssertionError("nobody has taken the connection")


@pytest.fixture
def narrow(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a site that has place for twenty connections, and a second for each request."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", FEW)
    monkeypatch.setattr(connections, "WHOLE_REQUEST_S", 1.0)
    server = WebServer(create_app(frame_of(site.hub)), host="127.0.0.1", port=0)
    yield server.start()
    server.stop()


@pytest.mark.parametrize("said", [b"", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "])
def test_whoever_asks_is_answered_though_all_places_are_held(narrow: str, said: bytes) -> None:
    with holding(narrow, 3 * FEW, said):
        answer = httpx.get(f"{narrow}/health", timeout=DEADLINE_S)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ",
        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\nname=",
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_connection_without_a_whole_request_is_closed(narrow: str, said: bytes) -> None:
    with holding(narrow, 1, said) as (line,):
        line.settimeout(DEADLINE_S)
        with contextlib.suppress(ConnectionResetError):
            while line.recv(4096):
                pass

        assert httpx.get(f"{narrow}/health", timeout=DEADLINE_S).status_code == 200


def test_a_kept_connection_goes_on_being_answered(narrow: str) -> None:
    with httpx.Client(base_url=narrow, timeout=DEADLINE_S) as client:
        answers = [client.get("/health").status_code for _ in range(5)]

    assert answers == [200] * 5


def test_a_head_without_end_is_refused(narrow: str) -> None:
    with holding(narrow, 1, b"GET /health HTTP/1.1\r\nX-Long: ") as (line,):
        line.settimeout(DEADLINE_S)
        told = b""
        # What is still under way when the hub hangs up may take its last words with it.
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            for _ in range(40):
                line.sendall(b"x" * 1_000)
            told = line.recv(4096)

        assert not told or told.startswith(b"HTTP/1.1 400 ")
        assert httpx.get(f"{narrow}/health", timeout=DEADLINE_S).status_code == 200


@pytest.mark.parametrize(("proxies", "blocked"), [((), True), (("127.0.0.1",), False)])
def test_whom_a_request_is_for_counts_only_from_a_trusted_proxy(
    site: Site, proxies: tuple[str, ...], *, blocked: bool
) -> None:
    server = WebServer(create_app(frame_of(site.hub)), host="127.0.0.1", port=0, proxies=proxies)
    address = server.start()
    wrong = {"name": "asha", "password": f"not {PASSWORD}"}
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=DEADLINE_S) as client:
        answers = [
            client.post("/sign-in", data=wrong, headers={"X-Forwarded-For": f"10.0.0.{number}"})
            for number in range(8)
        ]
    server.stop()

    assert (429 in [answer.status_code for answer in answers]) is blocked


def test_no_part_of_an_answer_waits_for_the_part_before_it_to_be_acknowledged(narrow: str) -> None:
    with holding(narrow, 1, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") as (line,):
        assert line.recv(1)

        with other_end(line) as taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@contextlib.contextmanager
def no_password_looked_at() -> Iterator[None]:
    """Have whoever looks at a password, or hashes one, wait meanwhile."""
    going_on = Event()
    held = [HASHING.submit(going_on.wait) for _ in range(HASHED_AT_ONCE)]
    try:
        yield
    finally:
        going_on.set()
        wait(held)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"name": "asha", "password": PASSWORD}),
        ("/me/password", {"old": PASSWORD, "given": "another word", "again": "another word"}),
        ("/me/factor", {"code": "123456", "password": PASSWORD}),
        ("/users/new", {"name": "devi", "role": "sales"}),
        ("/users/2/reset", {}),
        ("/partners/new", {"customer": "C-001", "name": "gupta"}),
    ],
)
def test_while_many_passwords_are_looked_at_every_other_page_is_served(
    sign_in: SignIn, address: str, path: str, form: dict[str, str]
) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in sign_in("admin").cookies.items())
    headers = {"Origin": address}
    if path != "/sign-in":  # where whoever is signed in would be signed out
        headers["Cookie"] = cookie
    asked = httpx.Request("POST", f"{address}{path}", data=form, headers=headers)
    lines = [f"{name}: {value}" for name, value in asked.headers.items()]
    said = "\r\n".join([f"POST {path} HTTP/1.1", *lines, "", ""]).encode() + asked.read()

    with holding(address, MORE_THAN_THREADS, said) as waiting:
        with no_password_looked_at():
            page = httpx.get(f"{address}/orders", headers={"Cookie": cookie}, timeout=DEADLINE_S)
        answers = [line.recv(12) for line in waiting]

    assert page.status_code == 200
    assert not [
        one for one in answers if not one.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4"))
    ]


def test_while_strangers_ask_for_pages_everybody_who_is_known_is_served(
    sign_in: SignIn, address: str
) -> None:
    """Those who wait for their turn hold no thread, and whoever does not read holds no turn."""
    cookie = "; ".join(f"{name}={value}" for name, value in sign_in("sales").cookies.items())
    host = address.removeprefix("http://")
    said = f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    with holding(address, MORE_THAN_THREADS, said) as waiting:
        page = httpx.get(f"{address}/orders", headers={"Cookie": cookie}, timeout=DEADLINE_S)
        stranger = httpx.get(f"{address}/sign-in", timeout=DEADLINE_S)
        answers = [line.recv(12) for line in waiting]

    assert (page.status_code, stranger.status_code) == (200, 200)
    assert set(answers) == {b"HTTP/1.1 200"}
