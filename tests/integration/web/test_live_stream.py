"""The stream that tells open pages to look again, over a real socket."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from hub.web.serving.server import WebServer, WebServerError
from tests.builders.hub_records import PASSWORD
from tests.builders.page_stream import Stream
from tests.fixtures.browser import Site


@pytest.fixture
def stream(address: str) -> Iterator[Stream]:
    one = Stream(address, "sunil", PASSWORD)
    yield one
    one.close()


def test_a_change_is_named_and_numbered(stream: Stream, site: Site) -> None:
    site.hub.ground.changes.publish("orders")

    assert stream.event() == {"event": "orders", "data": "changed", "id": "1"}


def test_changes_nobody_shows_are_not_told(stream: Stream, site: Site) -> None:
    site.hub.ground.changes.publish("jobs")
    site.hub.ground.changes.publish("messages")

    assert stream.event() == {"event": "messages", "data": "changed", "id": "1"}


def test_an_auditor_does_not_hear_of_messages_that_are_not_for_auditors(
    address: str, site: Site
) -> None:
    stream = Stream(address, "vera", PASSWORD)
    site.hub.ground.changes.publish("messages")
    site.hub.ground.changes.publish("terminals")

    assert stream.event()["event"] == "terminals"
    stream.close()


def test_a_page_that_connects_again_hears_what_it_missed(address: str, site: Site) -> None:
    for topic in ("orders", "terminals"):
        site.hub.ground.changes.publish(topic)

    stream = Stream(address, "sunil", PASSWORD, **{"Last-Event-ID": "1"})

    assert stream.event() == {"event": "terminals", "data": "changed", "id": "2"}
    stream.close()


def test_a_stranger_gets_no_stream(address: str) -> None:
    stream = Stream(address, "nobody", PASSWORD)

    assert stream.answer.status == 303
    stream.close()


def test_a_stream_ends_with_its_session(site: Site) -> None:
    server = WebServer(create_app(frame_of(site.hub), quiet_s=0.05), host="127.0.0.1", port=0)
    stream = Stream(server.start(), "sunil", PASSWORD)
    stream.sign_out()

    event = stream.event()

    assert event["event"] == "signed-out"
    assert stream.answer.read() == b""
    stream.close()
    server.stop()


def test_stopping_the_hub_ends_open_streams(site: Site) -> None:
    server = WebServer(create_app(frame_of(site.hub)), host="127.0.0.1", port=0)
    stream = Stream(server.start(), "sunil", PASSWORD)

    server.stop()

    assert stream.answer.read() == b""
    stream.close()


def test_an_address_in_use_is_named(site: Site, address: str) -> None:
    port = urlsplit(address).port or 0
    server = WebServer(create_app(frame_of(site.hub)), host="127.0.0.1", port=port)

    with pytest.raises(WebServerError, match=f"127.0.0.1:{port}"):
        server.start()
