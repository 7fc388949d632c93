"""Webhooks without a database: signatures, pauses, addresses, and which addresses are inside."""

import base64
import hashlib
import hmac
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.jobs.posting import PostError, WebPost, is_outside
from hub.desk.webhooks.model import (
    PAUSES_MS,
    fault_of,
    headers_of,
    is_secret,
    pause_ms,
    sign,
    write_secret,
)


def test_a_message_is_signed_as_the_public_form_says() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body=body)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 2**40))
def test_while_two_secrets_hold_either_proves_a_message(
    drawn: bytes, body: bytes, at_s: int
) -> None:
    new, old = write_secret(drawn), write_secret(drawn[::-1])

    headers = headers_of("msg_1", at_s, body=body, secrets=(new, old))

    def proof(key: bytes) -> str:
        signed = f"msg_1.{at_s}.".encode() + body
        return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

    assert is_secret(new)
    assert headers["webhook-id"] == "msg_1"
    assert headers["webhook-timestamp"] == str(at_s)
    assert headers["webhook-signature"].split(" ") == [proof(drawn), proof(drawn[::-1])]


@given(st.integers(1, 50), st.text(max_size=20))
def test_pauses_grow_are_spread_and_end_at_half_a_day(failures: int, key: str) -> None:
    base = PAUSES_MS[min(failures, len(PAUSES_MS)) - 1]

    assert base * 4 // 5 <= pause_ms(failures, key) <= base * 6 // 5
    assert max(PAUSES_MS) == 12 * 3_600_000


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://erp.example.com/in?key=1", None),
        ("http://erp.local:8080", None),
        ("ftp://erp.example.com", "webhook_address"),
        ("https://asha:word@erp.example.com", "webhook_address"),
        ("https:///in", "webhook_address"),
        ("https://erp.example.com/#part", "webhook_address"),
        ("https://erp.example.com/a b", "webhook_address"),
        ("https://erp.example.com:99999", "webhook_address"),
        ("https://erp.example.com/\r\nHost: x", "webhook_address"),
        ("https://" + "a" * 500, "webhook_address"),
    ],
)
def test_an_address_is_one_that_can_be_posted_to(url: str, code: str | None) -> None:
    fault = fault_of("ERP", url, ("order.placed",))

    assert (fault and fault[1]) == code


def test_an_endpoint_names_kinds_that_there_are() -> None:
    assert fault_of("ERP", "https://erp.example.com", ()) == ("kinds", "webhook_kinds")
    assert fault_of("ERP", "https://erp.example.com", ("x",)) == ("kinds", "webhook_kinds")
    assert fault_of(" ", "https://erp.example.com", ("order.placed",)) == ("name", "webhook_name")


@pytest.mark.parametrize(
    "inside",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.1.2.3"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"),
    ],
)
def test_an_address_inside_the_house_is_known_in_every_form(inside: str) -> None:
    assert not is_outside(ipaddress.ip_address(inside))


@pytest.mark.parametrize("outside", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_outside(outside: str) -> None:
    assert is_outside(ipaddress.ip_address(outside))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1:1/in", "inside: 127.0.0.1"),
        ("https://[::1]/in", "inside: ::1"),
        ("https://localhost/in", "inside: "),
        ("https://2130706433/in", "inside: 127.0.0.1"),
        ("https://nobody.invalid/in", "unknown: nobody.invalid"),
        ("http://8.8.8.8/in", "plain: http"),
    ],
)
def test_nothing_is_posted_to_where_it_may_not_go(url: str, why: str) -> None:
    with pytest.raises(PostError, match=why):
        WebPost().post(url, b"{}", {})
