"""The doors of the database, and the shape of acts: what no import contract can tell."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.test_sizes import ROOT, tracked

pytestmark = pytest.mark.xdist_group("sources")

Trees = Mapping[str, ast.Module]

DOORS: Final = {
    "commit": ({"commit"}, re.compile(r"hub/(base/|desk/\w+/acts(/|\.py))")),
    "cursor": (
        {"cursor", "exec_driver_sql", "driver_connection"},
        re.compile(r"hub/(base/|desk/orders/deciding(/|\.py))"),
    ),
}
"""Attribute names of the database, and the places where they may stand."""
ACTS: Final = re.compile(r"hub/desk/\w+/acts(/|\.py)")


def wrong_doors(trees: Trees, door: str) -> list[str]:
    """Name the places where a door of the database stands, and may not."""
    names, allowed = DOORS[door]
    return [
        f"{path}:{node.lineno}"
        for path, tree in trees.items()
        if path.startswith("hub/") and not allowed.match(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def commits(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Find every mention of a commit."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield node


def last_commits(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Find the commits that are called as the last statement of a `with` block."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.With):
            continue
        last = node.body[-1]
        if (
            isinstance(last, ast.Expr)
            and isinstance(last.value, ast.Call)
            and isinstance(last.value.func, ast.Attribute)
            and last.value.func.attr == "commit"
        ):
            yield last.value.func


def early_commits(trees: Trees) -> list[str]:
    """Name the commits in acts behind which their transaction goes on."""
    return [
        f"{path}:{node.lineno}"
        for path, tree in trees.items()
        if ACTS.match(path)
        for node in set(commits(tree)) - set(last_commits(tree))
    ]


def deciding_places(paths: Iterable[str]) -> set[str]:
    """Name the nouns that have a room where orders are decided."""
    found = (re.match(r"hub/desk/(\w+)/deciding(/|\.py)", path) for path in paths)
    return {match[1] for match in found if match}


@pytest.fixture(scope="module")
def trees() -> Trees:
    """Parse each module of the hub once."""
    found = {str(p.relative_to(ROOT)): ast.parse(p.read_text()) for p in tracked("hub/*.py")}
    assert "hub/desk/orders/acts/place_order.py" in found
    return found


@pytest.mark.parametrize("door", DOORS)
def test_a_door_of_the_database_stands_only_where_it_may(door: str, trees: Trees) -> None:
    assert wrong_doors(trees, door) == []


def test_a_commit_is_the_last_thing_that_an_act_does_in_its_transaction(trees: Trees) -> None:
    assert early_commits(trees) == []


def test_only_orders_are_decided(trees: Trees) -> None:
    assert deciding_places(trees) == {"orders"}


PLANTED: Final = {
    "hub/desk/orders/store.py": "def f(t): t.commit()",
    "hub/run/serve.py": "def f(c): c.commit()",
    "hub/web/site.py": "def f(c): c.exec_driver_sql('SELECT 1')",
    "hub/desk/stock/store.py": "def f(c): return c.connection.cursor()",
    "hub/desk/stock/reads.py": "def f(c): return c.driver_connection",
    "hub/desk/orders/acts/good.py": "def f(ts):\n with ts.open() as t:\n  t.write()\n  t.commit()",
    "hub/desk/orders/acts/early.py": "def f(ts):\n with ts.open() as t:\n  t.commit()\n  t.write()",
    "hub/desk/orders/acts/some.py": "def f(ts):\n with ts.open() as t:\n  if t:\n   t.commit()",
    "hub/desk/orders/acts/bare.py": "def f(t):\n t.commit()",
    "hub/desk/orders/acts/passed.py": "def f(t):\n t.before(t.commit)",
    "hub/desk/orders/deciding/rows.py": "def f(c): return c.cursor()",
    "hub/base/engine/database.py": "def f(c):\n c.cursor()\n c.commit()",
}
"""Modules with doors, in the right and in the wrong places."""


@pytest.mark.parametrize(
    ("door", "places"),
    [
        ("commit", ["hub/desk/orders/store.py:1", "hub/run/serve.py:1"]),
        (
            "cursor",
            ["hub/web/site.py:1", "hub/desk/stock/store.py:1", "hub/desk/stock/reads.py:1"],
        ),
    ],
)
def test_a_planted_door_is_reported(door: str, places: list[str]) -> None:
    planted = {path: ast.parse(text) for path, text in PLANTED.items()}

    assert wrong_doors(planted, door) == places


def test_a_planted_commit_that_is_not_last_is_reported() -> None:
    planted = {path: ast.parse(text) for path, text in PLANTED.items()}

    assert [Path(place).stem for place in early_commits(planted)] == [
        "early",
        "some",
        "bare",
        "passed",
    ]


@pytest.mark.parametrize("path", ["hub/desk/stock/deciding.py", "hub/desk/stock/deciding/rows.py"])
def test_a_planted_room_for_deciding_is_reported(path: str) -> None:
    assert deciding_places(["hub/desk/orders/deciding/rows.py", path]) == {"orders", "stock"}
