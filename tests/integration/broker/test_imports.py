"""A terminal is small: what it imports of the wire stays small too."""

import json
import subprocess
import sys

import pytest

from tests.fixtures.brokers import ROOT

LIST = "import sys, json; import {}; print(json.dumps(sorted(sys.modules)))"


def modules_after(imported: str) -> set[str]:
    listed = subprocess.run(
        [sys.executable, "-c", LIST.format(imported)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(listed.stdout))


def test_the_terminals_link_brings_neither_the_hubs_nor_a_broker() -> None:
    loaded = modules_after("broker.link.terminal_link")

    assert "aiomqtt" in loaded
    assert not {"broker.link.hub_link", "broker.embedded", "amqtt"} & loaded


def test_the_hubs_link_does_not_bring_the_terminals() -> None:
    assert not {"aiomqtt", "asyncio"} & modules_after("broker.link.hub_link")


@pytest.mark.parametrize("imported", ["broker.contract", "broker.link", "broker.embedded"])
def test_a_package_by_itself_brings_no_mqtt_library(imported: str) -> None:
    assert not {"paho", "aiomqtt", "amqtt", "broker.contract.asyncapi"} & modules_after(imported)
