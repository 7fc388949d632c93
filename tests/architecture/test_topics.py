"""Changes are announced of declared topics, so that somebody can hear of them."""

import ast

import pytest

from tests.architecture.test_sizes import ROOT, tracked

pytestmark = pytest.mark.xdist_group("sources")

ANNOUNCING = {"changed", "publish"}
DECLARING = {"Broadcaster", "ChangeFeed", "declare"}


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, ast.Call]]:
    """Find all calls in the hub, each with its file."""
    return [
        (str(path.relative_to(ROOT)), node)
        for path in tracked("hub/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]


def name_of(call: ast.Call) -> str:
    """Name what is called, without what it hangs on."""
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def strings(nodes: list[ast.expr]) -> list[str]:
    """Give the texts that are written out."""
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_every_topic_that_is_announced_is_declared(calls: list[tuple[str, ast.Call]]) -> None:
    declared = {
        topic for _, call in calls if name_of(call) in DECLARING for topic in strings(call.args)
    } | {
        topic
        for _, call in calls
        for keyword in call.keywords
        if keyword.arg == "topics" and isinstance(keyword.value, ast.Dict)
        for topic in strings([key for key in keyword.value.keys if key is not None])
    }

    announced = [
        (f"{path}:{call.lineno}", topic)
        for path, call in calls
        if name_of(call) in ANNOUNCING
        for topic in strings(call.args)
    ]

    assert announced
    assert [place for place, topic in announced if topic not in declared] == []
