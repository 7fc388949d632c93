"""Rows are read in somebody's scope, and changes are announced of declared topics."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.test_sizes import ROOT, tracked

pytestmark = pytest.mark.xdist_group("sources")

UNSCOPED: dict[str, str] = {
    "hub/desk/parties/reads/distributor.py read_distributor": "every page says who runs the hub",
    "hub/desk/parties/reads/distributor.py scope_of": "makes the scope",
    "hub/desk/people/reads/users.py list_factor_roles": "roles are of the whole network",
    "hub/desk/products/reads/snapshots.py read_body": "found by its hash alone",
    "hub/desk/rulepacks/reads.py list_packs": "rule packs are of the whole network",
    "hub/desk/rulepacks/reads.py read_files": "rule packs are of the whole network",
    "hub/desk/rulepacks/reads.py read_pack_version": "rule packs are of the whole network",
    "hub/desk/rulepacks/reads.py read_rule_texts": "rule packs are of the whole network",
    "hub/desk/rulepacks/reads.py read_scheme_names": "rule packs are of the whole network",
    "hub/desk/rulepacks/reads.py read_scheme_terms": "rule packs are of the whole network",
    "hub/desk/rulepacks/reads.py read_shadow": "rule packs are of the whole network",
    "hub/desk/terminals/reads/snapshots.py read_ordered": "asked for by a terminal, of its shop",
    "hub/desk/terminals/reads/snapshots.py read_secret": "asked for by a terminal, of itself",
    "hub/desk/terminals/reads/snapshots.py read_secrets": "asked for by a terminal, of itself",
    "hub/desk/terminals/reads/snapshots.py read_snapshot": "found by its hash alone",
    "hub/desk/terminals/reads/terminals.py read_up_to_date": "what all terminals should have",
}
"""Reads that take no scope, each with its reason; the list only shrinks."""

DOORS = frozenset({"Connection", "Database", "Transaction"})
"""What a function needs to read rows."""

ALL_ROWS = re.compile(
    r"hub/(run/|base/(access\.py|jobs/)|desk/\w+/(promises|commands|parts)(/|\.py))"
)
"""Where `EVERYTHING` may stand: where nobody in particular asks, or who runs the hub at its own
command line."""


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Parse the hub's modules."""
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text()) for p in tracked("hub/*.py")}


def takes_door(function: ast.FunctionDef) -> bool:
    """See that a function is given the means to read rows."""
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(ast.unparse(one.annotation) in DOORS for one in named if one.annotation)


def keeps_door(kept: ast.ClassDef) -> bool:
    """See that the objects of a class hold the means to read rows."""
    fields = [ast.unparse(one.annotation) for one in kept.body if isinstance(one, ast.AnnAssign)]
    makers = [
        one for one in kept.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"
    ]
    return any(map(takes_door, makers)) or not DOORS.isdisjoint(fields)


def public_reads(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Give the functions, and methods of classes, by which a module lets others read rows."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        held = isinstance(node, ast.ClassDef) and keeps_door(node)
        for one in inside:
            if not isinstance(one, ast.FunctionDef) or one.name.startswith("_"):
                continue
            if held or takes_door(one):
                yield one


def takes_scope(function: ast.FunctionDef) -> bool:
    """See that a function is told in whose scope it reads, by keyword and without a default."""
    arguments = function.args
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if argument.arg == "scope":
            annotation = ast.unparse(argument.annotation) if argument.annotation else ""
            return annotation == "Scope" and default is None
    return False


def unscoped(trees: dict[str, ast.Module]) -> set[str]:
    """List the public reads of nouns that take no scope."""
    return {
        f"{path} {function.name}"
        for path, tree in trees.items()
        if re.match(r"hub/desk/\w+/reads(/|\.py)", path)
        for function in public_reads(tree)
        if not takes_scope(function)
    }


def test_every_public_read_of_a_noun_takes_a_scope(trees: dict[str, ast.Module]) -> None:
    assert unscoped(trees) - UNSCOPED.keys() == set()


def test_a_read_that_has_got_its_scope_is_no_exception_any_more(
    trees: dict[str, ast.Module],
) -> None:
    listed = {entry for entry in UNSCOPED if entry.split()[0] in trees}

    assert listed - unscoped(trees) == set()


@pytest.mark.parametrize(
    "written",
    [
        "def read_orders(connection: Connection): ...",
        "def read_orders(connection: Connection, scope: Scope): ...",
        "def read_orders(connection: Connection, *, scope: Scope = EVERYTHING): ...",
        "def read_orders(connection: Connection, *, scope: str): ...",
        "class Orders:\n    database: Database\n    def all(self): ...",
        "class Orders:\n    def __init__(self, database: Database): ...\n    def all(self): ...",
        "class Orders:\n    def all(self, connection: Connection): ...",
    ],
)
def test_a_read_that_could_forget_its_scope_is_found(written: str) -> None:
    assert unscoped({"hub/desk/orders/reads/lists.py": ast.parse(written)})


@pytest.mark.parametrize(
    "written",
    [
        "def read_orders(connection: Connection, *, scope: Scope): ...",
        "def _rows(connection: Connection): ...",
        "class Row:\n    @property\n    def number(self): ...",
        "def orders_of(scope: Scope): ...",
    ],
)
def test_what_is_scoped_or_reads_no_rows_is_not_found(written: str) -> None:
    assert unscoped({"hub/desk/orders/reads.py": ast.parse(written)}) == set()


def test_all_rows_are_read_only_where_nobody_in_particular_asks(
    trees: dict[str, ast.Module],
) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees.items()
        if not ALL_ROWS.match(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "EVERYTHING"
    ]

    assert found == []
