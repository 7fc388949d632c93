"""The portal of e-invoices as a hub is told of it: off by default, and nothing in the open."""

from datetime import date
from pathlib import Path

import pytest

from hub.base.jobs.calling import UnreachableError, WebHost
from hub.run.config import ConfigError, Settings
from hub.run.config.portal import read_portal
from simulators.portal.signing import make_signer

CREDENTIALS = """
[heads]
client_id = "c-1"
client_secret = "s-1"

[paths]
cancel = "/gateway/cancel"
"""

_BROKEN_KEY = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
_OTHER_KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n"
)


def settings(folder: Path, **said: str) -> Settings:
    """Write settings of a hub in a folder."""
    return Settings(folder=folder, **said)  # type: ignore[arg-type]


def test_nothing_is_sent_anywhere_by_default(tmp_path: Path) -> None:
    host, terms = read_portal(settings(tmp_path))

    assert (host.url, terms.is_on) == ("", False)


def test_credentials_come_from_a_file_and_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "portal.toml").write_text(CREDENTIALS)
    said = settings(
        tmp_path,
        einvoice_url="https://gateway.test/api",
        einvoice_credentials="portal.toml",
        einvoice_since="2026-12-01",
        einvoice_eway="yes",
    )

    host, terms = read_portal(said)

    assert host.heads == {"client_id": "c-1", "client_secret": "s-1"}
    assert "s-1" not in repr(host)
    assert (terms.since, terms.eway) == (date(2026, 12, 1), True)
    assert terms.paths == {"cancel": "/gateway/cancel"}


@pytest.mark.parametrize(
    ("written", "said", "wrong"),
    [
        ("", {"einvoice_url": "http://gateway.test"}, "in the open"),
        ("", {"einvoice_url": "gateway.test"}, "begins with https"),
        ("", {"einvoice_credentials": "none.toml"}, "none.toml"),
        ("[heads", {"einvoice_credentials": "portal.toml"}, "portal.toml"),
        ("[heads]\nclient_id = 7", {"einvoice_credentials": "portal.toml"}, "names with texts"),
        ('[heads]\nx = "a\\nb"', {"einvoice_credentials": "portal.toml"}, "names with texts"),
        ('[others]\nx = "y"', {"einvoice_credentials": "portal.toml"}, "others"),
        ('[paths]\nsend = "/x"', {"einvoice_credentials": "portal.toml"}, "paths.send"),
        ("", {"einvoice_key": "none.pem"}, "none.pem"),
        ("x = 1", {"einvoice_key": "portal.toml"}, "no key and no certificate"),
        (_BROKEN_KEY, {"einvoice_key": "portal.toml"}, "einvoice_key"),
        (_OTHER_KEY, {"einvoice_key": "portal.toml"}, "signs with RSA"),
        ("", {"einvoice_since": "tomorrow"}, "tomorrow"),
        ("", {"einvoice_eway": "perhaps"}, "perhaps"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(
    tmp_path: Path, written: str, said: dict[str, str], wrong: str
) -> None:
    (tmp_path / "portal.toml").write_text(written)

    with pytest.raises(ConfigError, match=wrong):
        read_portal(settings(tmp_path, **{"einvoice_url": "https://gateway.test", **said}))


def test_keys_come_from_a_file_of_keys_and_certificates(tmp_path: Path) -> None:
    keys = [make_signer()[1] for _ in range(2)]
    (tmp_path / "portal.pem").write_text("valid from 2026\n" + "".join(keys))
    at = {"einvoice_url": "https://gateway.test", "einvoice_key": "portal.pem"}

    said = settings(tmp_path, **at)

    assert [one.exponent for one in read_portal(said)[1].keys] == [65537, 65537]
    assert said.named_files == (tmp_path / "portal.pem",)


def test_a_portal_that_nobody_listens_at_is_unreachable() -> None:
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1"):
        WebHost("http://127.0.0.1:9").call("GET", "/x")
