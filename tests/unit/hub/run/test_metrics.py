"""What a process tells of itself is what Prometheus reads; the doctor says what to do."""

import http.client
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hub.base.commands import CommandError
from hub.run.config import Settings
from hub.run.operating.doctor import look_into
from hub.run.operating.metrics import Figure, MetricsServer, figures_of_process, write_figures

LINE = re.compile(r'[a-z_]+\{role="intake"\} [0-9.e+-]+')


@pytest.fixture
def served() -> Iterator[tuple[str, list[str]]]:
    """Serve one figure and a health that the test may spoil."""
    faults: list[str] = []
    figure = Figure("orderwire_orders_total", "counter", "Orders.", lambda: 12)
    server = MetricsServer("intake", [figure], lambda: faults)
    yield server.start("127.0.0.1", 0), faults
    server.stop()


def get(url: str, path: str) -> tuple[int, str]:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_every_figure_has_its_help_its_type_and_a_number() -> None:
    written = write_figures(figures_of_process(), "intake").splitlines()

    assert written
    assert all(line.startswith("# HELP ") for line in written[0::3])
    assert all(line.startswith("# TYPE ") for line in written[1::3])
    assert all(LINE.fullmatch(line) for line in written[2::3])


def test_a_million_orders_are_counted_to_the_last() -> None:
    figure = Figure("orderwire_orders_total", "counter", "Orders.", lambda: 12_345_678)

    assert write_figures([figure], "intake").endswith('{role="intake"} 12345678\n')


def test_figures_and_health_are_served_and_nothing_else(
    served: tuple[str, list[str]],
) -> None:
    url, faults = served

    assert 'orderwire_orders_total{role="intake"} 12' in get(url, "/metrics")[1]
    assert get(url, "/health")[0] == HTTPStatus.OK
    faults.append("the broker is not connected")
    status, told = get(url, "/health")
    assert (status, "the broker is not connected" in told) == (503, True)
    assert get(url, "/etc/passwd")[0] == HTTPStatus.NOT_FOUND


def test_a_port_that_is_taken_is_told_with_the_setting(served: tuple[str, list[str]]) -> None:
    port = urlsplit(served[0]).port
    assert port is not None

    with pytest.raises(CommandError, match="set metrics_port"):
        MetricsServer("web", [], list).start("127.0.0.1", port)


def test_the_doctor_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    missing = Settings(tmp_path / "none", broker_host="127.0.0.1", broker_port=1)

    found = {one.what: one for one in look_into(missing)}

    assert {what for what, one in found.items() if one.state == "fault"} == {
        "folder",
        "database",
        "broker",
    }
    assert all(one.fix for one in found.values() if one.state != "ok")
    assert not missing.folder.exists()
