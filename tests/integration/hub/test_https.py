"""HTTPS in a shop's own network: certificates, who is trusted for what, and the pages over it."""

import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cryptography import x509

from hub.run.bootstrap import Hub, build_hub, frame_of
from hub.run.config import Settings
from hub.run.https.certificates import (
    HttpsError,
    make_certificates,
    read_certificates,
    renewed,
    safe_pages,
)
from hub.web.app import create_app
from hub.web.serving.server import SafePort, WebServer
from tests.builders.hub_commands import run_hub
from tests.builders.hub_records import Shelves
from tests.builders.page_client import PageClient
from tests.fixtures.databases import begin_folder

NAMES = ("127.0.0.1", "hub.local")
DAY_MS = 24 * 60 * 60_000


@pytest.fixture
def hub(tmp_path: Path, sqlite_template: Path) -> Iterator[Hub]:
    """Give a hub with a distributor."""
    made = build_hub(Settings(folder=begin_folder(tmp_path / "hub", sqlite_template)))
    Shelves(made.ground.database).distributor()
    yield made
    made.close()


def test_a_phone_that_trusts_the_authority_reaches_the_pages_and_another_does_not(
    hub: Hub,
) -> None:
    folder = hub.settings.folder
    made = make_certificates(folder, NAMES, now_ms=hub.ground.clock.now_ms())
    app = create_app(frame_of(hub, safe=safe_pages(made, 8443)))
    safe = SafePort(0, made.certificate, made.key)
    server = WebServer(app, host="127.0.0.1", port=0, safe=safe)
    plain = server.start()
    try:
        trusting = ssl.create_default_context(cafile=str(made.authority))
        with urlopen(f"{server.safe_address}/sign-in", context=trusting) as answer:  # noqa: S310
            seen = answer.status
        with urlopen(f"{plain}/sign-in") as answer:  # noqa: S310
            beside = answer.status
        with pytest.raises(URLError, match="certificate verify failed"):
            urlopen(f"{server.safe_address}/sign-in")  # noqa: S310
    finally:
        server.stop()

    assert (seen, beside) == (200, 200)


def test_the_authority_vouches_for_its_names_and_private_addresses_alone(tmp_path: Path) -> None:
    make_certificates(tmp_path, NAMES, now_ms=0)
    authority = x509.load_pem_x509_certificate((tmp_path / "https" / "ca.crt").read_bytes())
    bounds = authority.extensions.get_extension_for_class(x509.NameConstraints)

    wider = make_certificates(tmp_path, ["till.hub.local", "10.1.2.3"], now_ms=0)
    with pytest.raises(HttpsError, match=r"may not vouch for bank\.example"):
        make_certificates(tmp_path, ["bank.example"], now_ms=0)
    with pytest.raises(HttpsError, match=r"may not vouch for 8\.8\.8\.8"):
        make_certificates(tmp_path, ["8.8.8.8"], now_ms=0)
    with pytest.raises(HttpsError, match="no name of a machine"):
        make_certificates(tmp_path, ["not a name"], now_ms=0)
    other = make_certificates(tmp_path, ["bank.example"], now_ms=0, anew=True)

    assert bounds.critical
    assert wider.names == ("till.hub.local", "10.1.2.3")
    assert other.fingerprint != wider.fingerprint


def test_a_certificate_is_made_anew_before_it_ends_by_the_authority_that_is_trusted(
    tmp_path: Path,
) -> None:
    first = make_certificates(tmp_path, NAMES, now_ms=0)

    same = renewed(tmp_path, now_ms=300 * DAY_MS)
    later = renewed(tmp_path, now_ms=350 * DAY_MS)

    assert same is not None
    assert later is not None
    assert same.until == first.until
    assert later.until > first.until
    assert (later.names, later.fingerprint) == (first.names, first.fingerprint)
    assert renewed(tmp_path / "nothing", now_ms=0) is None


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    made = make_certificates(tmp_path, NAMES, now_ms=0)

    modes = {stat.S_IMODE(one.stat().st_mode) for one in made.key.parent.iterdir()}

    assert modes == {0o600}
    assert stat.S_IMODE(made.key.parent.stat().st_mode) == 0o700


def test_the_page_for_phones_gives_the_authority_and_is_there_only_with_https(hub: Hub) -> None:
    made = make_certificates(hub.settings.folder, NAMES, now_ms=hub.ground.clock.now_ms())
    safe = safe_pages(made, 8443)
    with PageClient(create_app(frame_of(hub, safe=safe)), base_url="http://hub.local:80") as client:
        page, file = client.get("/https"), client.get("/https/ca.crt")
    with PageClient(create_app(frame_of(hub)), base_url="http://127.0.0.1") as client:
        without = [client.get(one).status_code for one in ("/https", "/https/ca.crt")]

    assert "https://hub.local:8443/" in page.text
    assert made.fingerprint in page.text
    assert x509.load_der_x509_certificate(file.content).subject is not None
    assert file.headers["content-type"] == "application/x-x509-ca-cert"
    assert without == [404, 404]


def test_the_command_makes_them_and_says_where_phones_go(tmp_path: Path) -> None:
    done = run_hub(tmp_path, "https", "hub.local", "192.168.1.20")
    again = run_hub(tmp_path, "https")
    refused = run_hub(tmp_path / "other", "https")

    assert done.returncode == 0
    assert "http://hub.local:8080/https" in done.stdout
    assert again.returncode == 0
    assert "hub.local, 192.168.1.20" in again.stdout
    assert refused.returncode == 2
    assert "name the hub as phones reach it" in refused.stderr
    found = read_certificates(tmp_path)
    assert found is not None
    assert found.fingerprint in done.stdout
