"""What terminals fetch over HTTP, and the hub's health."""

import hashlib
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.builders.hub_records import CATALOGUE, PACK, SECRET
from tests.fixtures.browser import Site

HASH = hashlib.sha256(CATALOGUE).hexdigest()
PACK_HASH = hashlib.sha256(PACK).hexdigest()
PATH = f"/terminal/v1/snapshots/{HASH}"
SHOP = ("shop-1", SECRET)
Get = Callable[..., object]


def test_a_terminal_fetches_a_snapshot_whose_hash_is_its_name(client: TestClient) -> None:
    answer = client.get(PATH, auth=SHOP)

    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == HASH
    assert answer.headers["etag"] == f'"{HASH}"'
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "content_range", "body"),
    [
        ("bytes=0-4", "bytes 0-4/26", CATALOGUE[:5]),
        ("bytes=5-", "bytes 5-25/26", CATALOGUE[5:]),
        ("bytes=-3", "bytes 23-25/26", CATALOGUE[-3:]),
        ("bytes=20-9999", "bytes 20-25/26", CATALOGUE[20:]),
        ("bytes=-9999", "bytes 0-25/26", CATALOGUE),
    ],
)
def test_an_interrupted_download_goes_on_where_it_stopped(
    client: TestClient, wanted: str, content_range: str, body: bytes
) -> None:
    answer = client.get(PATH, auth=SHOP, headers={"Range": wanted})

    assert answer.status_code == 206
    assert answer.headers["content-range"] == content_range
    assert answer.headers["content-length"] == str(len(body))
    assert answer.content == body


@pytest.mark.parametrize("wanted", ["bytes=26-", "bytes=900-901", "bytes=-0"])
def test_a_range_past_the_end_is_named_as_such(client: TestClient, wanted: str) -> None:
    answer = client.get(PATH, auth=SHOP, headers={"Range": wanted})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */26"


@pytest.mark.parametrize(
    "wanted", ["bytes=3-1", "bytes=-", "lines=1-2", "bytes=0-1,3-4", "x", f"bytes={'9' * 5_000}-"]
)
def test_a_range_that_makes_no_sense_gets_the_whole(client: TestClient, wanted: str) -> None:
    answer = client.get(PATH, auth=SHOP, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (200, CATALOGUE)


def test_the_rest_of_another_version_is_never_given(client: TestClient) -> None:
    headers = {"Range": "bytes=5-", "If-Range": '"other"'}

    answer = client.get(PATH, auth=SHOP, headers=headers)

    assert (answer.status_code, answer.content) == (200, CATALOGUE)


def test_a_snapshot_that_the_terminal_has_is_not_sent_again(client: TestClient) -> None:
    answer = client.get(PATH, auth=SHOP, headers={"If-None-Match": f'"{HASH}"'})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "given", [None, ("shop-1", "wrong"), ("nobody", SECRET), ("shop-1", ""), ("शॉप", SECRET)]
)
def test_nobody_else_gets_one(client: TestClient, given: tuple[str, str] | None) -> None:
    answer = client.get(PATH, auth=given)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert CATALOGUE not in answer.content


def test_a_revoked_terminal_gets_nothing_more(client: TestClient, site: Site) -> None:
    site.shelves.revoke("shop-1")

    assert client.get(PATH, auth=SHOP).status_code == 401


@pytest.mark.parametrize(("digest", "status"), [("0" * 64, 404), ("x", 422), (HASH.upper(), 422)])
def test_a_snapshot_that_is_not_there_is_named_as_such(
    client: TestClient, digest: str, status: int
) -> None:
    assert client.get(f"/terminal/v1/snapshots/{digest}", auth=SHOP).status_code == status


def test_a_healthy_hub_says_so_to_anybody(client: TestClient) -> None:
    answer = client.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "faults": []})


def test_a_hub_without_its_broker_says_what_is_wrong(client: TestClient, site: Site) -> None:
    site.hub.ground.health = lambda: ["the broker is not connected"]

    answer = client.get("/health")

    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "faults": ["the broker is not connected"]}


LIST = f"/terminal/v1/lists/{HASH}/{PACK_HASH}"


def test_a_list_of_its_own_is_given_to_a_terminal_that_proves_who_it_is(
    client: TestClient,
) -> None:
    answer = client.get(f"{LIST}?most=4096", auth=SHOP)

    assert (answer.status_code, answer.content) == (200, CATALOGUE)
    assert (answer.headers["x-products"], answer.headers["x-left-out"]) == ("0", "0")
    assert answer.headers["cache-control"] == "private, no-store"
    assert client.get(f"{LIST}?most=4096", auth=("shop-1", "wrong")).status_code == 401
    assert client.get(f"{LIST}?most=4096").status_code == 401


def test_a_list_of_what_is_not_there_or_without_a_sensible_size_is_refused(
    client: TestClient,
) -> None:
    gone = "0" * 64

    for asked in ((gone, PACK_HASH), (HASH, gone), (PACK_HASH, HASH), (PACK_HASH, PACK_HASH)):
        path = "/".join(("/terminal/v1/lists", *asked))
        assert client.get(f"{path}?most=4096", auth=SHOP).status_code == 404, asked
    for most in ("", "?most=10", "?most=99999999", "?most=x"):
        assert client.get(LIST + most, auth=SHOP).status_code == 422, most
