"""The stream that tells open pages to look again, over a real socket."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from hub.web.server import WebServer, WebServerError
from tests.builders.hub_records import PASSWORD
from tests.fixtures.browser import Site

DEADLINE_S = 10


class Stream:
    """A page's stream, read line by line."""

    def __init__(self, address: str, user: str, **headers: str) -> None:
        netloc = urlsplit(address).netloc
        connection = http.client.HTTPConnection(netloc, timeout=DEADLINE_S)
        form = urlencode({"name": user, "password": PASSWORD})
        origin = {"Origin": address, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", form, origin)
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("set-cookie") or "").split(";")[0]
        connection.request("GET", "/live", headers={"Cookie": cookie, **headers})
        self.answer = connection.getresponse()
        self._connection, self._netloc, self._cookie = connection, netloc, cookie

    def sign_out(self) -> None:
        """End the session elsewhere, as from another window."""
        other = http.client.HTTPConnection(self._netloc, timeout=DEADLINE_S)
        other.request(
            "POST", "/sign-out", headers={"Cookie": self._cookie, "Sec-Fetch-Site": "same-origin"}
        )
        other.getresponse().read()
        other.close()

    def event(self) -> dict[str, str]:
        """Read the next event."""
        fields: dict[str, str] = {}
        while line := self.answer.readline().decode().strip():
            if not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
        return fields

    def close(self) -> None:
        """Leave."""
        self._connection.close()


@pytest.fixture
def stream(address: str) -> Iterator[Stream]:
    one = Stream(address, "sunil")
    yield one
    one.close()


def test_a_change_is_named_and_numbered(stream: Stream, site: Site) -> None:
    site.hub.changes.publish("orders")

    assert stream.event() == {"event": "orders", "data": "changed", "id": "1"}


def test_changes_nobody_shows_are_not_told(stream: Stream, site: Site) -> None:
    site.hub.changes.publish("stock")
    site.hub.changes.publish("messages")

    assert stream.event()["event"] == "messages"


def test_a_viewer_does_not_hear_of_messages_a_viewer_may_not_read(address: str, site: Site) -> None:
    stream = Stream(address, "vera")
    site.hub.changes.publish("messages")
    site.hub.changes.publish("terminals")

    assert stream.event()["event"] == "terminals"
    stream.close()


def test_a_page_that_connects_again_hears_what_it_missed(address: str, site: Site) -> None:
    for topic in ("orders", "terminals"):
        site.hub.changes.publish(topic)

    stream = Stream(address, "sunil", **{"Last-Event-ID": "1"})

    assert stream.event() == {"event": "terminals", "data": "changed", "id": "2"}
    stream.close()


def test_a_stranger_gets_no_stream(address: str) -> None:
    stream = Stream(address, "nobody")

    assert stream.answer.status == 303
    stream.close()


def test_a_stream_ends_with_its_session(site: Site) -> None:
    server = WebServer(site.hub, host="127.0.0.1", port=0, quiet_s=0.05)
    stream = Stream(server.start(), "sunil")
    stream.sign_out()

    event = stream.event()

    assert event["event"] == "signed-out"
    assert stream.answer.read() == b""
    stream.close()
    server.stop()


def test_stopping_the_hub_ends_open_streams(site: Site) -> None:
    server = WebServer(site.hub, host="127.0.0.1", port=0)
    stream = Stream(server.start(), "sunil")

    server.stop()

    assert stream.answer.read() == b""
    stream.close()


def test_an_address_in_use_is_named(site: Site, address: str) -> None:
    port = urlsplit(address).port or 0
    server = WebServer(site.hub, host="127.0.0.1", port=port)

    with pytest.raises(WebServerError, match=f"127.0.0.1:{port}"):
        server.start()
