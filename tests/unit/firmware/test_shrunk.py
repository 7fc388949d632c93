"""Private names are shortened before the firmware is compiled, and nothing else changes."""

import ast

import pytest

from firmware.build import modules, shrunk

SOURCE = '''"""Sells."""

_LONGEST_CODE = 4 * 1024  # bytes
_WORDS = ("_kept", "b")
PUBLIC = 3


class Shop:
    def __init__(self):
        self._order_lines = _first_of(_WORDS)
        self.total = _LONGEST_CODE


def _first_of(some):
    return some[0]
'''


def test_private_names_are_short_and_private_numbers_have_none() -> None:
    short = shrunk(SOURCE)

    assert short == (
        SOURCE.replace("_LONGEST_CODE = 4 * 1024", "_a = const(4 * 1024)")
        .replace("_LONGEST_CODE", "_a")
        .replace("_WORDS", "_b")
        .replace("_order_lines", "_c")
        .replace("_first_of", "_d")
    )


def test_a_module_whose_class_inherits_stays_as_it_is() -> None:
    source = SOURCE.replace("class Shop:", "class Shop(Counter):")

    assert shrunk(source) == source


@pytest.mark.parametrize("target", ["host", "armv6m"])
def test_every_module_has_as_many_different_names_as_before(target: str) -> None:
    for path in modules(target):
        before, after = path.read_text(), shrunk(path.read_text())

        assert len(before.splitlines()) == len(after.splitlines()), path
        assert len(_names(before)) == len(_names(after).difference({"const"})), path


def _names(source: str) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(source)):
        for field in ("id", "attr", "name", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                found.add(name)
    return found
