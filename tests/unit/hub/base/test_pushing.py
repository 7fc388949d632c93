"""Messages to browsers: closed as the standard's own example has it, and signed by the hub."""

import secrets

import pytest

from hub.base.jobs.pushing import (
    close_message,
    headers_of_push,
    new_key,
    public_point,
    read64,
    read_browser,
    write64,
)
from tests.builders.push_phones import PushPhone, signed_claims
from tests.builders.receivers import Received

POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
ONCE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
CLOSED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
"""The example of RFC 8291, section 5."""


def test_a_message_is_closed_as_in_the_standard_s_example() -> None:
    browser = read_browser(POINT, SECRET)
    assert browser is not None
    text = b"When I grow up, I want to be a watermelon"

    closed = close_message(text, browser, once=read64(ONCE), salt=read64(SALT))

    assert write64(closed) == CLOSED


def test_a_phone_opens_what_is_closed_for_it_and_knows_who_sent_it() -> None:
    phone, key = PushPhone("https://push.test:8443/one"), new_key()
    browser = read_browser(phone.device.point, phone.device.secret)
    assert browser is not None
    text = '{"body": "दुकान: ऑर्डर रोका गया"}'.encode()

    closed = close_message(text, browser, once=new_key(), salt=secrets.token_bytes(16))
    headers = headers_of_push(phone.endpoint, key, now_s=1_000, contact="mailto:hub@corner.test")
    sent = Received("/one", {name.lower(): value for name, value in headers.items()}, closed)

    assert phone.read(closed) == {"body": "दुकान: ऑर्डर रोका गया"}
    assert signed_claims(sent, write64(public_point(key))) == {
        "aud": "https://push.test:8443",
        "exp": 1_000 + 12 * 3_600,
        "sub": "mailto:hub@corner.test",
    }


@pytest.mark.parametrize(
    ("point", "secret"),
    [
        ("", ""),
        (POINT, ""),
        ("", SECRET),
        (POINT[:-4], SECRET),
        (POINT, SECRET + "AAAA"),
        ("A" * len(POINT), SECRET),
        ("B" + "x" * (len(POINT) - 1), SECRET),
        (POINT, "no base64 at all!!"),
        ("क" * 20, SECRET),
    ],
)
def test_what_are_no_keys_of_a_browser_is_none(point: str, secret: str) -> None:
    assert read_browser(point, secret) is None
