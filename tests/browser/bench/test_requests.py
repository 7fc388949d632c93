"""Who may do what on a bench, over HTTP."""

import http.client
from urllib.parse import urlsplit

import pytest

from tests.fixtures.benches import Bench
from tests.fixtures.printers import PATIENCE_S


def ask(bench: Bench, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """Send one request with these headers, and no other Origin or Host."""
    where = urlsplit(bench.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE_S)
    body = b"8901719101038" if method == "POST" else None
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("path", ["/scan", "/tear", "/printer/paper_out/on", "/network/on"])
@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.test"}, {"Origin": "null"}])
def test_another_page_in_the_same_browser_cannot_use_the_bench(
    bench: Bench, path: str, headers: dict[str, str]
) -> None:
    answer = ask(bench, "POST", path, **headers)

    assert answer.status == 403
    assert bench.counter.codes == []
    assert bench.printer.faults == frozenset()
    assert not bench.network.is_cut


def test_a_foreign_name_that_points_here_gets_nothing(bench: Bench) -> None:
    answer = ask(bench, "GET", "/bench.json", Host="elsewhere.test")

    assert answer.status == 403


@pytest.mark.parametrize("path", ["/", "/bench.json", "/static/bench.js", "/paper/99.png"])
def test_every_answer_forbids_scripts_from_elsewhere(bench: Bench, path: str) -> None:
    policy = ask(bench, "GET", path).getheader("Content-Security-Policy") or ""

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/paper/0.png", "/paper/7.txt", "/paper/1/0.png", "/paper/x.png", "/nothing"]
)
def test_paper_that_is_not_there_is_not_found(bench: Bench, path: str) -> None:
    assert ask(bench, "GET", path).status in {404, 422}
