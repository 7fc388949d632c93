"""Which requests count as coming from our own pages."""

import pytest
from starlette.datastructures import Headers

from hub.web.security import comes_from_us


@pytest.mark.parametrize(
    "sent",
    [
        {"origin": "http://hub.test"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "http://hub.test"},
    ],
)
def test_our_own_pages_may_change_things(sent: dict[str, str]) -> None:
    assert comes_from_us(Headers({"host": "hub.test", **sent}), scheme="http")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.test"},
        {"origin": "https://hub.test"},
        {"origin": "http://hub.test.evil.test"},
        {"origin": "http://hub.test:8081"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://hub.test"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.test"},
    ],
)
def test_nobody_elses_may(sent: dict[str, str]) -> None:
    assert not comes_from_us(Headers({"host": "hub.test", **sent}), scheme="http")


def test_behind_a_trusted_proxy_that_speaks_https_our_pages_may_too() -> None:
    sent = Headers({"host": "hub.test", "origin": "https://hub.test"})

    assert comes_from_us(sent, scheme="https")
